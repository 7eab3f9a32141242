"""What a sink is handed beside the report: a desk, what is new, and documents."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from tests.unit.cli.conftest import DAYS, TOY
from tests.unit.plugin.dists import Site

Burn = Callable[..., Result]
TELLER = """
    from burn.api import Check, OutputSinkSpec, TellSettings, hookimpl

    class Teller:
        def __init__(self, settings):
            self.settings = settings

        def check(self, request):
            return [Check(name="door", ok=False, detail="it is shut", hint="open it")]

        def write(self, request):
            desk = request.desk(None)
            summary = desk.ask("summary")
            news = request.news("somebody", self.settings)
            print(summary["about"]["window"], round(float(summary["gap"]["amount"]), 2), news.due)
            print(len(desk.ask("reports")["rows"]), desk.document("latest", "ledger.csv").splitlines()[0][:12])
            news.sent()

    @hookimpl
    def burn_output_sinks():
        return [OutputSinkSpec(name="tell", summary="Tells", make=Teller, settings=TellSettings)]
"""


@pytest.fixture(autouse=True)
def teller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "more"
    folder.mkdir()
    Site(folder).install("burn-tell", "1.0", code=TELLER)
    monkeypatch.syspath_prepend(str(folder))


def test_the_report_of_a_run_is_the_latest_at_the_desk_kept_or_not(
    burn: Burn, tmp_path: Path
) -> None:
    place = ("--set", f"history.path={tmp_path / 'kept'}")
    change = ("--format", "tell", "--set", "sink.tell.when=change")
    unkept = burn("run", *TOY, *DAYS, *place, *change, "--no-keep")
    assert unkept.exit_code == 0, unkept.stderr
    assert unkept.stdout.splitlines() == ["2026-10-01..2026-10-03 11.04 True", "1 group,driver"]
    kept = burn("run", *TOY, *DAYS, *place, *change)
    assert kept.stdout.splitlines()[0] == "2026-10-01..2026-10-03 11.04 False", kept.stderr
    shown = burn("show", "latest", *place, "--format", "tell")
    assert shown.stdout.splitlines()[0] == "2026-10-01..2026-10-03 11.04 True", shown.stderr


def test_doctor_asks_outputs_that_can_be_checked(burn: Burn) -> None:
    fails = burn("doctor", *TOY, *DAYS, "--format", "json", "--set", "run.format=tell")
    rows = [row for row in json.loads(fails.stdout) if row["part"] == "sink tell"]
    assert [(row["check"], row["ok"], row["hint"]) for row in rows] == [("door", False, "open it")]
    assert fails.exit_code == 4
    fine = burn("doctor", *TOY, *DAYS, "--format", "json")
    assert not any(row["part"].startswith("sink") for row in json.loads(fine.stdout))
