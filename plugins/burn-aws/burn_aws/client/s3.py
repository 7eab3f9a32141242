"""A bill under an S3 prefix: listed, and downloaded once per version of each file.

Why a cache on disk, and not a remote scan: a run asks several queries of the same files, the
export may be overwritten meanwhile (a file is fetched only in the version that was listed), and
the engine reads both local folders and S3 with the same reader. See docs/adr/0012.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from burn.api import AccessError, DataError, UsageError
from burn.api.bills.files.copies import remember
from burn.api.bills.files.local import Entry, kind_of, unzip
from burn.api.bills.files.private import open_private, private_folder
from burn_aws.client.errors import code_of, translated
from burn_aws.client.session import AwsSession

BLOCK = 1 << 20


class S3Files:
    """Lists and fetches files below s3://bucket/prefix.

    Args:
        url: the prefix, or one object.
        session: makes the client.
        cache: folder that keeps what was downloaded.
    """

    def __init__(self, url: str, session: AwsSession, cache: Path) -> None:
        self.root = url
        bucket, _, prefix = url.removeprefix("s3://").partition("/")
        if not bucket:
            raise UsageError(f"{url} names no bucket", hint="write s3://bucket/prefix/")
        self._bucket, self._prefix = bucket, prefix
        self._session = session
        self._cache = cache / "s3" / bucket

    @property
    def _client(self) -> Any:
        return self._session.client("s3")

    def entries(self) -> list[Entry]:
        """Every object below the prefix, in the order of its key.

        Raises:
            AccessError: the bucket is missing, may not be listed, or AWS is out of reach.
            DataError: nothing lies below the prefix.
        """
        found = sorted(self._listed(), key=lambda entry: entry.path)
        if not found:
            raise DataError(
                f"nothing lies below {self.root}",
                hint="check the prefix; the first delivery of an export takes up to a day",
            )
        return found

    def read(self, entry: Entry) -> bytes:
        """One small object's content."""
        with translated("s3:GetObject", f"s3://{self._bucket}/{self._key(entry)}"):
            answer = self._client.get_object(Bucket=self._bucket, Key=self._key(entry))
            return bytes(answer["Body"].read())

    def part(self, entry: Entry, start: int, size: int) -> bytes:
        """Bytes of an object, fewer at its end."""
        span = f"bytes={start}-{start + size - 1}"
        with translated("s3:GetObject", f"s3://{self._bucket}/{self._key(entry)}"):
            answer = self._client.get_object(Bucket=self._bucket, Key=self._key(entry), Range=span)
            return bytes(answer["Body"].read())

    def fetch(self, entries: Sequence[Entry]) -> list[Path]:
        """Local copies of exactly the listed versions, downloading what is not there yet."""
        paths: list[Path] = []
        for entry in entries:
            path = self._kept(entry)
            if not path.exists():
                self._download(entry, path)
            remember(path, f"s3://{self._bucket}/{self._key(entry)}")
            zipped = kind_of(entry.path) == "zip"
            paths += unzip(path, path.with_suffix("")) if zipped else [path]
        return paths

    def _listed(self) -> Iterator[Entry]:
        with translated("s3:ListBucket", self.root):
            pages = self._client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self._bucket, Prefix=self._prefix):
                for item in page.get("Contents", ()):
                    key = str(item["Key"])
                    path = key.removeprefix(self._prefix).lstrip("/") or key.rpartition("/")[2]
                    if not key.endswith("/"):
                        yield Entry(path, int(item["Size"]), str(item["ETag"]))

    def _key(self, entry: Entry) -> str:
        if not self._prefix or self._prefix.endswith("/"):
            return self._prefix + entry.path
        if self._prefix.endswith(entry.path):
            return self._prefix
        return f"{self._prefix}/{entry.path}"

    def _kept(self, entry: Entry) -> Path:
        version = hashlib.sha256(entry.version.encode()).hexdigest()[:16]
        suffix = "".join(Path(entry.name).suffixes[-2:])
        return self._cache / self._key(entry) / f"{version}{suffix}"

    def _download(self, entry: Entry, path: Path) -> None:
        name = f"s3://{self._bucket}/{self._key(entry)}"
        try:
            private_folder(path.parent)
            for old in path.parent.glob("*"):
                if old.is_file():
                    old.unlink()  # an overwritten version will not be asked for again
            partial = path.with_name(path.name + ".part")
            self._stream(entry, partial, name)
            partial.replace(path)
        except OSError as error:
            raise AccessError(
                f"{name} cannot be kept in {path.parent}: {error.strerror}",
                hint="make room, or set provider.aws.cache to another folder",
            ) from error

    def _stream(self, entry: Entry, partial: Path, name: str) -> None:
        from botocore.exceptions import ClientError

        with translated("s3:GetObject", name):
            try:
                answer = self._client.get_object(
                    Bucket=self._bucket, Key=self._key(entry), IfMatch=entry.version
                )
            except ClientError as error:
                if code_of(error) not in {"PreconditionFailed", "412", "NoSuchKey", "404"}:
                    raise
                raise DataError(
                    f"{name} was overwritten while it was being read",
                    hint="a delivery is under way; repeat the command in a few minutes",
                ) from error
            with open_private(partial) as sink:
                for block in answer["Body"].iter_chunks(BLOCK):
                    sink.write(block)
        if partial.stat().st_size != entry.size:
            raise DataError(
                f"{name} came with {partial.stat().st_size} of {entry.size} bytes",
                hint="the connection broke; repeat the command",
            )
