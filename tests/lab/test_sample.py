"""The embedded sample is what the lab writes, byte for byte, and stays small."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from burn.api import Report
from burn.cli.app import app
from burn.history.place import Place
from burn.history.store import History
from tests.lab.make_sample import SAMPLE, make

LIMIT = 750_000
CENT = 0.005


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "history" not in path.relative_to(folder).parts
    }


def kept(folder: Path) -> dict[str, Report]:
    history = History(Place(str(folder / "history")))
    return {f"{one.window.start:%Y-%m}": history.load(one) for one in history.all()}


def sums(report: Report) -> dict[str, dict[Any, float]]:
    """What a reader sees of a report: by driver and day, and by namespace."""
    assert report.daily is not None
    return {
        "ledger": report.ledger.groupby(["group", "driver"])["amount"].sum().to_dict(),
        "daily": report.daily.groupby(["day", "driver"])["amount"].sum().to_dict(),
        "owners": report.allocation.groupby(["basis", "namespace"])["cost"].sum().to_dict(),
    }


@pytest.fixture(scope="module")
def embedded() -> dict[str, bytes]:
    return contents(SAMPLE)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("sample"))


def test_it_is_what_the_lab_writes(embedded: dict[str, bytes], written: Path) -> None:
    made = contents(written)
    assert made.keys() == embedded.keys()
    changed = [name for name, content in made.items() if content != embedded[name]]
    assert not changed, "run `python -m tests.lab.make_sample`"


def test_its_earlier_months_are_what_burn_says_of_them_today(written: Path) -> None:
    shipped, made = kept(SAMPLE), kept(written)
    assert list(shipped) == list(made) == ["2026-09", "2026-08"]
    for month, report in made.items():
        for what, amounts in sums(report).items():
            have = sums(shipped[month])[what]
            odd = {
                key: (have.get(key), amounts.get(key))
                for key in have.keys() | amounts.keys()
                if abs(have.get(key, 0.0) - amounts.get(key, 0.0)) >= CENT
            }
            assert not odd, f"{month}, {what}: run `python -m tests.lab.make_sample`"


def test_a_diff_names_what_was_planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Amounts by hand, from the price list: nobody's ledger is asked."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["run", "--provider", "aws", "--sample", "--output", "x.txt"])
    assert done.exit_code == 0, done.output
    asked = ["diff", "2026-09", "2026-10", "--sample", "--format", "json"]
    found = json.loads(CliRunner().invoke(app, asked).stdout)
    rows = {(r["driver"], r["subject"], r["cause"]): r["amount"] for r in found["rows"]}
    gpu = next(key[1] for key in rows if key[2] == "usage" and rows[key] > 100)
    assert gpu.endswith("i-0b5e0000000000008")
    # g5.xlarge for 360 of September's 720 hours, booting apart; then all of October's 744.
    assert rows["report", gpu, "usage"] == pytest.approx(1.006 * (744 - 360 * 744 / 720), abs=0.1)
    surcharge = 0.50 * 744 * (1 - 0.07)
    assert rows["extended_support", "cluster/shop-prod", "amount"] == pytest.approx(surcharge)
    disk = next(key[1] for key in rows if key[1].endswith("vol-0d1e0000000000002"))
    assert rows["report", disk, "usage"] == pytest.approx(200 * 20 * 24 * 0.08 / 720, abs=CENT)
    assert found["residual"] == 0.0


def test_it_is_small(embedded: dict[str, bytes]) -> None:
    months = sum(path.stat().st_size for path in (SAMPLE / "history").rglob("*") if path.is_file())
    assert sum(map(len, embedded.values())) + months < LIMIT
