"""What must hold in the end. Each check ends the program if it does not."""

import json
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import beside
from cloud import Cloud, say, wait_for
from history import STS, History
from leftovers import Leftovers
from proxy import Proxy
from stack import TEMPLATE, ask, invoke, logs_of, messages, own_log, waiting
from subscriber import Subscriber
from trail import Trail
from webhook import MOODS, ROUTING_KEY, Webhook

GATE = beside.INFRA / "gate"
import metrics as source  # noqa: E402 (it lies in the gate, which holds the pages to it)


def hold(what: bool, otherwise: str) -> None:
    if not what:
        raise SystemExit(otherwise)


def poll(cloud: Cloud, history: History, lake: str, rolecall: Path) -> None:
    """Every event of STS that the history tells of is in the lake once, after a second poll too."""
    history.fill()
    if not history.ids(STS):
        return say("the trail holds no events of STS that poll could ask for")
    first, again = invoke(cloud, "poll"), invoke(cloud, "poll")
    say(f"poll: {json.dumps(first)}, and again: {json.dumps(again)}")
    hold(first["left"] == again["left"] == 0, "poll left something unread")
    hold(first["refused"] > 0 and set(history.answers) == {"ok", "ThrottlingException"},
         f"LookupEvents answered {Counter(history.answers)}, and poll was refused {first['refused']} times")
    hold(again["records"] > 0 and again["newEvents"] == again["newCalls"] == 0, "a second poll brought something new")
    ids = history.ids(STS)
    among = ", ".join(f"'{one}'" for one in ids)
    statement = f"select event_id from event where event_id in ({among}) order by event_id"
    found = [row["event_id"] for row in ask(cloud, rolecall, lake, statement)]
    hold(found == ids, f"of {len(ids)} events of STS, the lake holds {len(set(found))} in {len(found)} rows")
    say(f"the lake holds each of {len(ids)} polled events of STS once")


def upkeep(cloud: Cloud, leftovers: Leftovers) -> None:
    """upkeep deletes what a writer left long ago, and nothing else."""
    leftovers.put()
    did = invoke(cloud, "upkeep")
    say(f"upkeep: {json.dumps(did)}")
    hold((did["filesDeleted"], leftovers.there()) == (1, [leftovers.new]),
         f"upkeep deleted {did['filesDeleted']} files, and {leftovers.there()} are there")


def webhook(cloud: Cloud, webhook: Webhook, dead: str, published: int) -> None:
    """The webhook has what was published, after all its moods; what the closed channel refused, and that alone, is a
    dead letter with its reason."""
    wait_for(f"{published} findings at the webhook", 300, lambda: len(webhook.findings()) >= published)
    critical = {fingerprint for fingerprint, finding in webhook.findings().items() if finding["severity"] == "critical"}
    wait_for(f"{len(critical)} dead letters", 120, lambda: waiting(cloud, dead)[0] >= len(critical))
    time.sleep(5)  # for what must not come
    hold(len(webhook.findings()) == published, f"{published} findings were published, and {len(webhook.findings())} came")
    hold(webhook.had == MOODS or published == 0, f"the webhook came only to {webhook.had}")
    hold(not webhook.unsigned, f"{webhook.unsigned} requests to the webhook were not signed with its secret")
    hold(not webhook.trapped, "notify followed a redirect")
    paged = {page["dedup_key"] for page in webhook.pages if page["routing_key"] == ROUTING_KEY}
    hold(paged == critical, f"the pager was told of {paged}, and not of {critical}")
    letters = [json.loads(body) for body in messages(cloud, dead).values()]
    told = [json.loads(record["Sns"]["Message"])["fingerprint"] for letter in letters
            for record in letter["requestPayload"]["Records"]]
    hold(sorted(told) == sorted(critical), f"dead letters are of {told}, and not of {critical}")
    for letter in letters:
        why = letter["responsePayload"]["errorMessage"]
        hold("closed: the receiver answers 410" in why, f"a dead letter does not say why: {why}")
        for secret in webhook.secrets:
            hold(secret not in json.dumps(letter), f"a dead letter tells what it must not: {secret}")
    say(f"the webhook holds {len(webhook.findings())} findings after {webhook.had}; {len(letters)} are dead letters")


