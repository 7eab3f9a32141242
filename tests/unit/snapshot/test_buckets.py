"""Days in a bucket: whole or not there, whoever writes, and with no more rights than it takes."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from burn import snapshot
from burn.api import AccessError, DataError, Observation, Scope, UsageError, Window
from burn.snapshot.store import SnapshotPlace
from burn.testing import tiny_observation
from tests.unit.snapshot.buckets import Address, bucket

DAY = Window(datetime(2026, 10, 8, tzinfo=UTC), datetime(2026, 10, 9, tzinfo=UTC))
NEXT = Window(DAY.end, DAY.end + timedelta(days=1))
PART = Window(DAY.start, DAY.start + timedelta(hours=6))
SEEN = tiny_observation(DAY)
SCOPE = Scope(cluster="prod", label_keys=("team",))
FRAMES = ("inventory", "presence", "pods", "usage", "mounts")
PLACE = "cluster=prod/day=2026-10-08"


@pytest.fixture(params=["s3", "gs", "abfss"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Address]:
    folder = tmp_path / "bucket"
    folder.mkdir()
    with bucket(request.param, folder) as address:
        yield address


def same(left: Observation, right: Observation) -> None:
    for name in FRAMES:
        pd.testing.assert_frame_equal(
            text(getattr(left, name)), text(getattr(right, name)), check_exact=True
        )
    assert left.coverage == right.coverage


def text(frame: pd.DataFrame) -> pd.DataFrame:
    """A usage frame that was read has categories; what they say is the same."""
    return frame.astype({name: "str" for name in ("pod_uid", "asset_id") if name in frame})


def files(address: str) -> list[str]:
    return sorted(SnapshotPlace(address).files(PLACE))


def test_a_bucket_gives_what_a_folder_gives(kept: Address, tmp_path: Path) -> None:
    """With the rights to write alone it is written, and with those to read alone it is read."""
    with kept("write") as address:
        for day in (DAY, NEXT):
            snapshot.write_day(address, SCOPE, day, tiny_observation(day))
            snapshot.write_day(tmp_path / "disk", SCOPE, day, tiny_observation(day))
    window = Window(DAY.start, NEXT.end)
    with kept("read") as address:
        assert snapshot.clusters(address) == ["prod"]
        assert snapshot.days(address) == [DAY, NEXT]
        assert snapshot.label_keys(address, None, window) == (("team",),)
        back = snapshot.read_days(address, "prod", window)
        same(back, snapshot.read_days(tmp_path / "disk", "prod", window))
        assert back.as_written
        with pytest.raises(DataError, match="holds no 2026-10-10"):
            snapshot.read_days(address, "prod", Window(window.start, NEXT.end + timedelta(days=1)))


def test_who_may_not_is_told_without_the_secret(kept: Address) -> None:
    with kept("read") as address, pytest.raises(AccessError, match="cannot be written") as caught:
        snapshot.write_day(address, SCOPE, DAY, SEEN)
    assert "secret-of-s3" not in caught.value.message
    assert "sig=" not in caught.value.message or "sig=<redacted>" in caught.value.message
    with kept("read") as address:
        assert snapshot.days(address) == []
    with kept("write") as address:
        snapshot.write_day(address, SCOPE, DAY, SEEN)
        with pytest.raises(AccessError, match="cannot be removed"):
            snapshot.prune(address, "prod", NEXT.start)
        assert snapshot.days(address) == [DAY], "no day is half removed"


def test_a_day_without_its_marker_is_none(kept: Address) -> None:
    with kept("prune") as address:
        snapshot.write_day(address, SCOPE, DAY, SEEN)
        place = SnapshotPlace(address)
        (marker,) = (name for name in files(address) if name.endswith(".json"))
        content = place.read(marker)
        assert len(files(address)) == len(FRAMES) + 1
        place.remove(marker)
        assert snapshot.days(address) == []
        with pytest.raises(DataError, match="holds no 2026-10-08"):
            snapshot.read_days(address, "prod", DAY)
        place.write(marker, b"")  # Azure shows a file before its content is there
        assert snapshot.days(address) == []
        place.write(marker, content)
        assert snapshot.days(address) == [DAY]


def test_writers_of_one_day_do_not_disturb_each_other(kept: Address) -> None:
    """Each version is told by its label keys and its pods' labels: they belong together."""

    def version(name: str) -> Observation:
        return replace(SEEN, pods=SEEN.pods.assign(labels=json.dumps({name: "x"})))

    with kept("write") as address:
        writers = [
            threading.Thread(
                target=snapshot.write_day,
                args=(address, replace(SCOPE, label_keys=(name,)), DAY, version(name)),
            )
            for name in "abcd"
        ]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        assert len(files(address)) == 4 * (len(FRAMES) + 1), "nothing is written over"
        back = snapshot.read_days(address, "prod", DAY)
        ((key,),) = snapshot.label_keys(address, "prod", DAY)
        assert set(back.pods["labels"]) == {json.dumps({key: "x"})}
        snapshot.write_day(address, replace(SCOPE, label_keys=("new",)), DAY, version("new"))
        assert snapshot.label_keys(address, "prod", DAY) == (("new",),)


