#!/usr/bin/env python3
"""Runs the commands that the documentation shows, and compares what they print with what is shown.

In a fenced block called `console`, `$ ` begins a command, `> ` goes on with it, and other lines are what it prints,
on both channels. `…` stands for the rest of a line, or alone for any number of lines; nothing else may be left out.
Every command must end with 0. A page begins in an empty folder, and `export NAME=value` holds until its end.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def commands(markdown: str) -> list[tuple[str, list[str]]]:
    """Each command of a page, with the lines shown below it."""
    found = []
    for block in re.findall(r"^```console\n(.*?)^```", markdown, re.DOTALL | re.MULTILINE):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            elif line.startswith("> ") and not found[-1][1]:
                found[-1] = (f"{found[-1][0]}\n{line[2:]}", [])
            else:
                found[-1][1].append(line.rstrip())
    return found


def fits(printed: str, shown: list[str]) -> bool:
    """Whether the lines shown are what was printed, but for what `…` leaves out."""
    pattern = "".join(
        r"(?:[^\n]*\n)*?" if line.strip() == "…" else re.escape(line).replace("…", r"[^\n]*") + r"[ ]*\n"
        for line in shown)
    return re.fullmatch(pattern, printed if printed.endswith("\n") or not printed else printed + "\n") is not None


def flaws(page: Path, program: Path) -> list[str]:
    """What the commands of a page do otherwise than it says, as texts."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        tools = Path(folder, "bin")
        work = Path(folder, "work")
        tools.mkdir()
        work.mkdir()
        (tools / "rolecall").symlink_to(program)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ROLECALL")}
        env = {**kept, "PATH": f"{tools}:{os.environ['PATH']}", "NO_COLOR": "1", "LC_ALL": "C.UTF-8"}
        for command, shown in commands(page.read_text()):
            if export := re.fullmatch(r"export (\w+)=(\S+)", command):
                env[export[1]] = export[2]
                continue
            done = subprocess.run(["bash", "-c", command], cwd=work, env=env, text=True, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            if done.returncode:
                found.append(f"{page}: `{command}` ended with {done.returncode}:\n{done.stdout}")
            elif not fits(done.stdout, shown):
                found.append(f"{page}: `{command}` printed\n{done.stdout}and not\n" + "\n".join(shown))
    return found


def main() -> int:
    program = Path(os.environ["ROLECALL"]).resolve()
    pages = [Path(name) for name in sys.argv[1:]] or sorted((ROOT / "docs").rglob("*.md"))
    found = [flaw for page in pages for flaw in flaws(page, program)]
    for flaw in found:
        print(flaw, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
