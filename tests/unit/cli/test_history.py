"""Runs are kept; `burn history` lists them, `burn show` gives each again to the byte."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import Result

from burn.history.choose import Asked, choose
from burn.history.place import Place
from burn.history.store import History
from tests.unit.cli.conftest import DAYS, TOY
from tests.unit.history.reports import NOW, rich

Burn = Callable[..., Result]
DATA = Path(".local/share/burn/history")


@pytest.fixture
def store(tmp_path: Path) -> History:
    """Where burn keeps the reports of this test."""
    return History(Place(str(tmp_path / DATA)))


@pytest.mark.parametrize("form", ["table", "json", "csv", "markdown"])
def test_show_prints_what_the_run_printed(burn: Burn, form: str) -> None:
    ran = burn("run", *TOY, *DAYS, "--format", form)
    shown = burn("show", "--format", form)
    assert (ran.exit_code, shown.exit_code) == (0, 0), shown.stderr
    assert shown.stdout_bytes == ran.stdout_bytes
    assert DATA.is_dir()
    assert DATA.stat().st_mode & 0o077 == 0, "what a company pays is nobody else's"


def test_history_lists_the_newest_first(burn: Burn) -> None:
    assert "burn run" in burn("history").stdout
    burn("run", *TOY, "--window", "2026-10-01")
    burn("run", *TOY, *DAYS)
    records = json.loads(burn("history", "--format", "json").stdout)
    assert [one["window"]["start"] for one in records] == ["2026-10-01T00:00:00Z"] * 2
    assert [one["window"]["end"] for one in records] == [
        "2026-10-03T00:00:00Z",
        "2026-10-02T00:00:00Z",
    ]
    newest = records[0]
    by_hand = {"report": 6.24, "billed": 17.28, "gap": 11.04, "final": False, "currency": "USD"}
    assert {name: newest[name] for name in by_hand} == by_hand
    table = burn("history").stdout.splitlines()
    assert "6.24" in table[2]
    run = table[2].split()[0]
    one_day = burn("show", records[1]["name"], "--format", "json")
    assert json.loads(one_day.stdout)["totals"]["report"] == 3.12
    assert burn("show", run, "--format=json").stdout == burn("show", "--format=json").stdout
    assert burn("show", "2026-10-01", "--format=json").stdout == one_day.stdout


def test_a_name_stays_on_its_line_and_means_its_report(
    burn: Burn, store: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    for minutes in range(40):  # of one run: two beginnings of what tells them apart are alike
        store.keep(rich(), now=NOW - timedelta(minutes=minutes))
    lines = burn("history").stdout.splitlines()
    shown = [line.split()[0] for line in lines[2:] if not line.startswith(" ")]
    assert max(map(len, lines)) <= 80
    assert len(set(shown)) == len(shown) == 40
    names = [one.name for one in store.all()]
    about = Asked()
    assert [choose(store.all(), one, about, now=NOW).name for one in shown] == names
    mine = rich()
    store.keep(replace(mine, info=replace(mine.info, cluster="other")), now=NOW)
    lines = burn("history").stdout.splitlines()
    assert f"other · {mine.info.provider}" in lines
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("how", [["--no-keep"], ["--set", "history.keep=false"]])
def test_a_run_that_shall_not_be_kept_is_not(burn: Burn, how: list[str]) -> None:
    assert burn("run", *TOY, *DAYS, *how).exit_code == 0
    assert not DATA.exists()
    assert burn("show").exit_code == 2


def test_a_sample_is_kept_apart(burn: Burn) -> None:
    ran = burn("run", "--provider", "toy", "--sample", "--format", "json")
    assert burn("show", "--format", "json").exit_code == 2
    assert burn("show", "--sample", "--format", "json").stdout == ran.stdout
    assert "burn history --sample" in " ".join(burn("history").stdout.split())


def test_where_nothing_can_be_kept_the_report_is_there_all_the_same(burn: Burn) -> None:
    Path(".local").write_text("no folder")
    ran = burn("run", *TOY, *DAYS, "--format", "json")
    assert ran.exit_code == 0
    assert "this report is not kept" in ran.stderr
    named = burn("run", *TOY, *DAYS, "--format", "json", "--set", "history.path=.local/x")
    assert named.exit_code == 4, "the user wanted it there"
    assert named.stdout == ran.stdout
    assert "history.path" in named.stderr


def test_what_was_said_by_a_day(burn: Burn, store: History) -> None:
    for day, basis in ((3, "list"), (5, "effective")):
        store.keep(rich(basis=basis), now=NOW.replace(day=day))
    bases = [
        json.loads(burn("show", *how, "--format=json").stdout)["info"]["basis"]
        for how in ([], ["--as-of", "2026-11-03"], ["--as-of", "2026-11-05"])
    ]
    assert bases == ["effective", "list", "effective"]
    assert burn("show", "--as-of", "2026-11-02").exit_code == 2


def test_prune_keeps_what_readers_take(burn: Burn, store: History) -> None:
    for day in range(3, 6):
        store.keep(rich(), now=NOW.replace(day=day))
    dry = burn("history", "prune", "--keep", "1", "--dry-run")
    assert "2 reports would be removed, 1 report kept" in dry.stdout
    done = burn("history", "prune", "--keep", "1")
    assert "2 reports removed, 1 report kept" in done.stdout
    assert [one.kept_at.day for one in store.all()] == [5]
    assert burn("history", "prune", "--keep", "0").exit_code == 2
    assert burn("history", "prune", "--keep", "some").exit_code == 2


@pytest.mark.parametrize("what", ["negotiated", "control", "invoice"])
def test_explain_reads_a_kept_report(burn: Burn, what: str) -> None:
    read = json.loads(burn("explain", what, *TOY, *DAYS, "--format", "json").stdout)
    burn("run", *TOY, *DAYS)
    kept = json.loads(burn("explain", what, "--run", "latest", "--format", "json").stdout)
    assert kept == read | ({"lines": []} if what == "negotiated" else {})
    assert "--run" in burn("explain", "negotiated", "--run", "latest").stdout


def test_detail_is_the_tables(burn: Burn) -> None:
    result = burn("run", *TOY, *DAYS, "--detail", "--format", "json")
    assert result.exit_code == 2
    assert "--detail is for format `table`, and this writes json" in result.stderr
    both = ("--format", "json", "--output", "a.json", "--format", "table", "--output", "-")
    assert burn("run", *TOY, *DAYS, "--detail", *both).exit_code == 0


def test_diff_takes_a_window_that_was_run_in_pieces(burn: Burn) -> None:
    for day in ("2026-10-01", "2026-10-02"):
        assert burn("run", *TOY, "--window", day).exit_code == 0
    assert burn("diff", "2026-10-01..2026-10-04", "latest").exit_code == 2, "a day is missing"
    result = burn("diff", "2026-10-01..2026-10-03", "2026-10-01", "--format", "json")
    assert result.exit_code == 0, result.stderr
    made = json.loads(result.stdout)
    assert sum(row["amount"] for row in made["rows"]) == pytest.approx(-17.28 / 2)
    assert made["residual"] == 0.0
