"""One bucket of each cloud, and the addresses that different people have of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from secrets import token_hex

from tests.servers.aws import moto
from tests.servers.azurite import ACCOUNT, azurite, sas
from tests.servers.gcp_storage import storage
from tests.servers.s3_rights import door

RIGHTS = {
    "s3": {
        "read": ("s3:GetObject", "s3:ListBucket"),
        "write": ("s3:GetObject", "s3:ListBucket", "s3:PutObject"),
        "prune": ("s3:GetObject", "s3:ListBucket", "s3:PutObject", "s3:DeleteObject"),
    },
    "gs": {
        "read": ("storage.objects.get", "storage.objects.list"),
        "write": ("storage.objects.get", "storage.objects.list", "storage.objects.create"),
        "prune": (
            *("storage.objects.get", "storage.objects.list"),
            *("storage.objects.create", "storage.objects.delete"),
        ),
    },
    "abfss": {"read": "rl", "write": "rlcw", "prune": "rlcwd"},
}
"""The least that each needs, as docs/how-to/run-in-a-cronjob.md has it."""
Address = Callable[[str], AbstractContextManager[str]]
"""`read`, `write` or `prune` → the address for somebody who may do that and no more."""


@contextmanager
def bucket(scheme: str, folder: Path) -> Iterator[Address]:
    """A fresh bucket."""
    made = {"s3": _s3, "gs": _gs, "abfss": _abfss}[scheme]
    with made(folder) as address:
        yield address


@contextmanager
def _s3(folder: Path) -> Iterator[Address]:
    import boto3

    keys = {"aws_access_key_id": "k", "aws_secret_access_key": "s", "region_name": "us-east-1"}
    name = f"kept-{token_hex(4)}"  # moto's servers of one process share their buckets
    with moto() as server:
        boto3.client("s3", endpoint_url=server, **keys).create_bucket(Bucket=name)

        @contextmanager
        def address(may: str) -> Iterator[str]:
            with door(server, RIGHTS["s3"][may]) as (url, _):
                host = url.removeprefix("http://")
                options = f"endpoint_override={host}&scheme=http&region=us-east-1"
                yield f"s3://k:secret-of-s3@{name}/burn/kept?{options}"

        yield address


@contextmanager
def _gs(folder: Path) -> Iterator[Address]:
    @contextmanager
    def address(may: str) -> Iterator[str]:
        with storage(folder, "kept", allowed=RIGHTS["gs"][may]) as url:
            host = url.removeprefix("http://")
            options = f"scheme=http&endpoint_override={host}&retry_limit_seconds=2"
            yield f"gs://anonymous@kept/burn/kept?{options}"

    yield address


@contextmanager
def _abfss(folder: Path) -> Iterator[Address]:
    with azurite(folder) as settings:
        host = settings.storage_url.removeprefix("http://")

        @contextmanager
        def address(may: str) -> Iterator[str]:
            signed = sas("2099-01-01T00:00:00Z", str(RIGHTS["abfss"][may]))
            options = f"blob_storage_authority={host}&dfs_storage_authority={host}&enable_tls=false"
            yield f"abfss://exports@{ACCOUNT}.dfs.core.windows.net/kept?{options}&{signed}"

        yield address
