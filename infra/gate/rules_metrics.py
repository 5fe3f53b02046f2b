"""Alarms and the dashboard show what somebody writes: a misspelt metric has no data, and looks like peace."""

import json
from collections.abc import Iterator

from look import either, refers, resources
from metrics import dimension, written

# Metrics of AWS that say something here: their dimension, the type it names, how it names one, and their names.
OF_AWS = {
    "AWS/Lambda": ("FunctionName", "AWS::Lambda::Function", "${%s}", {"Errors", "Throttles", "Invocations", "Duration"}),
    "AWS/SQS": ("QueueName", "AWS::SQS::Queue", "${%s.QueueName}",
                {"ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"}),
}
OWN = "${MetricsNamespace}"


def text(value) -> str:
    """A value as `Fn::Sub` writes it."""
    if isinstance(value, dict) and "Fn::GetAtt" in value:
        got = value["Fn::GetAtt"]
        return "${" + (got if isinstance(got, str) else ".".join(got)) + "}"
    return "${" + refers(value) + "}" if isinstance(value, dict) else str(value)


def wrong(template: dict, namespace: str, metric: str, dimensions: list[tuple[str, str]]) -> Iterator[str]:
    """Why nobody writes a metric with these dimensions; of a dimension with several values, each must be written."""
    shown = f"{namespace} {metric} {dimensions}"
    if namespace == OWN:
        name, values = dimension(), {function for function, metrics in written().items() if metric in metrics}
    elif namespace in OF_AWS:
        name, kind, form, metrics = OF_AWS[namespace]
        values = {form % resource for resource in resources(template, kind)} if metric in metrics else set()
    else:
        yield f"no such namespace is known here: {shown}"
        return
    if not dimensions or any(of != name or value not in values for of, value in dimensions):
        yield f"nobody writes {shown}"


def watched(template: dict) -> Iterator[str]:
    """Alarms watch what is written; that of silence watches whoever reads records."""
    for name, alarm in resources(template, "AWS::CloudWatch::Alarm").items():
        found = alarm["Properties"]
        dimensions = [(one["Name"], text(value)) for one in found.get("Dimensions", []) for value in either(one["Value"])]
        for flaw in wrong(template, text(found["Namespace"]), found["MetricName"], dimensions):
            yield f"{name}: {flaw}"
        if found["MetricName"] == "Records" and {value for _, value in dimensions} != {"ingest", "poll"}:
            yield f"{name}: ingest and poll read records, and not {dimensions}"


def rows(metrics: list[list]) -> Iterator[list[str]]:
    """The rows of a widget in full: `...` stands for what the row before had there, `.` for one field of it."""
    before: list[str] = []
    for row in metrics:
        fields = [field for field in row if isinstance(field, str)]
        if fields[0] == "...":
            fields = before[:len(before) - len(fields) + 1] + fields[1:]
        before = [before[place] if field == "." else field for place, field in enumerate(fields)]
        yield before


def dashboards(template: dict) -> Iterator[str]:
    """The dashboard is JSON, shows what is written, and all alarms."""
    for name, board in resources(template, "AWS::CloudWatch::Dashboard").items():
        try:
            widgets = json.loads(board["Properties"]["DashboardBody"]["Fn::Sub"])["widgets"]
        except ValueError as error:
            yield f"{name}: it is no JSON: {error}"
            continue
        shown = set()
        for widget in widgets:
            title = widget["properties"]["title"]
            shown |= set(widget["properties"].get("alarms", []))
            for namespace, metric, *fields in rows(widget["properties"].get("metrics", [])):
                for flaw in wrong(template, namespace, metric, list(zip(fields[::2], fields[1::2]))):
                    yield f"{name}: {title}: {flaw}"
        alarms = {"${%s.Arn}" % alarm for alarm in resources(template, "AWS::CloudWatch::Alarm")}
        for alarm in sorted(shown ^ alarms):
            yield f"{name}: {alarm} is {'no alarm' if alarm in shown else 'not shown'}"


RULES = [watched, dashboards]