def test_the_longer_day_holds(kept: Address) -> None:
    with kept("write") as address:
        snapshot.write_day(address, SCOPE, PART, tiny_observation(PART))
        assert snapshot.days(address) == [PART]
        snapshot.write_day(address, SCOPE, DAY, SEEN)
        assert snapshot.days(address) == [DAY]
        with pytest.raises(UsageError, match="more than"):
            snapshot.write_day(address, SCOPE, PART, tiny_observation(PART))


def test_days_of_format_1_are_read_from_a_bucket_and_the_other_way_round(
    kept: Address, tmp_path: Path
) -> None:
    """A folder may be copied into a bucket, and a bucket into a folder, by any tool."""
    snapshot.write_day(tmp_path / "disk", SCOPE, DAY, SEEN)
    with kept("write") as address:
        place = SnapshotPlace(address)
        for path in (tmp_path / "disk" / PLACE).iterdir():
            place.write(f"{PLACE}/{path.name}", path.read_bytes())
        same(snapshot.read_days(address, "prod", DAY), SEEN)
        snapshot.write_day(address, replace(SCOPE, label_keys=("new",)), DAY, SEEN)
        assert snapshot.label_keys(address, "prod", DAY) == (("new",),)
        for name in files(address):
            copy = tmp_path / "copy" / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(place.read(name))
    assert snapshot.label_keys(tmp_path / "copy", "prod", DAY) == (("new",),)
    same(snapshot.read_days(tmp_path / "copy", "prod", DAY), SEEN)


def test_old_days_go_with_all_that_is_of_them(kept: Address) -> None:
    with kept("prune") as address:
        for day in (DAY, NEXT):
            snapshot.write_day(address, SCOPE, day, tiny_observation(day))
        snapshot.write_day(address, Scope(cluster="other"), DAY, SEEN)
        SnapshotPlace(address).write(f"{PLACE}/usage.20261008T000000000000Z-0.parquet", b"killed")
        assert snapshot.prune(address, "prod", NEXT.start) == 1
        assert files(address) == []
        assert snapshot.days(address, "prod") == [NEXT]
        assert snapshot.days(address, "other") == [DAY]
        same(snapshot.read_days(address, "prod", NEXT), tiny_observation(NEXT))
        assert snapshot.prune(address, "prod", NEXT.start) == 0


def test_a_file_that_was_changed_in_the_bucket_is_refused(kept: Address) -> None:
    with kept("prune") as address:
        snapshot.write_day(address, SCOPE, DAY, SEEN)
        (usage,) = (name for name in files(address) if "usage" in name)
        place = SnapshotPlace(address)
        place.write(usage, place.read(usage)[:-1] + b"x")
        with pytest.raises(DataError, match="not what was written"):
            snapshot.read_days(address, "prod", DAY)
