"""The peer: DuckDB reads the same fields of a trail with read_json, and writes Parquet.

    python duckdb_peer.py TRAIL OUT.parquet
"""

import sys
import time

import duckdb

IDENTITY = """STRUCT(type VARCHAR, principalId VARCHAR, arn VARCHAR, accountId VARCHAR, accessKeyId VARCHAR,
    userName VARCHAR, invokedBy VARCHAR, identityProvider VARCHAR,
    sessionContext STRUCT(sessionIssuer STRUCT("type" VARCHAR, principalId VARCHAR, arn VARCHAR, accountId VARCHAR),
        attributes STRUCT(creationDate VARCHAR, mfaAuthenticated VARCHAR),
        sourceIdentity VARCHAR, ec2RoleDelivery VARCHAR))"""
REQUEST = "STRUCT(roleArn VARCHAR, roleSessionName VARCHAR, durationSeconds BIGINT, externalId VARCHAR)"
RESPONSE = """STRUCT(credentials STRUCT(accessKeyId VARCHAR, expiration VARCHAR),
    assumedRoleUser STRUCT(assumedRoleId VARCHAR, arn VARCHAR))"""
RECORD = f"""STRUCT(eventID VARCHAR, eventTime VARCHAR, eventSource VARCHAR, eventName VARCHAR, eventType VARCHAR,
    awsRegion VARCHAR, sourceIPAddress VARCHAR, userAgent VARCHAR, errorCode VARCHAR, errorMessage VARCHAR,
    requestID VARCHAR, sharedEventID VARCHAR, readOnly BOOLEAN, recipientAccountId VARCHAR,
    userIdentity {IDENTITY}, requestParameters {REQUEST}, responseElements {RESPONSE})"""


def main(trail, out):
    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    start = time.monotonic()
    # One thread parses one object, and needs a buffer for the whole of it.
    connection.execute(f"""
        COPY (
            SELECT unnest(Records, recursive := true)
            FROM (SELECT Records
                  FROM read_json('{trail}/**/*.json.gz', format = 'unstructured',
                                 maximum_object_size = 64000000,
                                 columns = {{Records: '{RECORD}[]'}}))
        ) TO '{out}' (FORMAT parquet, COMPRESSION zstd)""")
    seconds = time.monotonic() - start
    rows = connection.execute(f"SELECT count(*) FROM '{out}'").fetchone()[0]
    print(f"{rows} records, {seconds:.2f} seconds")


if __name__ == "__main__":
    main(*sys.argv[1:])
