"""Tests of the matcher of permissions, on small policies and on the template itself."""

import unittest

from least_privilege import allowed, compare, policies
from resolve import Stack
from transform import TEMPLATE, transformed

LAKE = "arn:aws:s3:::rolecall-lake-000000000000-us-east-1"
PARAMETERS = {"CodeBucket": "code", "Trail": "topic", "TrailBucket": "trail", "TrailPrefix": "org/",
              "TrailTopicArn": "arn:aws:sns:us-east-1:000000000000:trail"}


def allow(action, resource="*", **condition):
    return {"Effect": "Allow", "Sid": "Some", "Action": action, "Resource": resource, "Condition": condition}


def call(function, operation, resource=None, **context):
    service, operation = operation.split(":")
    found = {"function": function, "service": service, "operation": operation, "context": context}
    return found | ({"resource": resource} if resource else {})


class Statements(unittest.TestCase):
    def check(self, statements, action, resource, expected, **context):
        self.assertEqual(allowed(statements, action, resource, context), expected, f"{action} on {resource}")

    def test_an_action_is_allowed_on_what_is_named_and_on_nothing_else(self):
        read = [allow("s3:GetObject", "arn:aws:s3:::b/lake/*")]
        self.check(read, "s3:GetObject", "arn:aws:s3:::b/lake/event/x", True)
        self.check(read, "s3:getobject", "arn:aws:s3:::b/lake/event/x", True)
        self.check(read, "s3:GetObject", "arn:aws:s3:::b/lakes/x", False)
        self.check(read, "s3:GetObject", "arn:aws:s3:::bb/lake/x", False)
        self.check(read, "s3:PutObject", "arn:aws:s3:::b/lake/x", False)
        self.check([], "s3:GetObject", "arn:aws:s3:::b/lake/x", False)

    def test_patterns_are_those_of_iam_and_no_regular_expressions(self):
        self.check([allow("s3:Get?bject", "arn:aws:s3:::b/a.c")], "s3:GetObject", "arn:aws:s3:::b/abc", False)
        self.check([allow("s3:Get?bject", "arn:aws:s3:::b/a?c")], "s3:GetObject", "arn:aws:s3:::b/abc", True)

    def test_a_denial_wins(self):
        denied = [allow("s3:GetObject"), {"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::b/secret"}]
        self.check(denied, "s3:GetObject", "arn:aws:s3:::b/open", True)
        self.check(denied, "s3:GetObject", "arn:aws:s3:::b/secret", False)

    def test_a_condition_must_be_met_and_said(self):
        listing = [allow("s3:ListBucket", "arn:aws:s3:::b", StringLike={"s3:prefix": "AWSLogs/*"})]
        self.check(listing, "s3:ListBucket", "arn:aws:s3:::b", True, **{"s3:prefix": "AWSLogs/1/"})
        self.check(listing, "s3:ListBucket", "arn:aws:s3:::b", False, **{"s3:prefix": "other/"})
        self.check(listing, "s3:ListBucket", "arn:aws:s3:::b", False)
        maybe = [allow("s3:ListBucket", "arn:aws:s3:::b", StringLikeIfExists={"s3:prefix": "AWSLogs/*"})]
        self.check(maybe, "s3:ListBucket", "arn:aws:s3:::b", True)

    def test_an_unknown_test_is_an_error_and_no_permission(self):
        with self.assertRaises(ValueError):
            allowed([allow("s3:GetObject", "*", NumericLessThan={"s3:max-keys": "5"})], "s3:GetObject", "x",
                    {"s3:max-keys": "1"})

    def test_what_is_not_allowed_and_what_is_not_used_are_told(self):
        written = {"one": [allow(["s3:GetObject", "s3:PutObject"]), allow("kms:Decrypt")]}
        refused, unused = compare(written, [call("one", "s3:HeadObject", "x"), call("one", "s3:DeleteObjects", "x"),
                                            call("two", "s3:GetObject", "x"), call("one", "sts:GetCallerIdentity")])
        self.assertEqual(refused, ["one: s3:DeleteObject on x", "two: s3:GetObject on x"])
        self.assertEqual(unused, ["one: s3:PutObject (Some)"])

    def test_an_action_is_used_where_it_is_allowed(self):
        written = {"one": [allow("s3:GetObject", "lake/*") | {"Sid": "Lake"},
                           allow("s3:GetObject", "config/*") | {"Sid": "Config"}]}
        refused, unused = compare(written, [call("one", "s3:GetObject", "lake/x")])
        self.assertEqual((refused, unused), ([], ["one: s3:GetObject (Config)"]))


