"""Which call of which API a request is: service, operation, and the ARNs of what it touches. Pure.

The service stands in the scope of the signature (Signature Version 4), the operation in the path and query (S3), in
`X-Amz-Target` (the JSON protocols) or in `Action` (the query protocol). Clients address buckets by the path.
"""

import json
import re
from urllib.parse import parse_qs, unquote, urlsplit

# Operations of S3, by method and a parameter of the query that tells them apart; the first that fits counts.
ON_BUCKETS = [("GET", "list-type", "ListObjectsV2"), ("POST", "delete", "DeleteObjects"),
              ("GET", "location", "GetBucketLocation"), ("GET", "", "ListObjects"), ("HEAD", "", "HeadBucket")]
ON_OBJECTS = [("PUT", "partNumber", "UploadPart"), ("POST", "uploads", "CreateMultipartUpload"),
              ("POST", "uploadId", "CompleteMultipartUpload"), ("DELETE", "uploadId", "AbortMultipartUpload"),
              ("GET", "", "GetObject"), ("HEAD", "", "HeadObject"), ("PUT", "", "PutObject"),
              ("DELETE", "", "DeleteObject")]

# Where the other services name what they touch.
NAMED_BY = {"sns": "TopicArn", "secretsmanager": "SecretId", "sts": "RoleArn"}


def calls(function: str, method: str, target: str, headers: dict[str, str], body: bytes) -> list[dict]:
    """What a request of a function asks for: one call, or one for each object that a batch deletes.

    `target` is the path with its query; names of headers are in lower case.
    """
    scope = re.search(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/aws4_request", headers.get("authorization", ""))
    if not scope:
        raise ValueError(f"{function} sent a request without a signature: {method} {target}")
    if scope[1] == "s3":
        return [{"function": function, "service": "s3", **call} for call in of_s3(method, target, headers, body)]
    operation, asked = of_others(headers, body)
    call = {"function": function, "service": scope[1], "operation": operation}
    resource = asked.get(NAMED_BY.get(scope[1], ""))
    return [call | ({"resource": resource} if resource else {})]


def of_s3(method: str, target: str, headers: dict[str, str], body: bytes) -> list[dict]:
    url = urlsplit(target)
    query = {name: values[0] for name, values in parse_qs(url.query, keep_blank_values=True).items()}
    bucket, _, key = unquote(url.path).lstrip("/").partition("/")
    fitting = (name for verb, parameter, name in (ON_OBJECTS if key else ON_BUCKETS)
               if verb == method and (not parameter or parameter in query))
    operation = next(fitting, None)
    if operation is None or "x-amz-copy-source" in headers:
        raise ValueError(f"this request to S3 is not known here: {method} {target}")
    arn = f"arn:aws:s3:::{bucket}"
    if operation == "DeleteObjects":
        keys = re.findall(r"<Key>(.*?)</Key>", body.decode())
        return [{"operation": operation, "resource": f"{arn}/{key}"} for key in keys]
    call = {"operation": operation, "resource": f"{arn}/{key}" if key else arn}
    if "prefix" in query:
        call["context"] = {"s3:prefix": query["prefix"]}
    return [call]


def of_others(headers: dict[str, str], body: bytes) -> tuple[str, dict]:
    if "x-amz-target" in headers:
        return headers["x-amz-target"].rsplit(".", 1)[-1], json.loads(body or b"{}")
    asked = {name: values[0] for name, values in parse_qs(body.decode()).items()}
    return asked["Action"], asked
