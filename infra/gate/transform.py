"""Makes plain CloudFormation of a SAM template, as AWS does when it deploys it."""

import logging
import os
from pathlib import Path

from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

# The transformation wants a region, whatever it is; nothing talks to AWS.
os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
# It says of each run that nobody wants its metrics.
logging.getLogger("samtranslator").setLevel(logging.ERROR)

TEMPLATE = Path(__file__).resolve().parent.parent / "template.yaml"


class Refused(Exception):
    """The transformation says why a template is none."""


class NoManagedPolicies:
    """The template names no managed policy, so that AWS need not be asked for their ARNs."""

    def load(self) -> dict:
        return {}


def transformed(text: str) -> dict:
    """The resources that AWS would make of a SAM template."""
    try:
        return transform(yaml_parse(text), {}, NoManagedPolicies())
    except InvalidDocumentException as refused:
        raise Refused("; ".join([refused.message, *(cause.message for cause in refused.causes)])) from refused
