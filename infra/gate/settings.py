"""Makes docs/reference/settings.md of functions/src/settings.rs and the template, or with no argument checks that it is
current. Its rule `variables` is asked with those of rules.py.
"""

import re
import sys
from collections.abc import Iterator

from look import mentions, resources
from metrics import FUNCTIONS, SOURCE, written
from permissions import keep
from transform import TEMPLATE, transformed

PAGE = TEMPLATE.parent.parent / "docs" / "reference" / "settings.md"

# What no setting of ours is, and some function listens to all the same.
OF_OTHERS = {
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "Lambda: how much of its memory a function uses; 512 MB if it does not say",
    "AWS_REGION": "Lambda: the region that poll asks if none is set",
    "AWS_ENDPOINT_URL": "`EndpointUrl`, for tests: where all of AWS is called",
    "AWS_ENDPOINT_URL_CLOUDTRAIL": "`CloudTrailEndpointUrl`, for tests: where poll calls CloudTrail",
}

METRICS = {
    "Records": "records read; for detect, events traced",
    "Objects": "objects read for the first time; for poll, slices of time",
    "Rejected": "records, and for ingest objects, that could not be read",
    "Failed": "messages handed back, or places not listed; for poll, what was left unread",
    "LagSeconds": "from the stamp of the oldest object of a batch or catch-up, which is its delivery, to the reading",
    "CommitsRetried": "commits that another writer was faster with, and that were made again",
    "Findings": "findings made that somebody shall be told of; for notify, messages delivered",
    "DurationMs": "of the run",
}

HEAD = """\
# Settings and metrics of the functions

Made of `functions/src/settings.rs` and `infra/template.yaml` by `infra/gate/run.py write`; the gate fails when it is not
current, when a variable is set for a function that does not read it, or is not set for one that does.

## Variables

The template sets them from its parameters and resources. An empty variable is none. A function does not start if one is
wrong, and says all that is wrong in one error, without the values. Without `ROLECALL_LAKE` none starts but notify, without
`ROLECALL_TOPIC_ARN` not detect, without `ROLECALL_CHANNELS_SECRET` not notify. The program `rolecall` knows `ROLECALL_LAKE` and
`ROLECALL_CONFIG` too ([commands](cli.md)).

"""

BETWEEN = """
Not ours, and heeded:

| variable | from |
| --- | --- |
"""

METRICS_HEAD = """
## Metrics

Each run writes a line of the log in CloudWatch's embedded metric format, into the namespace of `ROLECALL_METRICS_NAMESPACE`,
with one dimension, `Function`. A run that fails writes `DurationMs` alone.

| metric | unit | functions | counts |
| --- | --- | --- | --- |
"""


def code(name: str) -> str:
    """A file of the functions, without its tests."""
    return (SOURCE / f"{name}.rs").read_text().split("#[cfg(test)]")[0]


def described() -> dict[str, tuple[str, str]]:
    """Each variable with the field that holds it, and the comment of that field."""
    found = re.findall(r"/// `([A-Z_]+)`: (.+?)\n\s+pub (\w+):", code("settings"))
    return {variable: (field, words) for variable, words, field in found}


def read() -> set[str]:
    """The variables that `Settings::read` asks for."""
    return set(re.findall(r'"((?:ROLECALL|AWS)_[A-Z_]+)"', code("settings")))


def readers(field: str) -> list[str]:
    """The functions that use a setting; what `run.rs` uses is of all of them."""
    uses = re.compile(rf"\bsettings\s*\.{field}\b")
    return [function for function in FUNCTIONS if uses.search(code(function)) or uses.search(code("run"))]


def given(template: dict) -> dict[str, dict]:
    """The variables that the template sets for each function, with their values."""
    found = {}
    for name, function in resources(template, "AWS::Lambda::Function").items():
        found[name.lower()] = function["Properties"]["Environment"]["Variables"]
    return found


def origins(template: dict, value) -> list[str]:
    """The parameters and resources that a value is made of."""
    names = [name for text in mentions(value) for name in re.findall(r"\$\{(\w+)", text) or [text]]
    known = [name for name in names if name in template["Parameters"] | template["Resources"]]
    return list(dict.fromkeys(known))


def variables(template: dict) -> Iterator[str]:
    """Each function gets the variables that it reads, and no others; each variable and each metric is described."""
    told = described()
    for name in sorted(read() ^ set(told)):
        yield f"{name}: it is read and not described, or described and not read"
    for function, held in given(template).items():
        wanted = {name for name, (field, _) in told.items() if function in readers(field)} - set(OF_OTHERS)
        for name in sorted(wanted ^ (set(held) - set(OF_OTHERS))):
            yield f"{function}: {name} is {'read, and not set' if name in wanted else 'set, and not read'}"
    for metric in sorted({metric for units in written().values() for metric in units} ^ set(METRICS)):
        yield f"{metric}: this metric and its description do not meet"


def page(template: dict) -> str:
    """The whole page."""
    sets, lines = given(template), []
    for name, (field, words) in described().items():
        if name not in OF_OTHERS:
            values = [held[name] for held in sets.values() if name in held]
            made = ", ".join(f"`{origin}`" for origin in origins(template, values))
            lines.append(f"| `{name}` | {', '.join(readers(field))} | {made} | {words.rstrip('.')} |\n")
    table = "| variable | functions | from | what |\n| --- | --- | --- | --- |\n"
    others = [f"| `{name}` | {whence} |\n" for name, whence in OF_OTHERS.items()]
    rows = []
    for metric, words in METRICS.items():
        units = {function: of[metric] for function, of in written().items() if metric in of}
        rows.append(f"| `{metric}` | {' '.join(sorted(set(units.values())))} | {', '.join(units)} | {words} |\n")
    return "".join([HEAD, table, *lines, BETWEEN, *others, METRICS_HEAD, *rows])


if __name__ == "__main__":
    sys.exit(keep(PAGE, page(transformed(TEMPLATE.read_text())), sys.argv[1:] == ["write"]))
