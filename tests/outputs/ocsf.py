"""OCSF: a Detection Finding with the profile `cloud`, by the schemas of all releases that we say it is valid in."""

from jsonschema import Draft202012Validator
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

RELEASES = ["1.4.0", "1.5.0", "1.6.0", "1.7.0", "1.8.0"]


def validator(release: str) -> Draft202012Validator:
    schema = OcsfJsonSchemaEmbedded(get_ocsf_schema(version=release))
    return Draft202012Validator(schema.get_class_schema("detection_finding", ["cloud"]))


VALIDATORS = {release: validator(release) for release in RELEASES}
ATTRIBUTES = get_ocsf_schema(version=RELEASES[0])["classes"]["detection_finding"]["attributes"]


def siblings(event) -> list[str]:
    """The word beside a number must be the number's caption."""
    found = []
    for name, attribute in ATTRIBUTES.items():
        word, number = attribute.get("sibling"), event.get(name)
        caption = attribute.get("enum", {}).get(str(number), {}).get("caption")
        if word in event and caption not in (None, "Other", event[word]):
            found.append(f"{word} is {event[word]}, and {name} says {caption}")
    return found


def faults(event) -> list[str]:
    """What is wrong with an event."""
    found = siblings(event)
    for release, judge in VALIDATORS.items():
        found += [f"{release}: {error.json_path}: {error.message[:200]}" for error in judge.iter_errors(event)]
    if event.get("type_uid") != event.get("class_uid", 0) * 100 + event.get("activity_id", 0):
        found.append("type_uid does not fit class_uid and activity_id")
    if event.get("metadata", {}).get("version") != RELEASES[0]:
        found.append("metadata.version is not the oldest release in which it is valid")
    return found