class Template(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.template = transformed(TEMPLATE.read_text())

    def refused(self, *calls, **parameters):
        return compare(policies(Stack(self.template, PARAMETERS | parameters)), list(calls))[0]

    def test_ingest_reads_the_trail_and_writes_the_lake(self):
        self.assertEqual([], self.refused(
            call("ingest", "s3:GetObject", "arn:aws:s3:::trail/org/AWSLogs/1/CloudTrail/x.json.gz"),
            call("ingest", "s3:ListObjectsV2", "arn:aws:s3:::trail", **{"s3:prefix": "org/AWSLogs/1/"}),
            call("ingest", "s3:PutObject", f"{LAKE}/lake/event/x.parquet"),
            call("ingest", "s3:ListObjectsV2", LAKE),
            call("ingest", "s3:GetObject", f"{LAKE}/config/rolecall.toml")))

    def test_ingest_does_nothing_else(self):
        forbidden = [
            call("ingest", "s3:GetObject", "arn:aws:s3:::trail/other"),
            call("ingest", "s3:ListObjectsV2", "arn:aws:s3:::trail", **{"s3:prefix": "other/"}),
            call("ingest", "s3:PutObject", "arn:aws:s3:::trail/org/AWSLogs/x"),
            call("ingest", "s3:DeleteObject", f"{LAKE}/lake/event/x.parquet"),
            call("ingest", "s3:PutObject", f"{LAKE}/config/rolecall.toml"),
            call("ingest", "sns:Publish", "arn:aws:sns:us-east-1:000000000000:rolecall-findings")]
        self.assertEqual(len(self.refused(*forbidden)), len(forbidden))

    def test_a_new_trail_has_its_own_bucket(self):
        own = "arn:aws:s3:::rolecall-trail-000000000000-us-east-1/AWSLogs/1/x"
        new = {"Trail": "new", "TrailBucket": "", "TrailPrefix": "", "TrailTopicArn": ""}
        self.assertEqual([], self.refused(call("ingest", "s3:GetObject", own), **new))
        self.assertEqual(1, len(self.refused(call("ingest", "s3:GetObject", own))))

    def test_poll_takes_only_the_roles_it_was_given(self):
        given = "arn:aws:iam::111111111111:role/rolecall-poll"
        other = "arn:aws:iam::111111111111:role/admin"
        roles = {"PollRoles": f"{given},arn:aws:iam::222222222222:role/rolecall-poll"}
        self.assertEqual([], self.refused(call("poll", "sts:AssumeRole", given),
                                          call("poll", "cloudtrail:LookupEvents"), **roles))
        self.assertEqual(1, len(self.refused(call("poll", "sts:AssumeRole", other), **roles)))
        self.assertEqual(1, len(self.refused(call("poll", "sts:AssumeRole", given))))

    def test_only_upkeep_deletes_and_only_detect_publishes(self):
        topic = "arn:aws:sns:us-east-1:000000000000:rolecall-findings"
        for function in ("ingest", "poll", "detect", "upkeep", "notify"):
            deletes = self.refused(call(function, "s3:DeleteObject", f"{LAKE}/lake/event/x"))
            publishes = self.refused(call(function, "sns:Publish", topic))
            self.assertEqual((not deletes, not publishes), (function == "upkeep", function == "detect"), function)

    def test_notify_reads_one_secret(self):
        secret = "arn:aws:secretsmanager:us-east-1:000000000000:secret:channels-AbCdEf"
        read = call("notify", "secretsmanager:GetSecretValue", secret)
        self.assertEqual([], self.refused(read, ChannelsSecretArn=secret))
        self.assertEqual(1, len(self.refused(read)))


if __name__ == "__main__":
    unittest.main()
