"""Gives the intrinsic functions of a transformed template the values that a deployed stack would give them.

Only as much as policies need: references, `Fn::Sub`, `Fn::Join`, `Fn::GetAtt` of ARNs and names, and conditions.
"""

import re


class Stack:
    """A template with the values of its parameters."""

    def __init__(self, template: dict, parameters: dict[str, str], account: str = "000000000000",
                 region: str = "us-east-1"):
        self.template = template
        declared = template.get("Parameters", {})
        given = {name: str(parameter.get("Default", "")) for name, parameter in declared.items()}
        given |= {name: str(value) for name, value in parameters.items()}
        lists = {name for name, parameter in declared.items() if parameter["Type"] == "CommaDelimitedList"}
        self.values = {name: value.split(",") if name in lists else value for name, value in given.items()}
        self.values |= {"AWS::AccountId": account, "AWS::Region": region, "AWS::Partition": "aws",
                        "AWS::URLSuffix": "amazonaws.com", "AWS::StackName": "rolecall"}

    def holds(self, condition) -> bool:
        """Whether a condition, or the name of one, holds."""
        if isinstance(condition, str):
            return self.holds(self.template["Conditions"][condition])
        (word, of), = condition.items()
        match word:
            case "Condition":
                return self.holds(of)
            case "Fn::Not":
                return not self.holds(of[0])
            case "Fn::And":
                return all(map(self.holds, of))
            case "Fn::Or":
                return any(map(self.holds, of))
            case "Fn::Equals":
                return self.value(of[0]) == self.value(of[1])
        raise ValueError(f"`{word}` is no condition that is known here")

    def value(self, value):
        """A value without intrinsic functions; None for AWS::NoValue, which lists leave out."""
        if isinstance(value, list):
            return [item for item in map(self.value, value) if item is not None]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            (word, of), = value.items()
            match word:
                case "Ref":
                    return self.ref(of)
                case "Fn::GetAtt":
                    return self.attribute(*(of if isinstance(of, list) else of.split(".", 1)))
                case "Fn::Sub":
                    return self.sub(*([of] if isinstance(of, str) else of))
                case "Fn::Join":
                    return of[0].join(map(str, self.value(of[1])))
                case "Fn::If":
                    return self.value(of[1] if self.holds(of[0]) else of[2])
        found = {key: self.value(item) for key, item in value.items()}
        return {key: item for key, item in found.items() if item is not None}

    def ref(self, name: str):
        if name == "AWS::NoValue":
            return None
        if name in self.values:
            return self.values[name]
        resource = self.template["Resources"][name]
        if resource["Type"] == "AWS::SNS::Topic":
            return self.arn(name)
        return self.name(name)

    def attribute(self, name: str, attribute: str) -> str:
        return self.arn(name) if attribute == "Arn" else self.name(name)

    def sub(self, text: str, own: dict | None = None) -> str:
        own = own or {}

        def filled(match: re.Match) -> str:
            word = match[1]
            if word in own:
                return str(self.value(own[word]))
            return str(self.attribute(*word.split(".", 1)) if "." in word else self.ref(word))

        return re.sub(r"\$\{([^}!]+)\}", filled, text)

    def name(self, resource: str) -> str:
        """The name that the template gives a resource; its logical id if it gives none."""
        properties = self.template["Resources"][resource].get("Properties", {})
        for key in ("BucketName", "QueueName", "TopicName", "FunctionName", "LogGroupName", "RoleName"):
            if key in properties:
                return self.value(properties[key])
        return resource

    def arn(self, resource: str) -> str:
        kind, name = self.template["Resources"][resource]["Type"], self.name(resource)
        place = f"{self.values['AWS::Region']}:{self.values['AWS::AccountId']}"
        match kind:
            case "AWS::S3::Bucket":
                return f"arn:aws:s3:::{name}"
            case "AWS::SQS::Queue":
                return f"arn:aws:sqs:{place}:{name}"
            case "AWS::SNS::Topic":
                return f"arn:aws:sns:{place}:{name}"
            case "AWS::Lambda::Function":
                return f"arn:aws:lambda:{place}:function:{name}"
            case "AWS::Logs::LogGroup":
                return f"arn:aws:logs:{place}:log-group:{name}:*"
            case "AWS::KMS::Key":
                return f"arn:aws:kms:{place}:key/{name}"
            case "AWS::IAM::Role":
                return f"arn:aws:iam::{self.values['AWS::AccountId']}:role/{name}"
        raise ValueError(f"the ARN of `{resource}` ({kind}) is not known here")
