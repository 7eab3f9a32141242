from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from burn.api import Scope
from tests.unit.cli.conftest import DAYS, TOY
from tests.unit.plugin.dists import Site

Burn = Callable[..., Result]


def failed(result: Result) -> tuple[int, str]:
    """Exit code and what is on stderr; a failed run has no data."""
    assert result.stdout == ""
    return result.exit_code, result.stderr


def test_a_run_prints_data_on_stdout_and_nothing_else(burn: Burn) -> None:
    result = burn("run", *TOY, *DAYS, "--format", "json")
    assert result.exit_code == 0, result.stderr
    report = json.loads(result.stdout)
    assert "stray print" in result.stderr
    assert "17.28" in json.dumps(report), "two days at 8.64, see toyland"


def test_the_ledger_is_readable_as_a_table(burn: Burn) -> None:
    result = burn("run", *TOY, *DAYS, "--quiet")
    assert result.exit_code == 0, result.stderr
    assert "$17.28" in result.stdout


def test_output_goes_to_a_file(burn: Burn, tmp_path: Path) -> None:
    result = burn("run", *TOY, *DAYS, "--format", "blob", "--output", tmp_path / "out")
    assert (result.exit_code, result.stdout) == (0, "")
    assert (tmp_path / "out").read_text() == "toy report\n"


def test_the_sample_needs_nothing_but_the_provider(burn: Burn, tmp_path: Path) -> None:
    (tmp_path / "burn.toml").write_text("[run]\ncluster = 'not-in-the-sample'\nbasis = 'list'")
    result = burn("run", "--provider", "toy", "--sample", "--format", "json")
    assert result.exit_code == 0, result.stderr
    info = json.loads(result.stdout)
    assert "not-in-the-sample" not in result.stdout
    assert "2026-10-03" in json.dumps(info)


def test_flags_win_over_the_sample(burn: Burn) -> None:
    days = ("--window", "2026-10-01..2026-10-02")
    result = burn("run", "--provider", "toy", "--sample", *days, "--format", "json")
    assert "8.64" in result.stdout
    assert "17.28" not in result.stdout


@pytest.mark.parametrize(
    ("args", "code", "message", "hint"),
    [
        (["--source", "toy"], 2, "no provider is chosen", "use --provider NAME"),
        (
            ["--provider", "toyy"],
            3,
            "unknown provider `toyy`",
            "did you mean `toy`? installed: ",
        ),
        ([*TOY, "--format", "tabel"], 3, "unknown format `tabel`", "did you mean `table`?"),
        ([*TOY, "--source", "tey"], 3, "unknown source `tey`", "did you mean `toy`?"),
        (
            [*TOY, "--set", "run.policies=share-mx"],
            3,
            "unknown policy `share-mx`",
            "did you mean `share-max`?",
        ),
        ([*TOY, "--window", "october"], 2, "`october` is not a window", "use 7d, "),
        (
            [*TOY, "--format", "blob"],
            2,
            "format `blob` is binary and does not go to standard output",
            "say where to write it with --output PATH",
        ),
        (
            [*TOY, "--output", "nowhere/x.json"],
            2,
            "--output nowhere/x.json: folder `nowhere` does not exist",
            "",
        ),
        (
            [*TOY, "--sample", "--config", "x.toml"],
            2,
            "--sample and --config exclude each other",
            "a sample brings its own burn.toml",
        ),
        (["--provider", "plain", "--sample"], 2, "provider `plain` has no sample", "run it on"),
        (
            [*TOY, "--set", "provider.toyy.bill=x"],
            2,
            "`provider.toyy` (from --set) is set, but not used",
            "did you mean `toy`? this run uses provider `toy`",
        ),
        (
            [*TOY, "--set", "provider.toy.bil=x"],
            2,
            "unknown setting `provider.toy.bil` (from --set)",
            "did you mean `provider.toy.bill`?",
        ),
        (
            [*TOY, *DAYS, "--set", "provider.toy.fault=start"],
            3,
            "burn-toy 1.2 failed to start provider `toy`: RuntimeError: the toy does not wind up",
            "run again with --debug",
        ),
        (
            [*TOY, *DAYS, "--set", "provider.toy.fault=defect"],
            3,
            "burn-toy 1.2 failed to run price(): KeyError: 'sku'",
            "run again with --debug",
        ),
        (
            [*TOY, *DAYS, "--set", "provider.toy.fault=contract"],
            5,
            "burn-toy 1.2 returned a bad prices frame: column `unit` has 6 nulls (rows 0, 1, 2, …)",
            "`unit`: ",
        ),
        (
            [
                *(*TOY, *DAYS, "--set", "provider.toy.fault=denied"),
                *("--set", "provider.toy.token=hunter2secret"),
            ],
            4,
            "401 with token <redacted>",
            "log in again",
        ),
        ([*TOY, *DAYS, "--set", "provider.toy.fault=residual"], 6, "", ""),
        (["--provder", "toy"], 2, "no such option: --provder", "see `burn run --help`"),
        (["--window"], 2, "option '--window' requires an argument", "see `burn --help`"),
        (["extra"], 2, "got unexpected extra argument(s) (extra)", "see `burn run --help`"),
    ],
)
def test_every_failure_says_what_and_what_next(
    burn: Burn, args: list[str], code: int, message: str, hint: str
) -> None:
    exit_code, stderr = failed(burn("run", *args))
    errors = [line for line in stderr.splitlines() if line.startswith("error: ")]
    assert exit_code == code, stderr
    assert len(errors) == 1
    assert errors[0].startswith(f"error: {message}")
    assert f"  hint: {hint}" in stderr if hint else True
    assert "Traceback" not in stderr
    assert "hunter2" not in stderr


