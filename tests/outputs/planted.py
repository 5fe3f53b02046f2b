#!/usr/bin/env python3
"""Plants one mistake after the other into good outputs, and sees that each is reported: `planted.py FOLDER`."""

import json
import sys
from pathlib import Path

from validate import faults_of

# The file, what is broken, and a part of what must be said of it. A mistake changes the first line in place.
MISTAKES = []


def mistake(name: str, said: str):
    def note(plant):
        MISTAKES.append((name, said, plant))
        return plant

    return note


@mistake("finding.v1.jsonl", "'fingerprint' is a required property")
def finding_without_fingerprint(finding):
    del finding["fingerprint"]


@mistake("finding.v1.jsonl", "Additional properties")
def finding_with_a_field_that_the_schema_does_not_know(finding):
    finding["mood"] = "good"


@mistake("finding.v1.jsonl", "$.severity")
def finding_with_a_new_severity(finding):
    finding["severity"] = "urgent"


@mistake("finding.v1.jsonl", "$.first_at")
def finding_at_no_instant(finding):
    finding["first_at"] = "yesterday"


@mistake("finding.v1.jsonl", "$.window")
def finding_with_half_a_window(finding):
    finding["window"].pop()


@mistake("ocsf.jsonl", "'time' is a required property")
def event_without_time(event):
    del event["time"]


@mistake("ocsf.jsonl", "'cloud' is a required property")
def event_without_cloud(event):
    del event["cloud"]


@mistake("ocsf.jsonl", "$.time")
def event_with_time_as_text(event):
    event["time"] = "2026-03-10T12:00:00Z"


@mistake("ocsf.jsonl", "$.severity_id")
def event_with_unknown_severity(event):
    event["severity_id"] = 7


@mistake("ocsf.jsonl", "severity is Low")
def event_that_says_two_severities(event):
    event["severity"] = "Low"


@mistake("ocsf.jsonl", "type_uid does not fit")
def event_of_another_activity(event):
    event["activity_id"] = 2


@mistake("ocsf.jsonl", "1.5.0")
def event_with_an_attribute_of_a_later_release(event):
    event["resources"][0]["role_id"] = 1


@mistake("ocsf.jsonl", "$.finding_info.attacks[0]")
def attack_without_technique(event):
    event["finding_info"]["attacks"][0] = {"version": "17.1"}


@mistake("ocsf.jsonl", "$.evidences[0].src_endpoint.ip")
def address_that_is_none(event):
    event["evidences"][0]["src_endpoint"] = {"ip": "somewhere"}


@mistake("asff.jsonl", "Resources: it is missing")
def finding_without_resources(batch):
    del batch[0]["Resources"]


@mistake("asff.jsonl", "Title: 257 characters")
def long_title(batch):
    batch[0]["Title"] = "x" * 257


@mistake("asff.jsonl", "Description: 1025 characters")
def long_description(batch):
    batch[0]["Description"] = "x" * 1025


@mistake("asff.jsonl", "Recommendation.Text: 513")
def long_recommendation(batch):
    batch[0]["Remediation"]["Recommendation"]["Text"] = "x" * 513


@mistake("asff.jsonl", "33 items")
def many_resources(batch):
    batch[0]["Resources"] = [{"Type": "Other", "Id": str(at)} for at in range(33)]


@mistake("asff.jsonl", "51 pairs")
def many_fields(batch):
    batch[0]["ProductFields"] = {str(at): "x" for at in range(51)}


@mistake("asff.jsonl", "is none of INFORMATIONAL")
def severity_in_small_letters(batch):
    batch[0]["FindingProviderFields"]["Severity"]["Label"] = "high"


@mistake("asff.jsonl", "does not fit")
def empty_text(batch):
    batch[0]["GeneratorId"] = " "


@mistake("asff.jsonl", "nobody knows it")
def misspelt_member(batch):
    batch[0]["Titel"] = "x"


@mistake("asff.jsonl", "is no instant")
def day_instead_of_an_instant(batch):
    batch[0]["UpdatedAt"] = "2026-03-10"


@mistake("asff.jsonl", "101 is not from 1 to 100")
def batch_of_too_many(batch):
    batch[:] = [{**batch[0], "Id": str(at)} for at in range(101)]


@mistake("asff.jsonl", "bytes, and at most")
def huge_finding(batch):
    batch[0]["Resources"] = [{"Type": "Other", "Id": "x" * 250_000}]


@mistake("asff.jsonl", "different accounts")
def product_of_somebody_else(batch):
    batch[0]["AwsAccountId"] = "222222222222"


@mistake("asff.jsonl", "is there twice")
def same_id_twice(batch):
    batch[1]["Id"] = batch[0]["Id"]


@mistake("asff.jsonl", "none of the namespaces")
def type_of_no_namespace(batch):
    batch[0]["FindingProviderFields"]["Types"] = ["Attacks/Anything"]


@mistake("ticket.md", "<img>")
def tag_in_a_ticket(text):
    return text + "\n- **subject** <img src=x onerror=alert(1)>\n"


@mistake("ticket.md", "<a>")
def link_in_a_ticket(text):
    return text + "\n- **subject** [x](javascript:alert(1)) www.example.com\n"


@mistake("ticket.md", "<table>")
def table_in_a_ticket(text):
    return text + "\n\n| a | b |\n| - | - |\n| c | d |\n"


def is_caught(name: str, said: str, plant, text: str) -> bool:
    if name.endswith(".jsonl"):
        first, rest = text.split("\n", 1)
        value = json.loads(first)
        plant(value)
        planted = f"{json.dumps(value)}\n{rest}"
    else:
        planted = plant(text)
    return any(said in fault for fault in faults_of(name, planted))


def main() -> int:
    folder = Path(sys.argv[1])
    missed = [plant.__name__ for name, said, plant in MISTAKES
              if not is_caught(name, said, plant, (folder / name).read_text())]
    print(f"{len(MISTAKES)} planted mistakes, {len(MISTAKES) - len(missed)} caught")
    for name in missed:
        print(f"  not caught: {name}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
