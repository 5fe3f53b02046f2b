"""What killed writers left in the lake: files that no commit names."""

from cloud import Cloud

FOLDER = "event/date=2026-03-10"


class Leftovers:
    """Two files: one of long ago, which upkeep deletes, and one of now, whose writer may yet commit it.

    MiniStack dates an object by when it was put, and no other way. The proxy says that the older one is old.
    """

    def __init__(self, cloud: Cloud, lake: str) -> None:
        self.cloud, self.s3 = cloud, cloud.client("s3")
        self.bucket, _, prefix = lake.removeprefix("s3://").partition("/")
        self.old, self.new = (f"{prefix}/{FOLDER}/{name}.zstd.parquet" for name in ("left-long-ago", "being-written"))

    def put(self) -> None:
        for key in (self.old, self.new):
            self.s3.put_object(Bucket=self.bucket, Key=key, Body=b"PAR1")

    def there(self) -> list[str]:
        """Which of them are there still."""
        found = self.s3.list_objects_v2(Bucket=self.bucket, Prefix=self.old.rpartition("/")[0])["Contents"]
        return [item["Key"] for item in found if item["Key"] in (self.old, self.new)]