def test_a_table_for_another_cloud_in_a_file_is_fine_a_near_miss_is_not(
    burn: Burn, tmp_path: Path
) -> None:
    file = tmp_path / "burn.toml"
    file.write_text("[provider.oracle]\nbill = 'x'\n[provider.plain]\nbill = 'y'")
    assert burn("run", *TOY, *DAYS, "--format", "json").exit_code == 0
    file.write_text("[provider.tay]\nbill = 'x'")
    code, stderr = failed(burn("run", *TOY, *DAYS))
    assert code == 2
    assert "`provider.tay` (from burn.toml) is set, but not used" in stderr


def test_the_environment_chooses_and_sets(burn: Burn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BURN_RUN__PROVIDER", "toy")
    monkeypatch.setenv("BURN_RUN__SOURCE", "toy")
    monkeypatch.setenv("BURN_PROVIDER__TOY__FAULT", "start")
    assert failed(burn("run", *DAYS))[0] == 3
    monkeypatch.setenv("BURN_PROVIDER__TOY__FAULT", "")
    assert burn("run", *DAYS, "--format", "json").exit_code == 0


def test_a_broken_plugin_that_was_not_asked_for_stops_nothing(
    burn: Burn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "more"
    folder.mkdir()
    Site(folder).install("burn-wreck", code="raise RuntimeError('wrecked')")
    monkeypatch.syspath_prepend(str(folder))
    result = burn("run", *TOY, *DAYS, "--format", "json")
    assert result.exit_code == 0
    assert "wreck" not in result.stderr
    code, stderr = failed(burn("run", "--source", "toy", "--provider", "wreck"))
    assert code == 3
    assert "error: burn-wreck 1.0 is broken: RuntimeError: wrecked" in stderr


def test_a_blocked_provider_is_not_imported(burn: Burn, tmp_path: Path) -> None:
    (tmp_path / "burn.toml").write_text("[plugins]\nblock = ['burn-toy']")
    code, stderr = failed(burn("run", "--provider", "toy", *DAYS))
    assert code == 3
    assert "error: provider `toy` is blocked\n  hint: take `toy` or `burn-toy` out of" in stderr
    assert not [name for name in sys.modules if name.startswith("burn_toy")]


def test_observers_are_told_of_each_stage_and_can_break_nothing(
    burn: Burn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "more"
    folder.mkdir()
    code = """
        from burn.api import hookimpl

        @hookimpl
        def burn_stage_finished(stage, frame, run_id):
            print("observed", stage, len(frame) > 0, len(run_id))
            if stage == "price":
                raise ValueError("no disk")
    """
    Site(folder).install("burn-watch", "3.1", code=code)
    monkeypatch.syspath_prepend(str(folder))
    result = burn("run", *TOY, *DAYS, "--set", "run.observers=watch", "--format", "json")
    assert result.exit_code == 0, result.stderr
    for stage in ("collect", "price", "bill", "reconcile", "allocate"):
        assert f"observed {stage} True 12" in result.stderr
    assert "burn-watch 3.1 failed to observe stage price: ValueError: no disk" in result.stderr
    code_, stderr = failed(burn("run", *TOY, *DAYS, "--set", "run.observers=wach"))
    assert code_ == 3
    assert "error: unknown observer `wach`\n  hint: did you mean `watch`?" in stderr


def test_quiet_leaves_stderr_to_errors(burn: Burn) -> None:
    result = burn("collect", "--source", "toy", *DAYS, "--out", "kept", "--quiet")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")


def test_labels_that_a_policy_reads_are_kept_by_run_and_collect(toyland: Site) -> None:
    from burn.cli.options import Flags
    from burn.cli.session import Session

    sets = ["run.policies=share-max,owners", "policy.owners.keys=team,squad", "run.label_keys=app"]
    session = Session(Flags(sets=sets, cluster="c"))
    assert session.scope(session.policies()) == Scope(
        cluster="c", label_keys=("app", "team", "squad")
    )


def test_what_collect_keeps_a_snapshot_run_reads(burn: Burn, tmp_path: Path) -> None:
    result = burn("collect", "--source", "toy", *DAYS, "--out", tmp_path / "kept")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "2 days of 2026-10-01..2026-10-03 written to" in result.stderr
    from burn.snapshot import days

    assert len(list(days(tmp_path / "kept"))) == 2
