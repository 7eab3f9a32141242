"""Bill files on a file system of Arrow's: listed, fetched once a version, refused with a hint."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyarrow.fs import LocalFileSystem

from burn.api import AccessError, DataError
from burn.api.bills.arrow_files import ArrowFiles
from burn_gcp.bill_source import BillSource
from burn_gcp.client.session import GcpSession
from burn_gcp.settings import GcpSettings
from tests.servers.gcp_storage import storage


def files(folder: Path, cache: Path) -> ArrowFiles:
    return ArrowFiles(LocalFileSystem(), str(folder), str(folder), cache, setting="bill")


def test_listed_and_fetched_once(tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "a").mkdir(parents=True)
    (root / "a/one.csv.gz").write_bytes(b"\x1f\x8bnot unpacked on the way")
    place = files(root, tmp_path / "cache")
    (entry,) = place.entries()
    assert (entry.path, entry.size) == ("a/one.csv.gz", 25)
    (path,) = place.fetch([entry])
    assert path.read_bytes() == place.read(entry) == (root / "a/one.csv.gz").read_bytes()
    path.write_bytes(b"kept")
    assert place.fetch([entry]) == [path]
    assert path.read_bytes() == b"kept"


def test_a_single_file_and_nothing(tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_text("x")
    (entry,) = files(tmp_path / "one.csv", tmp_path / "cache").entries()
    assert files(tmp_path / "one.csv", tmp_path / "cache").read(entry) == b"x"
    with pytest.raises(DataError, match="nothing lies below"):
        files(tmp_path / "none", tmp_path / "cache").entries()


def source(url: str, cache: Path) -> BillSource:
    settings = GcpSettings(bill="gs://billing/export/", endpoint_url=url, cache=str(cache))
    return BillSource(settings, GcpSession(settings))


def test_a_bucket(tmp_path: Path) -> None:
    (tmp_path / "bucket/export").mkdir(parents=True)
    text = "usage_start_time,cost\n2026-10-01,1.5\n"
    (tmp_path / "bucket/export/part-0.csv").write_text(text)
    with storage(tmp_path / "bucket") as url:
        opened = source(url, tmp_path / "cache").open()
    assert list(opened.columns) == ["usage_start_time", "cost"]


def test_a_refused_bucket_names_the_permission(tmp_path: Path) -> None:
    with storage(tmp_path, refuse=True) as url, pytest.raises(AccessError) as caught:
        source(url, tmp_path / "cache").open()
    assert "storage.objects.list" in str(caught.value.hint)
