"""Makes docs/permissions.md of the roles in the template, or with no argument checks that it is current.

The reasons stand in the template itself, under `Metadata: Why:` of each role, by the Sid of the statement.
"""

import sys
from pathlib import Path

from least_privilege import BY_AWS
from look import either, resources
from transform import TEMPLATE, transformed

PAGE = TEMPLATE.parent.parent / "docs" / "permissions.md"

HEAD = """\
# Permissions

What each function of rolecall may do, and why. Made of `infra/template.yaml` by `infra/gate/run.py write`; the gate
fails when it is not current, and when an action or a resource is wider than it must be. `${Name}` stands for a
resource or parameter of the template.
"""

TAIL = """\
## Nothing more

- No role has a managed policy, and no policy allows an action with `*`.
- The only statement for every resource is `cloudtrail:LookupEvents`, for which CloudTrail knows none.
- Every use of a key goes through one service (`kms:ViaService`), and for the lake through one bucket.
- Every call that the functions make in a stack on an emulator (`./dev local`, and a test) is written down, and held
  against these policies by `infra/gate/least_privilege.py TEMPLATE CALLS PARAMETERS`: a call that they do not allow, or
  an action that a statement allows and nothing used, fails it. It does not show everything, see below.
- For each value of `Trail`, a stack on an emulator (`./dev wirings`, and a test) shows that the policy of the queue lets the
  bucket, topic or rule of that stack send, and nobody else.
- A trail in another account must let `IngestRoleArn` read, and its key must let it decrypt: `docs/deploy.md`.

## What the calls do not show

These actions are allowed, and no run on an emulator is seen to use them: that they are needed is our word. No run shows
either that the conditions of statements about KMS are right, for the emulator looks at none.

| action | why it is not seen |
| --- | --- |
"""


def shown(value) -> str:
    """A resource as a person reads it: references by their names."""
    if isinstance(value, str):
        return value.replace(".Arn}", "}")
    (word, of), = value.items()
    match word:
        case "Ref":
            return "${" + of + "}"
        case "Fn::GetAtt":
            return "${" + (of[0] if isinstance(of, list) else of.split(".")[0]) + "}"
        case "Fn::Sub":
            text, own = (of, {}) if isinstance(of, str) else of
            for name, inner in own.items():
                text = text.replace("${" + name + "}", " or ".join(map(shown, either(inner))))
            return shown(text)
        case "Fn::If":
            return " or ".join(map(shown, either(value)))
    raise ValueError(f"permissions.py cannot show {value}")


def conditions(statement: dict) -> str:
    """A condition as words: `key test value`, joined by `and`."""
    lines = [f"`{key}` is {'like ' if 'Like' in test else ''}`{' or '.join(map(shown, either(value)))}`"
             for test, keys in statement.get("Condition", {}).items() for key, value in keys.items()]
    return " and ".join(lines)


def rows(role: dict) -> list[str]:
    """A line of the table for each statement of a role."""
    whys, found = role["Metadata"]["Why"], []
    for policy in role["Properties"]["Policies"]:
        for entry in policy["PolicyDocument"]["Statement"]:
            when = f"if {entry['Fn::If'][0]}" if "Fn::If" in entry else ""
            for statement in either(entry):
                actions = "<br>".join(f"`{action}`" for action in either(statement["Action"]))
                touched = "<br>".join(f"`{shown(item)}`" for item in either(statement["Resource"]))
                limits = "; ".join(filter(None, [when, conditions(statement)]))
                found.append(f"| {actions} | {touched} | {limits} | {whys[statement['Sid']]} |")
    return found


def unseen() -> list[str]:
    """A line for each action that `least_privilege.py` lets pass unused."""
    return [f"| `{action}` | {why} in the function's name |" for action, why in BY_AWS.items()]


def page(template: dict) -> str:
    """The whole page."""
    roles = resources(template, "AWS::IAM::Role")
    table = ["| action | resource | only | why |", "| --- | --- | --- | --- |"]
    parts = [HEAD]
    for name, role in roles.items():
        title = name.removesuffix("Role").lower()
        heading = "The schedules" if title == "schedule" else f"`{title}`"
        parts.append("\n".join([f"## {heading}\n", *table, *rows(role)]) + "\n")
    return "\n".join([*parts, TAIL]) + "\n".join(unseen()) + "\n"


def keep(path: Path, text: str, writes: bool) -> int:
    """Writes a generated file, or says whether it is current."""
    if writes:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        print(f"wrote {path.name}")
        return 0
    if path.exists() and path.read_text() == text:
        print(f"{path.name}: current")
        return 0
    print(f"{path.name}: not current; `infra/gate/run.py write` makes it anew")
    return 1


if __name__ == "__main__":
    sys.exit(keep(PAGE, page(transformed(TEMPLATE.read_text())), sys.argv[1:] == ["write"]))
