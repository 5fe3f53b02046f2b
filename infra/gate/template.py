"""Judges a template: the transformation, cfn-lint on its result, and our own rules."""

import json
import sys

from cfnlint.api import ManualArgs, lint

import rules
import rules_access
import rules_metrics
import settings
from transform import TEMPLATE, Refused, transformed


def broken_rules(template: dict) -> list[tuple[str, str]]:
    """Which of our rules a transformed template breaks, and how."""
    every = rules.RULES + rules_access.RULES + rules_metrics.RULES + [settings.variables]
    return [(rule.__name__, flaw) for rule in every for flaw in rule(template)]


def linted(template: dict) -> list[tuple[str, str]]:
    """What cfn-lint says of a transformed template."""
    matches = lint(json.dumps(template, indent=1), config=ManualArgs(regions=["us-east-1", "eu-central-1"]))
    return [(match.rule.id, match.message) for match in matches]


def main() -> int:
    bad = 0
    for path in [TEMPLATE, TEMPLATE.with_name("poll-role.yaml"), TEMPLATE.with_name("athena.yaml")]:
        text, whole = path.read_text(), path == TEMPLATE
        try:
            template = transformed(text)
        except Refused as refused:
            print(f"{path.name}: transform: {refused}")
            bad += 1
            continue
        flaws = linted(template) + (broken_rules(template) if whole else [])
        print(f"{path.name}: {len(template['Resources'])} resources, {len(flaws)} flaws")
        for by, flaw in flaws:
            print(f"  {by}: {flaw}")
        bad += len(flaws)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
