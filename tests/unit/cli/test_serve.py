"""`burn serve`: services of plugins, listed and run."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from typer.testing import Result

from tests.unit.cli.conftest import DAYS, TOY
from tests.unit.plugin.dists import Site

Burn = Callable[..., Result]
PAGE = """
    from dataclasses import dataclass
    from burn.api import AccessError, ServiceSpec, hookimpl, setting

    @dataclass(frozen=True, slots=True)
    class Settings:
        port: int = setting(8080, help="where it listens")

    class Page:
        def __init__(self, settings):
            self.port = settings.port

        def serve(self, request):
            if self.port == 80:
                raise AccessError("port 80 is taken", hint="choose another")
            request.say(f"listening on {self.port}")
            for window in ("", "2026-10-01"):
                report = request.report(window)
                print(report.info.window, round(report.totals.billed, 2))
            raise KeyboardInterrupt

    @hookimpl
    def burn_services():
        return [ServiceSpec(name="page", summary="A page", make=Page, settings=Settings)]
"""


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "more"
    folder.mkdir()
    Site(folder).install("burn-page", "1.0", code=PAGE)
    monkeypatch.syspath_prepend(str(folder))


@pytest.mark.usefixtures("page")
def test_a_service_is_listed_and_gets_reports_as_a_run_makes_them(burn: Burn) -> None:
    assert "page      A page" in burn("serve").stdout
    result = burn("serve", "page", *TOY, *DAYS, "--set", "service.page.port=81")
    assert result.exit_code == 130, result.stderr
    assert "listening on 81" in result.stderr
    assert result.stdout.splitlines() == [
        "2026-10-01..2026-10-03 17.28",
        "2026-10-01..2026-10-02 8.64",
    ]


@pytest.mark.usefixtures("page")
def test_what_cannot_be_served_is_said(burn: Burn) -> None:
    taken = burn("serve", "page", *TOY, "--set", "service.page.port=80")
    assert (taken.exit_code, "port 80 is taken" in taken.stderr) == (4, True)
    unknown = burn("serve", "paeg", *TOY)
    assert (unknown.exit_code, "did you mean `page`?" in unknown.stderr) == (3, True)
    idle = burn("run", *TOY, "--set", "service.page.port=80")
    assert (idle.exit_code, "is set, but not used" in idle.stderr) == (2, True)


def test_without_a_service_the_list_says_so(burn: Burn, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [point.name for point in entry_points(group="burn.v1") if point.name != "builtin"]
    monkeypatch.setenv("BURN_BLOCK", ",".join(names))
    assert "No service is installed" in burn("serve").stdout


RUNS = """
    import json, time
    from burn.api import ServiceSpec, hookimpl

    class Runs:
        def __init__(self, settings):
            pass

        def serve(self, request):
            desk = request.desk("ann")
            job = desk.ask("start_run", {"window": "2026-10-01"})["id"]
            while (now := desk.ask("job", {"id": job}))["state"] == "running":
                time.sleep(0.05)
            summary = desk.ask("summary", {"run": now["run"]})
            page = desk.document(now["run"], "ledger.csv")
            print(json.dumps([now["state"], summary["gap"]["amount"], page.count("\\n")]))

    @hookimpl
    def burn_services():
        return [ServiceSpec(name="runs", summary="Starts one", make=Runs)]
"""


def test_a_service_starts_a_run_that_is_kept(
    burn: Burn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "runs"
    folder.mkdir()
    Site(folder).install("burn-runs", "1.0", code=RUNS)
    monkeypatch.syspath_prepend(str(folder))
    result = burn("serve", "runs", *TOY, "--set", "access.runs=ann")
    assert result.exit_code == 0, result.stderr
    state, gap, lines = json.loads(result.stdout.splitlines()[-1])
    assert (state, gap) == ("done", "5.520000")
    assert lines == len(json.loads(burn("show", "--format", "json").stdout)["ledger"]) + 1
