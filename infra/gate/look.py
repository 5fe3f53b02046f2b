"""Looks into a transformed template: resources, statements, and what refers to what."""

from collections.abc import Iterator

NO_VALUE = {"Ref": "AWS::NoValue"}


def resources(template: dict, kind: str) -> dict[str, dict]:
    """The resources of a kind, by logical id, with their properties under `Properties`."""
    found = template.get("Resources", {}).items()
    return {name: {"Properties": {}, **resource} for name, resource in found if resource["Type"] == kind}


def either(value) -> list:
    """A list of what a value may be: both sides of `Fn::If`, the items of a list, without AWS::NoValue."""
    if isinstance(value, dict) and "Fn::If" in value:
        return [leaf for side in value["Fn::If"][1:] for leaf in either(side)]
    if isinstance(value, list):
        return [leaf for item in value for leaf in either(item)]
    return [] if value is None or value == NO_VALUE else [value]


def refers(value) -> str | None:
    """The logical id behind a `Ref` or a `Fn::GetAtt`."""
    if not isinstance(value, dict):
        return None
    if "Ref" in value:
        return value["Ref"]
    got = value.get("Fn::GetAtt")
    return (got.split(".")[0] if isinstance(got, str) else got[0]) if got else None


def mentions(value) -> Iterator[str]:
    """Every text in a value, references as the logical ids they name, and templates of `Fn::Sub` as they are."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from filter(None, [refers(value)])
        for key, item in value.items():
            if key not in ("Ref", "Fn::GetAtt"):
                yield from mentions(item)
    elif isinstance(value, list):
        for item in value:
            yield from mentions(item)


def statements(document: dict) -> list[dict]:
    """The statements of a policy, those under a condition included."""
    return either(document.get("Statement", []))


def default(template: dict, value):
    """A value, or the default of the parameter that it names."""
    if isinstance(value, dict) and value.get("Ref") in template.get("Parameters", {}):
        return template["Parameters"][value["Ref"]].get("Default")
    return value


POLICIES = {
    "AWS::S3::BucketPolicy": "Bucket",
    "AWS::SQS::QueuePolicy": "Queues",
    "AWS::SNS::TopicPolicy": "Topics",
    "AWS::Events::EventBusPolicy": None,
}


def resource_policies(template: dict) -> Iterator[tuple[str, list[str], list[dict]]]:
    """Policies of buckets, queues, topics and buses: their name, whom they guard, their statements."""
    for kind, guarded in POLICIES.items():
        for name, resource in resources(template, kind).items():
            properties = resource["Properties"]
            document = properties.get("PolicyDocument") or {"Statement": properties.get("Statement")}
            whom = [refers(item) for item in either(properties[guarded])] if guarded else []
            yield name, whom, statements(document)


def role_statements(template: dict) -> Iterator[tuple[str, dict]]:
    """Each statement of each role's own policies, with the role's logical id."""
    for name, role in resources(template, "AWS::IAM::Role").items():
        for policy in either(role["Properties"].get("Policies", [])):
            for statement in statements(policy["PolicyDocument"]):
                yield name, statement


def all_statements(template: dict) -> Iterator[tuple[str, dict]]:
    """Each statement of each policy of any sort, keys included, with the logical id it stands in."""
    yield from role_statements(template)
    for name, _, found in resource_policies(template):
        yield from ((name, statement) for statement in found)
    for name, key in resources(template, "AWS::KMS::Key").items():
        yield from ((name, statement) for statement in statements(key["Properties"]["KeyPolicy"]))


def services(statement: dict) -> list[str]:
    """The AWS services that a statement lets in."""
    principal = statement.get("Principal")
    return either(principal.get("Service")) if isinstance(principal, dict) else []
