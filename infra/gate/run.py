#!/usr/bin/env python3
"""The gate over infra/ and queries/: `python3 infra/gate/run.py` says what is wrong, and fails if anything is.

It makes itself a virtual environment with the pinned packages of requirements.txt (in ROLECALL_GATE_VENV, or in
target/gate), so that a Python is all it needs. Its steps, one file each:

  transform   the SAM template becomes CloudFormation, as AWS would make it      transform.py
  cfn-lint    on that result, where it sees far more than in the source
  rules       what cfn-lint does not know                                        rules*.py, settings.py
  planted     mistakes, each of which one of the above must catch                planted.py
  tests       of these steps, of the costs, of the bundles                       test_*.py
  pages       docs/permissions.md, docs/reference/settings.md and docs/athena.md
              are those of today                                                permissions.py, settings.py, portable.py
  queries     every query is Trino SQL once its functions are replaced           portable.py

`run.py write` writes the generated files anew: those pages, and infra/athena.yaml.
"""

import os
import subprocess
import sys
import venv
from pathlib import Path

GATE = Path(__file__).resolve().parent
ROOT = GATE.parent.parent


def home() -> Path:
    """Where the virtual environment lies."""
    given = os.environ.get("ROLECALL_GATE_VENV")
    target = Path(os.environ.get("CARGO_TARGET_DIR") or ROOT / "target")
    return Path(given) if given else target / "gate"


def prepared(home: Path) -> Path:
    """The Python of the environment, which is made anew when the requirements changed."""
    python = home / "bin" / "python"
    wanted = (GATE / "requirements.txt").read_text()
    made_for = home / "requirements.txt"
    if not (python.exists() and made_for.exists() and made_for.read_text() == wanted):
        print(f"making {home}")
        venv.create(home, with_pip=True, clear=True)
        quiet = ["--quiet", "--disable-pip-version-check"]
        subprocess.run([python, "-m", "pip", "install", *quiet, "-r", GATE / "requirements.txt"], check=True)
        made_for.write_text(wanted)
    return python


def main() -> int:
    writes = sys.argv[1:] == ["write"]
    if sys.argv[1:] and not writes:
        print(__doc__, file=sys.stderr)
        return 2
    python = prepared(home())
    # No step talks to AWS; the transformation wants a region all the same.
    env = {**os.environ, "AWS_DEFAULT_REGION": "us-east-1", "PYTHONDONTWRITEBYTECODE": "1"}
    word = ["write"] if writes else []
    steps = [["permissions.py", *word], ["settings.py", *word], ["portable.py", *word]]
    if not writes:
        tests = [[test.name] for test in sorted(GATE.glob("test_*.py"))]
        steps = [["template.py"], ["planted.py"], *tests, *steps]
    failed = []
    for step in steps:
        print(f"--- {' '.join(step)}", flush=True)
        if subprocess.run([python, GATE / step[0], *step[1:]], cwd=ROOT, env=env).returncode:
            failed.append(step[0])
    print(f"--- the gate is shut: {', '.join(failed)}" if failed else "--- the gate is open")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