def subscriber(subscriber: Subscriber, webhook: Webhook) -> None:
    """Whoever verifies signatures got what the filter of its subscription lets through, and believed nothing else."""
    hold(not subscriber.wrong, "; ".join(subscriber.wrong))
    wanted = sorted(fingerprint for fingerprint, finding in webhook.findings().items() if finding["severity"] != "low")
    got = sorted(finding["fingerprint"] for finding in subscriber.findings)
    hold(got == wanted, f"the subscriber got {got}, and not {wanted}")
    say(f"the subscriber verified {len(got)} findings, and refused {subscriber.forgeries} changed messages")


def logs(cloud: Cloud, webhook: Webhook, trail: Trail) -> None:
    """Each function logs what it did and its metrics; the dead letter is told of by its id; and no log holds a secret
    of the channels, or a token of the trail."""
    written, found = logs_of(cloud), {}
    for function, lines in written.items():
        found[function] = [json.loads(line) for line in lines]
        hold(any(line.get("function") == function for line in found[function]), f"{function} logged nothing")
        metrics(function, [line for line in found[function] if "_aws" in line])
    back = [line["why"] for line in found["ingest"] if line.get("messageId") == trail.given_up]
    hold("the message is no JSON" in back, f"of the dead letter {trail.given_up}, ingest says only {back}")
    tokens = trail.tokens()
    hold(tokens or not trail.is_demo, "the trail holds no session token, so that none could be in a log")
    told = "\n".join([*(line for lines in written.values() for line in lines), own_log(cloud)])
    for secret in [*webhook.secrets, *tokens]:
        hold(secret not in told, f"a log holds what it must not: {secret}")
    counts = {function: len(lines) for function, lines in written.items()}
    say(f"lines of log: {counts}; none holds one of {len(webhook.secrets) + len(tokens)} secrets")


def metrics(function: str, lines: list[dict]) -> None:
    """What a function tells CloudWatch is what its source says: namespace, dimension, names, units, and numbers."""
    units, told = source.written()[function], {}
    for line in lines:
        for group in line["_aws"]["CloudWatchMetrics"]:
            where = (group["Namespace"], group["Dimensions"], line[source.dimension()])
            hold(where == ("Rolecall", [[source.dimension()]], function), f"metrics of {function} are told as {where}")
            told |= {metric["Name"]: metric["Unit"] for metric in group["Metrics"]}
            hold(all(isinstance(line[metric["Name"]], float) for metric in group["Metrics"]), f"no number: {line}")
    hold(told == units, f"{function} told the metrics {told}, and not {units}")


def secret_is_kept(cloud: Cloud, proxy: Proxy) -> None:
    """notify asks for its channels less often than it runs."""
    runs = sum("durationMs" in json.loads(line) for line in logs_of(cloud)["notify"])
    asked = sum((call["function"], call["operation"]) == ("notify", "GetSecretValue") for call in proxy.seen)
    hold(0 < asked < runs, f"notify asked {asked} times for its secret in {runs} runs")
    say(f"notify asked {asked} times for its secret in {runs} runs")


def permissions(proxy: Proxy, calls: Path, given: dict[str, str], folder: Path) -> None:
    """Every call of a function is allowed by its policy, and whatever its policy allows was used."""
    hold(not proxy.broken, f"requests that are not understood: {proxy.broken[:5]}")
    say(f"calls: {dict(Counter(call['function'] for call in proxy.seen))}")
    parameters = folder / "parameters.json"
    parameters.write_text(json.dumps(given))
    held = subprocess.run([sys.executable, GATE / "least_privilege.py", TEMPLATE, calls, parameters], stdout=sys.stderr)
    hold(held.returncode == 0, "the policies and the calls do not fit")
