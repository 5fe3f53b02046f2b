"""Our own form: `finding.v1`, by docs/finding.v1.schema.json."""

import json
from pathlib import Path

from jsonschema import Draft202012Validator

SCHEMA = json.loads((Path(__file__).resolve().parents[2] / "docs" / "finding.v1.schema.json").read_text())
Draft202012Validator.check_schema(SCHEMA)

# Others pass over fields that they do not know; we do not write any that the schema does not know.
STRICT = Draft202012Validator({**SCHEMA, "additionalProperties": False})


def faults(finding) -> list[str]:
    """What is wrong with a finding."""
    return [f"{error.json_path}: {error.message[:200]}" for error in STRICT.iter_errors(finding)]
