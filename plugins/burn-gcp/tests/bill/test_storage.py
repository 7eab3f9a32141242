"""Bill files on a file system of Arrow's: listed, fetched once a version, refused with a hint."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pyarrow.fs import LocalFileSystem

from burn.api import AccessError, DataError
from burn.api.bills.files.remote import ArrowFiles
from burn_gcp.bill.source import BillSource
from burn_gcp.client import session
from burn_gcp.client.session import GcpSession
from burn_gcp.settings import GcpSettings
from tests.servers.gcp import serving
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


@pytest.fixture
def nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine without credentials, and a metadata server that is not Google's."""
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path / "gcloud"))
    monkeypatch.setenv("HOME", str(tmp_path))
    with serving() as url:
        host = url.removeprefix("http://")
        for name in ("GCE_METADATA_HOST", "GCE_METADATA_ROOT", "GCE_METADATA_IP"):
            monkeypatch.setenv(name, host)
        yield


def source(url: str, cache: Path) -> BillSource:
    settings = GcpSettings(bill="gs://billing/export/", endpoint_url=url, cache=str(cache))
    return BillSource(settings, GcpSession(settings))


def test_a_bucket(tmp_path: Path) -> None:
    (tmp_path / "bucket/export").mkdir(parents=True)
    columns = ["usage_start_time", "usage_end_time", "project.id", "service.description"]
    columns += ["sku.description", "location.region", "cost", "currency", "invoice.month"]
    columns += ["usage.amount_in_pricing_units", "usage.pricing_unit", "credits", "labels"]
    text = ",".join([*columns, "cost_type"]) + "\n"
    (tmp_path / "bucket/export/part-0.csv").write_text(text)
    with storage(tmp_path / "bucket") as url:
        opened = source(url, tmp_path / "cache").open()
    assert list(opened.columns) == [*columns, "cost_type"]
    assert next(iter(opened.files.values())).endswith(".csv")


def test_a_refused_bucket_names_the_permission(tmp_path: Path) -> None:
    with storage(tmp_path, refuse=403) as url, pytest.raises(AccessError) as caught:
        source(url, tmp_path / "cache").open()
    assert "storage.objects.list" in str(caught.value.hint)


def test_no_credentials_is_an_error_and_no_waiting(nobody: None, tmp_path: Path) -> None:
    del nobody
    with pytest.raises(AccessError, match="no Google Cloud credentials: Your") as caught:
        source("", tmp_path / "cache").open()
    assert "gcloud auth application-default login" in str(caught.value.hint)


@pytest.mark.parametrize("status", [429, 503])
def test_a_service_that_stays_down_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    monkeypatch.setattr(session, "PATIENCE", timedelta(seconds=1))
    with storage(tmp_path, refuse=status) as url, pytest.raises(AccessError, match="billing/exp"):
        source(url, tmp_path / "cache").open()
