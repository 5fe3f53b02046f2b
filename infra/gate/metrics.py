"""The metrics that the functions write, read from their source: names and units, function by function. Pure Python."""

import re
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent.parent / "functions" / "src"
FUNCTIONS = ["ingest", "poll", "detect", "upkeep", "notify"]
UNITS = {"count": "Count", "seconds": "Seconds", "milliseconds": "Milliseconds"}


def of_source(name: str) -> dict[str, str]:
    """The metrics that a file of the functions makes, each with its unit."""
    code = (SOURCE / f"{name}.rs").read_text().split("#[cfg(test)]")[0]
    return {metric: UNITS[how] for how, metric in re.findall(r'Metric::(\w+)\(\s*"(\w+)"', code)}


def written() -> dict[str, dict[str, str]]:
    """The metrics of each function; those of `run.rs` are of all of them."""
    return {function: of_source(function) | of_source("run") for function in FUNCTIONS}


def dimension() -> str:
    """The one dimension of them all, whose value is the function's name."""
    return re.search(r'"Dimensions": \[\["(\w+)"\]\]', (SOURCE / "metrics.rs").read_text())[1]
