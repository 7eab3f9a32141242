"""A report in a bucket is the file that a disk has, or an error; never a folder called `s3:`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from burn.api import AccessError, UsageError
from burn.place import Place
from tests.unit.builtin.sinks.test_files import write
from tests.unit.snapshot.buckets import Address, bucket


@pytest.fixture(params=["s3", "gs", "abfss"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Address]:
    folder = tmp_path / "bucket"
    folder.mkdir()
    with bucket(request.param, folder) as made:
        yield made


def at(base: str, name: str) -> str:
    """A name below the address, which has options behind it."""
    head, mark, options = base.partition("?")
    return f"{head}/{name}{mark}{options}"


def test_a_bucket_gets_what_a_disk_gets(
    address: Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "disk").mkdir()
    write("html", tmp_path / "disk/report.html")
    write("csv", f"{tmp_path}/disk/tables/")
    with address("prune") as base:  # Cloud Storage calls writing over something deleting it
        for _ in range(2):
            write("html", at(base, "report.html"))
        write("csv", at(base, "tables/"))
        write("parquet", at(base, "ledger.parquet"), table="ledger")
        place = Place(base)
        for path in (tmp_path / "disk").rglob("*.*"):
            name = path.relative_to(tmp_path / "disk").as_posix()
            assert place.read(name) == path.read_bytes()
        assert place.read("ledger.parquet")[:4] == b"PAR1"
    assert {path.name for path in tmp_path.iterdir()} <= {"bucket", "disk", "data"}


def test_who_may_not_write_is_told(address: Address) -> None:
    with address("read") as base, pytest.raises(AccessError, match="cannot be written") as caught:
        write("json", at(base, "report.json"))
    assert "secret-of-s3" not in caught.value.message


@pytest.mark.parametrize("target", ["s3://report.html", "nowhere://bucket/report.html"])
def test_an_address_that_is_none_is_refused(target: str) -> None:
    with pytest.raises(UsageError, match="--output"):
        write("json", target)
