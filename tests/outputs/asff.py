"""ASFF: a batch of findings for Security Hub, by the service model of BatchImportFindings.

The model has members, types, enums and patterns. Most limits it has only in its prose, so they are read from there:
the prose of a member, and that of the operation for the size of a finding.
"""

import json
import re

import botocore.session

MODEL = botocore.session.Session().get_service_model("securityhub")
OPERATION = MODEL.operation_model("BatchImportFindings")

TYPES = {"string": str, "integer": int, "boolean": bool, "double": (int, float), "structure": dict, "map": dict,
         "list": list}
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)")
NAMESPACES = ("Software and Configuration Checks", "TTPs", "Effects", "Unusual Behaviors",
              "Sensitive Data Identifications")


def number(pattern: str, prose: str) -> int | None:
    found = re.search(pattern, prose)
    return int(found.group(1)) if found else None


def bytes_of_a_finding() -> int:
    found = number(r"maximum allowed size for a finding is (\d+) Kb", OPERATION.documentation)
    if found is None:
        raise SystemExit("asff.py: the model does not say any more how large a finding may be")
    return found * 1000


BYTES = bytes_of_a_finding()


def by_prose(value, prose: str, path: str) -> list[str]:
    """The limits that the prose of a member states."""
    prose = re.sub("<[^>]+>", "", prose or "")
    found = []
    if isinstance(value, str):
        exact = number(r"Length Constraints: (\d+)\.", prose)
        most = number(r"Maximum (?:length )?of (\d+)", prose)
        if exact is not None and len(value) != exact:
            found.append(f"{path}: {len(value)} characters, not {exact}")
        if most is not None and len(value) > most:
            found.append(f"{path}: {len(value)} characters, and at most {most} are taken")
        if "#timestamps" in (prose or "") or "Timestamps" in prose:
            found += [] if INSTANT.fullmatch(value) else [f"{path}: `{value[:40]}` is no instant"]
    if isinstance(value, list):
        most, least = number(r"Maximum number of (\d+) items", prose), number(r"Minimum number of (\d+) item", prose)
        if most is not None and len(value) > most or least is not None and len(value) < least:
            found.append(f"{path}: {len(value)} items, and {least or 0} to {most} are taken")
    pairs = re.search(r"up to (\d+) key-value pairs.*key can contain up to (\d+).*value can contain up to (\d+)", prose)
    if isinstance(value, dict) and pairs:
        most, longest_key, longest_value = map(int, pairs.groups())
        found += [f"{path}: {len(value)} pairs, and at most {most} are taken"] if len(value) > most else []
        found += [f"{path}: key `{key[:20]}` is too long" for key in value if len(key) > longest_key]
        found += [f"{path}.{key[:20]}: too long" for key, text in value.items() if len(text) > longest_value]
    return found


def by_shape(value, shape, path: str) -> list[str]:
    """Members, types, enums, patterns and bounds of a shape, and of all below it."""
    wanted = TYPES[shape.type_name]
    if not isinstance(value, wanted) or isinstance(value, bool) and wanted is not bool:
        return [f"{path}: it is no {shape.type_name}"]
    found, bounds = [], shape.metadata
    size = value if isinstance(value, (int, float)) else len(value)
    if size < bounds.get("min", size) or size > bounds.get("max", size):
        found.append(f"{path}: {size} is not from {bounds.get('min')} to {bounds.get('max')}")
    if shape.type_name == "string":
        if "pattern" in bounds and not re.search(bounds["pattern"], value):
            found.append(f"{path}: `{value[:40]}` does not fit {bounds['pattern']}")
        if bounds.get("enum") and value not in bounds["enum"]:
            found.append(f"{path}: `{value[:40]}` is none of {', '.join(bounds['enum'])}")
    elif shape.type_name == "structure":
        found += [f"{path}.{name}: it is missing" for name in shape.required_members if name not in value]
        for name, item in value.items():
            member = shape.members.get(name)
            if member is None:
                found.append(f"{path}.{name}: nobody knows it")
                continue
            found += by_shape(item, member, f"{path}.{name}") + by_prose(item, member.documentation, f"{path}.{name}")
    elif shape.type_name == "list":
        for at, item in enumerate(value):
            found += by_shape(item, shape.member, f"{path}[{at}]")
    elif shape.type_name == "map":
        for key, item in value.items():
            found += by_shape(key, shape.key, f"{path}.{key[:20]}") + by_shape(item, shape.value, f"{path}.{key[:20]}")
    return found


def faults(batch) -> list[str]:
    """What is wrong with an array of findings that one call takes."""
    found = by_shape({"Findings": batch}, OPERATION.input_shape, "$")
    for at, finding in enumerate(batch):
        size = len(json.dumps(finding, ensure_ascii=False).encode())
        if size > BYTES:
            found.append(f"$.Findings[{at}]: {size} bytes, and at most {BYTES} are taken")
        types = finding.get("FindingProviderFields", {}).get("Types", [])
        found += [f"$.Findings[{at}]: the type `{kind}` has none of the namespaces" for kind in types
                  if kind.split("/")[0] not in NAMESPACES]
        account = finding.get("AwsAccountId")
        if f":{account}:product/{account}/default" not in finding.get("ProductArn", ""):
            found.append(f"$.Findings[{at}]: ProductArn and AwsAccountId are of different accounts")
    names = [finding.get("Id") for finding in batch]
    found += [f"$: `{name}` is there twice" for name in set(names) if names.count(name) > 1]
    return found
