"""Who may do what: one function for each rule about permissions, which yields what breaks it."""

from collections.abc import Iterator

from look import (all_statements, either, mentions, refers, resource_policies, resources, role_statements, services)

# Statements of roles that name no resource, and why no narrower one exists.
EVERYTHING = {"cloudtrail:LookupEvents": "CloudTrail knows no resource for it"}


def is_account_of_key(name: str, statement: dict, template: dict) -> bool:
    """The statement that lets the account's own IAM policies decide about a key, which AWS asks for."""
    return name in resources(template, "AWS::KMS::Key") and statement.get("Sid") == "AccountDecides"


def everybody(template: dict) -> Iterator[str]:
    """Nobody is let in without a name."""
    for name, statement in all_statements(template):
        principal = statement.get("Principal")
        inside = either(list(principal.values())) if isinstance(principal, dict) else [principal]
        if statement["Effect"] == "Allow" and "*" in inside:
            yield f"{name}: {statement.get('Sid')} lets everybody in"


def whole_words(template: dict) -> Iterator[str]:
    """Actions are written out, and nothing is said by what it is not."""
    for name, statement in all_statements(template):
        for word in ("NotAction", "NotResource", "NotPrincipal"):
            if word in statement:
                yield f"{name}: {statement.get('Sid')} says {word}"
        if statement["Effect"] != "Allow" or is_account_of_key(name, statement, template):
            continue
        for action in either(statement.get("Action")):
            if "*" in action or "?" in action:
                yield f"{name}: {statement.get('Sid')} allows {action}"


def scoped(template: dict) -> Iterator[str]:
    """Roles name what they touch: a bucket, a queue, a key; not all of them."""
    for name, statement in role_statements(template):
        for resource in either(statement.get("Resource")):
            texts = list(mentions(resource))
            wide = any(text == "*" or text.endswith((":::*", ":*")) and text.count("$") < 3 for text in texts)
            if wide and not all(action in EVERYTHING for action in either(statement.get("Action"))):
                yield f"{name}: {statement.get('Sid')} holds for every resource"


def deputies(template: dict) -> Iterator[str]:
    """A service that comes in the name of another account is turned away."""
    for name, _, found in resource_policies(template):
        for statement in found:
            sources = {"aws:SourceArn", "aws:SourceAccount"}
            said = {key for test in statement.get("Condition", {}).values() for key in test}
            if statement["Effect"] == "Allow" and services(statement) and not sources & said:
                yield f"{name}: {statement.get('Sid')} asks for no source"
    for name, permission in resources(template, "AWS::Lambda::Permission").items():
        if not permission["Properties"].get("SourceArn"):
            yield f"{name}: it asks for no source"


def tls(template: dict) -> Iterator[str]:
    """Buckets, queues and topics refuse whoever comes without TLS."""
    guarded = set()
    for _, whom, found in resource_policies(template):
        for statement in found:
            condition = statement.get("Condition", {}).get("Bool", {})
            if statement["Effect"] == "Deny" and condition.get("aws:SecureTransport") == "false":
                named = {text.split(".")[0].strip("${}") for text in mentions(statement.get("Resource"))}
                guarded |= set(whom) & named
    for kind in ("AWS::S3::Bucket", "AWS::SQS::Queue", "AWS::SNS::Topic"):
        for name in resources(template, kind):
            if name not in guarded:
                yield f"{name}: it takes requests without TLS"


def key_grants(template: dict) -> Iterator[str]:
    """Whoever publishes to an encrypted topic, and whoever touches the lake, may use the key."""
    keys, needed = resources(template, "AWS::KMS::Key"), {"kms:Decrypt", "kms:GenerateDataKey"}
    topics = {name: refers(topic["Properties"].get("KmsMasterKeyId"))
              for name, topic in resources(template, "AWS::SNS::Topic").items()}
    granted = {(name, service): set(either(statement.get("Action")))
               for name in keys for statement in either(keys[name]["Properties"]["KeyPolicy"]["Statement"])
               for service in services(statement)}
    publishers = {(topic, service) for _, whom, found in resource_policies(template) for statement in found
                  if statement["Effect"] == "Allow" and "sns:Publish" in either(statement.get("Action"))
                  for service in services(statement) for topic in whom}
    wanted = {(refers(action), "cloudwatch.amazonaws.com", name)
              for name, alarm in resources(template, "AWS::CloudWatch::Alarm").items()
              for action in either(alarm["Properties"].get("AlarmActions"))}
    wanted |= {(refers(target["Arn"]), "events.amazonaws.com", name)
               for name, rule in resources(template, "AWS::Events::Rule").items()
               for target in rule["Properties"].get("Targets", []) if refers(target["Arn"]) in topics}
    for topic, service, name in sorted(wanted):
        if (topic, service) not in publishers:
            yield f"{name}: {topic} does not let {service} publish"
    for topic, service in sorted(publishers | {(topic, service) for topic, service, _ in wanted}):
        if topic in topics and not needed <= granted.get((topics[topic], service), set()):
            yield f"{topic}: its key does not let {service} encrypt"
    may = {}
    for role, statement in role_statements(template):
        for action in either(statement.get("Action")):
            test = statement.get("Condition", {}).get("StringEquals", {})
            via = next(iter(mentions(test.get("kms:ViaService", ""))), "").split(".")[0]
            if action.startswith("kms:"):
                may.setdefault((role, via), set()).add(action)
            if action.startswith("kms:") and not via:
                yield f"{role}: {statement.get('Sid')} may use a key without a service between"
    for role, statement in role_statements(template):
        actions = set(either(statement.get("Action")))
        touched = {text.split(".")[0].strip("${}") for text in mentions(statement.get("Resource"))}
        if "sns:Publish" in actions and touched & set(topics) and not needed <= may.get((role, "sns"), set()):
            yield f"{role}: it publishes to an encrypted topic, and may not use its key"
        if "s3:PutObject" in actions and not needed <= may.get((role, "s3"), set()):
            yield f"{role}: it writes to an encrypted bucket, and may not use its key"


def one_policy_each(template: dict) -> Iterator[str]:
    """Each function has a role of its own, with one policy of its own, and says why it needs each statement."""
    owners: dict[str, list[str]] = {}
    for name, function in resources(template, "AWS::Lambda::Function").items():
        owners.setdefault(refers(function["Properties"]["Role"]), []).append(name)
    roles = resources(template, "AWS::IAM::Role")
    for role, names in owners.items():
        if role not in roles or len(names) > 1:
            yield f"{', '.join(names)}: no role of its own"
    for name, role in roles.items():
        properties = role["Properties"]
        if len(either(properties.get("Policies"))) != 1 or properties.get("ManagedPolicyArns"):
            yield f"{name}: not exactly one policy"
        whys = role.get("Metadata", {}).get("Why", {})
        said = {statement.get("Sid") for role, statement in role_statements(template) if role == name}
        for sid in sorted(said ^ set(whys), key=str):
            yield f"{name}: statement and reason `{sid}` do not meet"


RULES = [everybody, whole_words, scoped, deputies, tls, key_grants, one_policy_each]
