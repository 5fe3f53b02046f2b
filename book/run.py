#!/usr/bin/env python3
"""Builds and checks the documentation: `python3 book/run.py`, with the program to ask in ROLECALL.

Its steps, one file each; `run.py write` writes the generated pages anew and stops there:

  tests      a broken link, an anchor that is gone and a line that is not printed are found    test_*.py
  reference  the generated pages are those of this program                                   reference.py
  mdbook     docs/ becomes a site, in `book` of the target folder
  links      every link and anchor of the site, and of other Markdown, leads somewhere           links.py
  consoles   the commands of the tour and the guides print what is shown                       console.py

It makes itself a virtual environment with the pinned mdBook of requirements.txt (in `book-tools` of the target
folder), so that a Python is all it needs.
"""

import os
import subprocess
import sys
import venv
from pathlib import Path

BOOK = Path(__file__).resolve().parent
ROOT = BOOK.parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR") or ROOT / "target")


def mdbook() -> Path:
    """The program mdBook; its environment is made anew when the requirements changed."""
    home = TARGET / "book-tools"
    wanted = (BOOK / "requirements.txt").read_text()
    made_for = home / "requirements.txt"
    if not (made_for.exists() and made_for.read_text() == wanted):
        print(f"making {home}", flush=True)
        venv.create(home, with_pip=True, clear=True)
        quiet = ["--quiet", "--disable-pip-version-check", "--require-hashes", "--only-binary=:all:"]
        subprocess.run(
            [home / "bin/python", "-m", "pip", "install", *quiet, "-r", BOOK / "requirements.txt"], check=True)
        made_for.write_text(wanted)
    return home / "bin/mdbook"


def main() -> int:
    writes = sys.argv[1:] == ["write"]
    if sys.argv[1:] and not writes or "ROLECALL" not in os.environ:
        print(__doc__, file=sys.stderr)
        return 2
    site = TARGET / "book"
    python, word = sys.executable, ["write"] if writes else []
    steps = [[python, BOOK / "reference.py", *word]]
    if not writes:
        tests = [[python, test] for test in sorted(BOOK.glob("test_*.py"))]
        steps = [*tests, *steps, [mdbook(), "build", BOOK, "--dest-dir", site], [python, BOOK / "links.py", site],
                 [python, BOOK / "console.py"]]
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    failed = []
    for step in steps:
        name = " ".join(Path(word).name for word in step if word != python)
        print(f"--- {name}", flush=True)
        if subprocess.run(step, cwd=ROOT, env=env).returncode:
            failed.append(name)
    print(f"--- failed: {', '.join(failed)}" if failed else "--- written" if writes else f"--- {site}/index.html")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
