#!/usr/bin/env python3
"""Holds findings in every form against the schemas of those who defined it: `validate.py FOLDER`.

The folder is written by the example `samples` of `rolecall-outputs`. Every fault is a line; any makes this fail.
"""

import json
import sys
from pathlib import Path

import asff
import ocsf
import own
import ticket

# What must be in the folder, and who judges a line of it, or the whole text.
JUDGES = {
    "finding.v1.jsonl": own.faults,
    "ocsf.jsonl": ocsf.faults,
    "asff.jsonl": asff.faults,
    "asff-largest.jsonl": asff.faults,
    "ticket.md": ticket.faults,
}


def faults_of(name: str, text: str) -> list[str]:
    """What is wrong with a file: a line for each fault."""
    judge = JUDGES[name]
    if not name.endswith(".jsonl"):
        return [f"{name}: {fault}" for fault in judge(text)]
    lines = [line for line in text.split("\n") if line]
    found = [] if lines else [f"{name}: it is empty"]
    for number, line in enumerate(lines, 1):
        found += [f"{name}:{number}: {fault}" for fault in judge(json.loads(line))]
    return found


def main() -> int:
    folder = Path(sys.argv[1])
    found = []
    for name in JUDGES:
        text = (folder / name).read_text()
        faults = faults_of(name, text)
        print(f"{name}: {text.count(chr(10))} lines, {len(faults)} faults")
        found += faults
    for fault in found[:50]:
        print(f"  {fault}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
