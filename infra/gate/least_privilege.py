"""Holds the policies of the functions against the calls that they were seen to make.

    least_privilege.py TEMPLATE CALLS PARAMETERS

TEMPLATE is infra/template.yaml, or what it was transformed into, as JSON. CALLS has one call a line, as JSON:

    {"function": "ingest", "service": "s3", "operation": "PutObject", "resource": "arn:aws:s3:::lake/lake/event/x",
     "context": {"s3:prefix": "AWSLogs/"}}

`operation` is the name in the API, such as ListObjectsV2; `resource` is an ARN, and may be left out where an action
knows none; `context` is needed where a statement has a condition. PARAMETERS is a JSON object of the stack's
parameters; its members `AccountId` and `Region` say where it is (000000000000 and us-east-1 unless they do).

It says which calls are not allowed, and which allowed actions no call used, and fails if there are any.
"""

import json
import re
import sys
from pathlib import Path

from look import resources, statements
from resolve import Stack

# Operations whose permission has another name. An empty list: no permission is needed.
ACTIONS = {
    "s3:ListObjects": ["s3:ListBucket"],
    "s3:ListObjectsV2": ["s3:ListBucket"],
    "s3:HeadBucket": ["s3:ListBucket"],
    "s3:HeadObject": ["s3:GetObject"],
    "s3:CreateMultipartUpload": ["s3:PutObject"],
    "s3:UploadPart": ["s3:PutObject"],
    "s3:CompleteMultipartUpload": ["s3:PutObject"],
    "s3:CopyObject": ["s3:GetObject", "s3:PutObject"],
    "s3:DeleteObjects": ["s3:DeleteObject"],
    "sns:PublishBatch": ["sns:Publish"],
    "sqs:SendMessageBatch": ["sqs:SendMessage"],
    "sqs:DeleteMessageBatch": ["sqs:DeleteMessage"],
    "sts:GetCallerIdentity": [],
}

# Allowed actions that AWS uses in the name of a function, so that the function is never seen to call them.
BY_AWS = {
    "kms:Decrypt": "S3, SNS and Secrets Manager call KMS",
    "kms:GenerateDataKey": "S3 and SNS call KMS",
    "logs:CreateLogStream": "Lambda writes logs",
    "logs:PutLogEvents": "Lambda writes logs",
    "sqs:ReceiveMessage": "Lambda polls the queue",
    "sqs:DeleteMessage": "Lambda polls the queue",
    "sqs:GetQueueAttributes": "Lambda polls the queue",
    "sqs:SendMessage": "Lambda hands over runs that failed",
}


def policies(stack: Stack) -> dict[str, list[dict]]:
    """The statements of each function's role, without intrinsic functions, by the last word of the function's name."""
    found = {}
    for function in resources(stack.template, "AWS::Lambda::Function").values():
        name = stack.value(function["Properties"]["FunctionName"]).rsplit("-", 1)[-1]
        role = function["Properties"]["Role"]["Fn::GetAtt"]
        role = stack.template["Resources"][role[0] if isinstance(role, list) else role.split(".")[0]]
        written = [statement for policy in role["Properties"]["Policies"]
                   for statement in statements(stack.value(policy["PolicyDocument"]))]
        found[name] = written
    return found


def as_list(value) -> list:
    return value if isinstance(value, list) else [value]


def fits(text: str, pattern: str) -> bool:
    """Whether a text fits a pattern of IAM: `*` for any characters, `?` for one."""
    parts = re.split(r"([*?])", pattern)
    return re.fullmatch("".join({"*": ".*", "?": "."}.get(part, re.escape(part)) for part in parts), text, re.S) is not None


def meets(test: str, wanted: list[str], found: str | None) -> bool:
    """Whether what a request says meets one line of a condition."""
    if found is None:
        return test.endswith("IfExists")
    test = test.removesuffix("IfExists")
    if test in ("StringLike", "ArnLike", "ArnEquals"):
        return any(fits(found, pattern) for pattern in wanted)
    if test in ("StringEquals", "Bool"):
        return found in wanted
    raise ValueError(f"the test `{test}` of a condition is not known here")


def covers(statement: dict, action: str, resource: str, context: dict[str, str]) -> bool:
    """Whether a statement says anything about a request. Names of actions are not case-sensitive."""
    return (any(fits(action.lower(), pattern.lower()) for pattern in as_list(statement["Action"]))
            and any(fits(resource, pattern) for pattern in as_list(statement["Resource"]))
            and all(meets(test, [str(value) for value in as_list(values)], context.get(key))
                    for test, lines in statement.get("Condition", {}).items() for key, values in lines.items()))


def allowed(written: list[dict], action: str, resource: str, context: dict[str, str]) -> bool:
    """Whether some statement allows a request, and none denies it."""
    effects = {statement["Effect"] for statement in written if covers(statement, action, resource, context)}
    return effects == {"Allow"}


def actions_of(call: dict) -> list[str]:
    """The permissions that a call needs."""
    action = f"{call['service']}:{call['operation']}"
    return ACTIONS.get(action, [action])


def compare(written: dict[str, list[dict]], calls: list[dict]) -> tuple[list[str], list[str]]:
    """The calls that are not allowed, and the allowed actions that no call used, statement by statement."""
    refused, used = [], set()
    for call in calls:
        function, resource, context = call["function"], call.get("resource") or "*", call.get("context", {})
        statements = written.get(function, [])
        for action in actions_of(call):
            if not allowed(statements, action, resource, context):
                refused.append(f"{function}: {action} on {resource}")
            used |= {(id(statement), action.lower()) for statement in statements
                     if covers(statement, action, resource, context)}
    unused = [f"{function}: {action} ({statement.get('Sid')})" for function, found in written.items()
              for statement in found if statement["Effect"] == "Allow" for action in as_list(statement["Action"])
              if not (action in BY_AWS or (id(statement), action.lower()) in used)]
    return sorted(set(refused)), sorted(set(unused))


def main(template: str, calls: str, parameters: str) -> int:
    text, given = Path(template).read_text(), json.loads(Path(parameters).read_text())
    if template.endswith(".json"):
        plain = json.loads(text)
    else:
        from transform import transformed  # only this form needs the packages of requirements.txt
        plain = transformed(text)
    account, region = given.pop("AccountId", "000000000000"), given.pop("Region", "us-east-1")
    seen = [json.loads(line) for line in Path(calls).read_text().splitlines() if line.strip()]
    refused, unused = compare(policies(Stack(plain, given, account, region)), seen)
    print(f"{len(seen)} calls, {len(refused)} not allowed, {len(unused)} allowed actions not used")
    for line in refused:
        print(f"  not allowed: {line}")
    for line in unused:
        print(f"  not used:    {line}")
    return 1 if refused or unused else 0


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
