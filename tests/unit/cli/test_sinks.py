"""Several sinks in one run, and what is told of the finished report."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from tests.unit.cli.conftest import DAYS, TOY
from tests.unit.plugin.dists import Site

Burn = Callable[..., Result]


def test_each_format_has_its_own_output(burn: Burn, tmp_path: Path) -> None:
    where = tmp_path / "report.json"
    pairs = ("--format", "table", "--output", "-", "--format", "json", "--output", where)
    result = burn("run", *TOY, *DAYS, *pairs)
    assert result.exit_code == 0, result.stderr
    assert "$17.28" in result.stdout
    assert json.loads(where.read_text())["totals"]["billed"] == pytest.approx(17.28)


def test_sinks_can_be_configured_and_a_format_that_is_typed_wins(
    burn: Burn, tmp_path: Path
) -> None:
    (tmp_path / "burn.toml").write_text(
        '[[run.sinks]]\nformat = "blob"\noutput = "{here}/a.blob"\n'
        '[[run.sinks]]\nformat = "json"\noutput = "{here}/b.json"\n'
    )
    result = burn("run", *TOY, *DAYS, "--quiet")
    assert (result.exit_code, result.stdout) == (0, "")
    assert (tmp_path / "a.blob").read_text() == "toy report\n"
    assert json.loads((tmp_path / "b.json").read_text())["info"]["provider"] == "toy"
    (tmp_path / "a.blob").unlink()
    assert "$17.28" in burn("run", *TOY, *DAYS, "--format", "table").stdout
    assert not (tmp_path / "a.blob").exists()
    told = burn("config", "show", *TOY)
    assert "b.json" in told.stdout


@pytest.mark.parametrize(
    ("toml", "args", "said"),
    [
        ("", ["--format", "table", "--format", "json", "--output", "x"], "2 --format and 1"),
        ('[run]\nformat = "json"\n[[run.sinks]]\nformat = "table"', [], "`run.format` and `run.sinks` exclude"),
        ('[[run.sinks]]\nformat = "table"\nto = "x"', [], "run.sinks has format, to; each has"),
        ("", ["--format", "blob", "--format", "table"], "format `blob` is binary"),
    ],
)  # fmt: skip
def test_what_does_not_fit_together_is_refused_before_the_work(
    burn: Burn, tmp_path: Path, toml: str, args: list[str], said: str
) -> None:
    (tmp_path / "burn.toml").write_text(toml)
    result = burn("run", *TOY, *DAYS, *args)
    assert result.exit_code == 2
    assert said in result.stderr


def test_a_sink_that_fails_keeps_no_other_from_writing(burn: Burn, tmp_path: Path) -> None:
    there = tmp_path / "report.json"
    bad = ("--format", "csv", "--output", "/dev/full")
    result = burn("run", *TOY, *DAYS, *bad, "--format", "json", "--output", there)
    assert result.exit_code == 4
    assert there.exists()


MORE = ("--set", "provider.toy.bill=toys.csv", "--set", "provider.toy.token=s3cr3t")


def test_the_report_is_told_once_and_an_observer_can_break_nothing(
    burn: Burn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "more"
    folder.mkdir()
    code = """
        from burn.api import hookimpl

        @hookimpl
        def burn_report_finished(report, settings):
            print("report", round(report.totals.billed, 2), settings)
            report.ledger["amount"] = 0.0
            raise ValueError("no disk")
    """
    Site(folder).install("burn-reads", "3.1", code=code)
    monkeypatch.syspath_prepend(str(folder))
    result = burn("run", *TOY, *DAYS, "--set", "run.observers=reads", *MORE)
    assert result.exit_code == 0, result.stderr
    told = "report 17.28 (\"provider.toy.bill='toys.csv'\",)"
    assert result.stderr.count(told) == 1
    assert "burn-reads 3.1 failed to observe the report: ValueError: no disk" in result.stderr
    assert "$17.28" in result.stdout
