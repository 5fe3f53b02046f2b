"""Tests of the look at who may send to the queue, on the template's own policy of each wiring."""

import sys
import unittest
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent / "local"))
import proxy  # noqa: E402 (it lies with the stack on this machine, like the two below)
import ways  # noqa: E402
import wirings  # noqa: E402
from resolve import Stack  # noqa: E402
from transform import TEMPLATE, transformed  # noqa: E402

# What stands in for MiniStack: who sends, in whose name.
SENDERS = {
    "bucket": ("s3.amazonaws.com", "arn:aws:s3:::trail"),
    "topic": ("sns.amazonaws.com", "arn:aws:sns:us-east-1:000000000000:trail"),
    "eventbridge": ("events.amazonaws.com", "arn:aws:events:us-east-1:000000000000:rule/rolecall-trail"),
    "new": ("s3.amazonaws.com", "arn:aws:s3:::rolecall-trail-000000000000-us-east-1"),
    "none": (None, "arn:aws:s3:::trail"),
}


class Senders(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.template = transformed(TEMPLATE.read_text())

    def may(self, trail: str, change=lambda statement: [statement]) -> set[tuple[str, str]]:
        """Who may send, if the statement of the sender is changed so."""
        sender, source = SENDERS[trail]
        stack = Stack(self.template, {"Trail": trail, "TrailBucket": "trail", "TrailTopicArn": SENDERS["topic"][1]})
        policy = stack.value(self.template["Resources"]["TrailQueuePolicy"]["Properties"]["PolicyDocument"])
        policy["Statement"] = [new for old in policy["Statement"]
                               for new in (change(old) if old["Principal"] == {"Service": sender} else [old])]
        return wirings.senders(policy, source, stack.arn("TrailQueue"))

    def test_each_way_lets_its_own_sender_in_and_nobody_else(self):
        self.assertEqual(set(SENDERS), set(ways.WAYS))
        for trail, (sender, source) in SENDERS.items():
            self.assertEqual(self.may(trail), {(sender, source)} if sender else set(), trail)

    def test_a_sender_that_is_kept_out_or_not_bound_is_seen(self):
        for trail, (sender, source) in SENDERS.items():
            if sender:
                self.assertEqual(self.may(trail, lambda _: []), set(), trail)
                self.assertEqual(self.may(trail, lambda one: [one | {"Effect": "Deny"}]), set(), trail)
                unbound = self.may(trail, lambda one: [one | {"Condition": {}}])
                self.assertEqual(unbound, {(sender, source), (sender, f"{source}-of-another")}, trail)


class Listings(unittest.TestCase):
    def test_only_what_shall_be_old_is_old(self):
        item = b"<Contents><Key>%s</Key><LastModified>2026-03-10T00:00:00.000Z</LastModified></Contents>"
        listing = b"".join(item % key for key in (b"a.b", b"a_b", b"a.bc"))
        self.assertEqual(proxy.aged(listing, ()), listing)
        self.assertEqual(proxy.aged(listing, ("a.b",)), listing.replace(b"2026-03-10", b"2020-01-01", 1))


if __name__ == "__main__":
    unittest.main()
