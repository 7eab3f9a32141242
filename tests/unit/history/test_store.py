"""What is kept comes back to the last bit; what was not kept whole is not there."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

from burn.api import AccessError, DataError, Report, schemas
from burn.history import facts
from burn.history.place import Place
from burn.history.store import History
from tests.unit.builtin.sinks.outputs import BY_NAME, render
from tests.unit.history.reports import NOW, rich, same

OLD = Path(__file__).parent / "kept"
"""A folder as the first version wrote it; never written again."""


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(Place(str(tmp_path / "history")))


def test_every_field_of_a_report_is_kept() -> None:
    assert {field.name for field in fields(Report)} == {*facts.FRAMES, *facts.OF_REPORT}


def test_a_report_comes_back_to_the_last_bit(history: History) -> None:
    report = rich(provisional_from=NOW - timedelta(days=5))
    kept = history.keep(report, ["run.x=1"], NOW)
    same(report, history.load(kept))
    assert history.all() == [kept]
    assert history.facts(kept).settings == ("run.x=1",)


@pytest.mark.parametrize("sink", [name for name in BY_NAME if name != "parquet"])
def test_every_format_gives_the_same_bytes(history: History, sink: str) -> None:
    report = rich()
    assert render(sink, history.load(history.keep(report))) == render(sink, report)


def test_what_the_first_version_kept_is_read() -> None:
    old = History(Place(str(OLD)))
    (kept,) = old.all(pytest.fail)
    same(old.load(kept), replace(rich(), daily=None))


def test_a_column_that_was_not_known_then_is_unknown(history: History) -> None:
    names = ["scope", "subject", "name", "verdict", "pro", "against", "unknown", "discount"]
    spot = pd.DataFrame([["family", "m6i", "m6i", "", "", "", "", 0.6]], columns=names)
    kept = history.keep(replace(rich(), spot=spot.assign(nodes=2.0, gone=0.0)))
    again = history.load(kept).spot
    assert again is not None
    assert list(again) == schemas.SPOT.names
    assert again[["x_listed", "x_price_list"]].isna().all(axis=None)
    pd.testing.assert_frame_equal(again[names], spot, check_dtype=False)


@pytest.mark.parametrize("written", range(7))
def test_a_writer_that_is_killed_leaves_nothing_that_a_reader_takes(
    history: History, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, written: int
) -> None:
    before = history.keep(rich(), now=NOW)
    _die_after(monkeypatch, written)
    with pytest.raises(KeyboardInterrupt):
        history.keep(rich(), now=NOW)
    monkeypatch.undo()
    assert history.all(pytest.fail) == [before]
    assert history.sweep() == 0, "somebody may still be writing"
    left = history.sweep(NOW.now(NOW.tzinfo) + timedelta(hours=2))
    assert left == written + 1
    assert {path.parent for path in tmp_path.rglob("*") if path.is_file()} == {
        tmp_path / "history" / before.place
    }
    same(history.load(before), rich())


def _die_after(monkeypatch: pytest.MonkeyPatch, writes: int) -> None:
    """Like a kill in the middle of the next file: a part of it is there."""
    count = 0

    def rename(part: Path, place: Path, rename: Callable[..., Path] = Path.rename) -> Path:
        nonlocal count
        count += 1
        if count > writes:
            part.write_bytes(part.read_bytes()[:10])
            raise KeyboardInterrupt
        return rename(part, place)

    monkeypatch.setattr(Path, "rename", rename)


def test_writers_at_a_time_need_no_lock(history: History) -> None:
    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(lambda _: history.keep(rich(), now=NOW), range(24)))
    assert len({one.name for one in kept}) == 24
    assert {one.name for one in history.all(pytest.fail)} == {one.name for one in kept}


def test_what_cannot_be_read_is_told_and_hides_nothing(history: History, tmp_path: Path) -> None:
    kept = [history.keep(rich(), now=NOW + timedelta(hours=n)) for n in range(4)]
    markers = [tmp_path / "history" / one.place / "run.json" for one in kept]
    newer = json.loads(markers[0].read_text()) | {"format": 2}
    markers[0].write_text(json.dumps(newer))
    markers[1].write_text("{")
    told: list[str] = []
    assert history.all(told.append) == [kept[3], kept[2]]
    assert sorted("format 2" in text for text in told) == [False, True]
    (markers[2].parent / "ledger.parquet").write_bytes(b"PAR1")
    with pytest.raises(DataError, match=r"ledger\.parquet"):
        history.load(kept[2])
    same(history.load(kept[3]), rich())


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(AccessError, match="file/history"):
        History(Place(str(tmp_path / "file/history"))).keep(rich())


def test_a_removed_report_is_gone_with_its_folders(history: History, tmp_path: Path) -> None:
    kept = history.keep(replace(rich(), namespace_split=None))
    history.remove(kept)
    assert history.all() == []
    assert list((tmp_path / "history").iterdir()) == []
