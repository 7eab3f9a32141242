"""`burn collect`: missed days are caught up, and old ones go."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import Result

from burn import snapshot
from burn.cli import collect
from tests.servers.gcp_storage import storage

Burn = Callable[..., Result]
WINDOW = ("--window", "2026-10-01..2026-10-06")


def since(day: str) -> tuple[str, ...]:
    """A source that remembers nothing before that day."""
    return ("--source", "toy", "--set", f"source.toy.url=toy://since={day}")


def have(place: Path | str) -> list[int]:
    return [day.start.day for day in snapshot.days(place, "")]


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collect, "_today", lambda: datetime(2026, 10, 6, tzinfo=UTC))


def test_only_days_that_are_missing_are_collected(burn: Burn, tmp_path: Path) -> None:
    out = tmp_path / "kept"
    assert burn("collect", *since(""), "--window", "2026-10-03", "--out", out).exit_code == 0
    third = {path: path.stat().st_mtime_ns for path in out.rglob("day=2026-10-03/*")}
    done = burn("collect", *since("2026-10-02"), *WINDOW, "--catch-up", "--out", out)
    assert (done.exit_code, have(out)) == (0, [2, 3, 4, 5])
    assert "3 days written to" in done.stderr
    assert third == {path: path.stat().st_mtime_ns for path in third}
    again = burn("collect", *since("2026-10-02"), "--window", "2026-10-02..2026-10-06")
    assert again.exit_code == 2, "--out is missing"
    window = ("--window", "2026-10-02..2026-10-06")
    again = burn("collect", *since("2026-10-02"), *window, "--catch-up", "--out", out)
    assert "no day is missing" in again.stderr


def test_a_day_that_was_seen_in_part_is_collected_whole(burn: Burn, tmp_path: Path) -> None:
    part = ("--window", "2026-10-05T00:00..2026-10-05T06:00")
    burn("collect", *since(""), *part, "--out", tmp_path)
    burn("collect", *since(""), "--window", "2026-10-05", "--catch-up", "--out", tmp_path)
    assert [day.hours for day in snapshot.days(tmp_path, "")] == [24]


def test_without_a_window_it_goes_back_as_far_as_the_source_remembers(
    burn: Burn, tmp_path: Path
) -> None:
    done = burn("collect", *since("2026-09-29"), "--catch-up", "--out", tmp_path)
    assert (done.exit_code, have(tmp_path)) == (0, [29, 30, 1, 2, 3, 4, 5])
    assert "warning" not in done.stderr


def test_the_window_of_reports_is_not_that_of_a_nights_job(burn: Burn, tmp_path: Path) -> None:
    reports = ("--set", "run.window=last-month")
    burn("collect", *since(""), *reports, "--out", tmp_path)
    assert have(tmp_path) == [5]
    burn("collect", *since("2026-10-01"), *reports, "--catch-up", "--out", tmp_path)
    assert have(tmp_path) == [1, 2, 3, 4, 5]


def test_days_that_are_lost_are_said(burn: Burn, tmp_path: Path) -> None:
    burn("collect", *since(""), "--window", "2026-10-01", "--out", tmp_path)
    done = burn("collect", *since("2026-10-04"), "--catch-up", "--out", tmp_path)
    assert (done.exit_code, have(tmp_path)) == (0, [1, 4, 5])
    assert "2 days missing and no longer remembered: 2026-10-02, 2026-10-03" in done.stderr
    again = burn("collect", *since("2026-10-04"), "--catch-up", "--out", tmp_path)
    assert again.exit_code == 0
    assert "2 days missing and no longer remembered" in again.stderr


def test_a_source_that_remembers_nothing_is_an_error(burn: Burn, tmp_path: Path) -> None:
    burn("collect", *since(""), "--window", "2026-10-01", "--out", tmp_path)
    done = burn("collect", *since("2026-11-01"), "--catch-up", "--out", tmp_path)
    assert done.exit_code == 5
    assert "no toy was seen before" in done.stderr


def test_what_is_now_has_no_days_to_catch_up(burn: Burn, tmp_path: Path) -> None:
    done = burn("collect", "--source", "kubernetes", "--catch-up", "--out", tmp_path)
    assert done.exit_code == 2
    assert "no days to catch up" in done.stderr


def test_old_days_go_and_the_new_ones_stay(burn: Burn, tmp_path: Path) -> None:
    bucket = tmp_path / "bucket"
    bucket.mkdir()
    may = {f"storage.objects.{verb}" for verb in ("get", "list", "create", "delete")}
    with storage(bucket, "kept", allowed=may) as url:
        host = url.removeprefix("http://")
        out = f"gs://anonymous@kept/toys?scheme=http&endpoint_override={host}"
        burn("collect", *since(""), "--window", "2026-10-01..2026-10-05", "--out", out)
        assert have(out) == [1, 2, 3, 4]
        bad = burn("collect", *since(""), *WINDOW, "--keep-days", 2, "--out", out)
        assert (bad.exit_code, have(out)) == (2, [1, 2, 3, 4])
        assert "--keep-days would remove days of --window" in bad.stderr
        done = burn("collect", *since(""), "--catch-up", "--keep-days", 2, "--out", out)
        assert (done.exit_code, have(out)) == (0, [4, 5]), done.stderr
        assert "1 day written to" in done.stderr
        assert "3 days before 2026-10-04 removed" in done.stderr
