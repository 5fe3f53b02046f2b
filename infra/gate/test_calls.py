"""Tests of the reader of requests: which call of which API each of them is."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "local"))
from calls import calls  # noqa: E402 (it lies with the stack on this machine, which records with it)

LAKE = "arn:aws:s3:::lake"


def signed(service: str, **more: str) -> dict[str, str]:
    scope = f"ASIAX/20260310/us-east-1/{service}/aws4_request"
    return {"authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"} | more


class Calls(unittest.TestCase):
    def check(self, request, *expected):
        method, target, headers, body = request
        found = calls("f", method, target, headers, body)
        found = [(call["service"], call["operation"], call.get("resource")) for call in found]
        self.assertEqual(found, list(expected), request)

    def test_s3_says_it_by_method_path_and_query(self):
        for method, target, operation, resource in [
            ("GET", "/lake/event/_delta_log/1.json", "GetObject", f"{LAKE}/event/_delta_log/1.json"),
            ("HEAD", "/lake/x", "HeadObject", f"{LAKE}/x"),
            ("PUT", "/lake/date%3D2026-03-10/a%20b", "PutObject", f"{LAKE}/date=2026-03-10/a b"),
            ("DELETE", "/lake/x", "DeleteObject", f"{LAKE}/x"),
            ("POST", "/lake/x?uploads", "CreateMultipartUpload", f"{LAKE}/x"),
            ("POST", "/lake/x?uploads=", "CreateMultipartUpload", f"{LAKE}/x"),
            ("PUT", "/lake/x?partNumber=1&uploadId=u", "UploadPart", f"{LAKE}/x"),
            ("POST", "/lake/x?uploadId=u", "CompleteMultipartUpload", f"{LAKE}/x"),
            ("DELETE", "/lake/x?uploadId=u", "AbortMultipartUpload", f"{LAKE}/x"),
            ("GET", "/lake?list-type=2&prefix=event%2F", "ListObjectsV2", LAKE),
            ("GET", "/lake/?list-type=2&prefix=event%2F", "ListObjectsV2", LAKE),
            ("HEAD", "/lake", "HeadBucket", LAKE),
        ]:
            self.check((method, target, signed("s3"), b""), ("s3", operation, resource))

    def test_a_listing_says_where(self):
        listing = calls("f", "GET", "/lake?list-type=2&prefix=AWSLogs%2F1", signed("s3"), b"")
        self.assertEqual(listing[0]["context"], {"s3:prefix": "AWSLogs/1"})
        self.assertNotIn("context", calls("f", "GET", "/lake?list-type=2", signed("s3"), b"")[0])

    def test_a_batch_deletes_each_of_its_objects(self):
        body = b"<Delete><Object><Key>a</Key></Object><Object><Key>b/c</Key></Object></Delete>"
        self.check(("POST", "/lake?delete=", signed("s3"), body), ("s3", "DeleteObjects", f"{LAKE}/a"),
                   ("s3", "DeleteObjects", f"{LAKE}/b/c"))

    def test_the_others_say_it_in_a_header_or_in_the_body(self):
        target = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents"
        self.check(("POST", "/", signed("cloudtrail", **{"x-amz-target": target}), b"{}"),
                   ("cloudtrail", "LookupEvents", None))
        self.check(("POST", "/", signed("secretsmanager", **{"x-amz-target": "secretsmanager.GetSecretValue"}),
                    b'{"SecretId":"arn:s"}'), ("secretsmanager", "GetSecretValue", "arn:s"))
        self.check(("POST", "/", signed("sns"), b"Action=PublishBatch&TopicArn=arn%3Aaws%3Asns%3A1"),
                   ("sns", "PublishBatch", "arn:aws:sns:1"))
        self.check(("POST", "/", signed("sts"), b"Action=GetCallerIdentity&Version=2011-06-15"),
                   ("sts", "GetCallerIdentity", None))

    def test_what_is_not_understood_is_no_call(self):
        for request in [("GET", "/lake/x", {}, b""), ("PATCH", "/lake/x", signed("s3"), b""),
                        ("PUT", "/lake/x", signed("s3", **{"x-amz-copy-source": "lake/y"}), b"")]:
            with self.assertRaises(ValueError):
                calls("f", *request)


if __name__ == "__main__":
    unittest.main()
