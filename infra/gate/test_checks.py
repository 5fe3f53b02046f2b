"""Tests of the checks of the stack on one machine: each of them can fail. Logs are made here."""

import json
import sys
import unittest
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

sys.path.append(str(Path(__file__).resolve().parent.parent / "local"))
import checks  # noqa: E402 (it lies in a folder that is a program)
import metrics  # noqa: E402 (checks sees to it that it is found)

SECRETS = ["http://127.0.0.1:1/planted-path", "planted-key"]


def metric_line(function: str, units: dict[str, str], namespace: str = "Rolecall") -> str:
    named = [{"Name": name, "Unit": unit} for name, unit in units.items()]
    told = {"Namespace": namespace, "Dimensions": [["Function"]], "Metrics": named}
    return json.dumps({"_aws": {"Timestamp": 0, "CloudWatchMetrics": [told]}, "Function": function, **dict.fromkeys(units, 1.0)})


def lines() -> dict[str, list[str]]:
    """What the functions write when nothing is wrong: notify runs twice."""
    found = {}
    for function, units in metrics.written().items():
        done = json.dumps({"function": function, "message": "done", "durationMs": 3})
        found[function] = [done, metric_line(function, units)]
    found["notify"].append(json.dumps({"function": "notify", "message": "done", "durationMs": 4}))
    found["ingest"].append(json.dumps({"function": "ingest", "messageId": "m1", "why": "the message is no JSON"}))
    return found


class Logs(unittest.TestCase):
    def look(self, written: dict[str, list[str]], own: str = "", tokens=("TOKEN",), is_demo: bool = True, asked: int = 1) -> None:
        trail = SimpleNamespace(given_up="m1", tokens=lambda: set(tokens), is_demo=is_demo)
        call = {"function": "notify", "operation": "GetSecretValue"}
        with mock.patch.multiple(checks, logs_of=lambda _: written, own_log=lambda _: own, say=lambda _: None):
            checks.logs(None, SimpleNamespace(secrets=SECRETS), trail)
            checks.secret_is_kept(None, SimpleNamespace(seen=[call] * asked))

    def test_what_is_right_passes(self):
        self.look(lines())
        self.look(lines(), tokens=(), is_demo=False)

    def test_each_fault_is_told(self):
        units = metrics.written()["upkeep"]
        silent, nameless, leaky = lines() | {"poll": []}, lines(), lines()
        nameless["ingest"].pop()
        leaky["detect"].append(json.dumps({"function": "detect", "message": "key is TOKEN"}))
        quiet = lines() | {"upkeep": lines()["upkeep"][:1]}
        short = lines() | {"upkeep": [lines()["upkeep"][0], metric_line("upkeep", dict(list(units.items())[1:]))]}
        other = lines() | {"upkeep": [lines()["upkeep"][0], metric_line("upkeep", units, "Planted")]}
        for fault, given in [
            ("poll logged nothing", dict(written=silent)),
            ("of the dead letter m1", dict(written=nameless)),
            ("a log holds what it must not: TOKEN", dict(written=leaky)),
            ("a log holds what it must not: planted-key", dict(written=lines(), own="key planted-key")),
            ("upkeep told the metrics {}", dict(written=quiet)),
            ("upkeep told the metrics {'", dict(written=short)),
            ("metrics of upkeep are told as ('Planted'", dict(written=other)),
            ("the trail holds no session token", dict(written=lines(), tokens=())),
            ("notify asked 2 times", dict(written=lines(), asked=2)),
            ("notify asked 0 times", dict(written=lines(), asked=0)),
        ]:
            with self.subTest(fault), self.assertRaises(SystemExit) as ended:
                self.look(**given)
            self.assertIn(fault, str(ended.exception))


if __name__ == "__main__":
    unittest.main()
