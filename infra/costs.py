#!/usr/bin/env python3
"""What a million events cost: `infra/costs.py MEASURED.json` prints a table from measured runs.

MEASURED.json holds what some hours or days of a stack did, as CloudWatch and S3 count it, or as `./dev figures` does:

    {"events": 4200000, "objects": 538000, "architecture": "arm64", "findings": 12, "lake_gb": 0.3, "log_gb": 0.05,
     "functions": {"ingest": {"runs": 5900, "seconds": 11000, "memory_mb": 1024, "reads": 620000, "writes": 41000}}}

A function that it does not name is not in the sum, nor are findings and logs that it counts as 0. `seconds` are those of
all runs together, as billed; where they were not measured on Lambda, they are those of whole cores, and Lambda gives one
core to 1769 MB. `reads` are GET and HEAD, `writes` are PUT and LIST. Prices are list prices of us-east-1 in US dollars
without free tiers, as of PRICED; look at the pages before you rely on them.
"""

import json
import sys
from pathlib import Path

PRICED = "2026-11-25"
# Each price, and the page that says what it is today.
GB_SECOND = {"arm64": 0.0000133334, "x86_64": 0.0000166667}  # aws.amazon.com/lambda/pricing
RUN = 0.20e-6  # aws.amazon.com/lambda/pricing
QUEUE_REQUEST = 0.40e-6  # aws.amazon.com/sqs/pricing
PUBLISH, DELIVERY = 0.50e-6, 0.60e-6  # aws.amazon.com/sns/pricing (HTTPS)
READ, WRITE, GB_MONTH = 0.0004e-3, 0.005e-3, 0.023  # aws.amazon.com/s3/pricing
LOG_GB = 0.50  # aws.amazon.com/cloudwatch/pricing

# A notification is sent once; it is received and deleted in tens.
REQUESTS_OF_A_MESSAGE = 1 + 2 / 10


def parts(measured: dict) -> list[tuple[str, float]]:
    """What was paid for, and how much in dollars, for all that was measured."""
    second = GB_SECOND[measured["architecture"]]
    found = []
    for name, function in measured["functions"].items():
        found += [
            (f"{name}: runs", function["runs"] * RUN),
            (f"{name}: compute", function["seconds"] * function["memory_mb"] / 1024 * second),
            (f"{name}: requests to S3", function["reads"] * READ + function["writes"] * WRITE),
        ]
    return [
        *found,
        ("queue", measured["objects"] * REQUESTS_OF_A_MESSAGE * QUEUE_REQUEST),
        ("findings", measured["findings"] * (PUBLISH + DELIVERY)),
        ("lake, the first month", measured["lake_gb"] * GB_MONTH),
        ("logs", measured["log_gb"] * LOG_GB),
    ]


def table(measured: dict) -> str:
    """The table for a million events."""
    scale = 1e6 / measured["events"]
    rows = [(what, dollars * scale) for what, dollars in parts(measured)]
    lines = ["| what | $ per million events |", "| --- | ---: |"]
    lines += [f"| {what} | {dollars:.4f} |" for what, dollars in rows if dollars >= 0.00005]
    return "\n".join([*lines, f"| **all that was measured** | **{sum(dollars for _, dollars in rows):.4f}** |"])


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    print(table(json.loads(Path(sys.argv[1]).read_text())))
