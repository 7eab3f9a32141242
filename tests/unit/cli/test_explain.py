from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from typer.testing import Result

from burn.api.drivers import DRIVERS
from tests.unit.cli.conftest import DAYS, TOY

Burn = Callable[..., Result]


def explained(burn: Burn, *args: str) -> dict[str, object]:
    result = burn("explain", *args, *TOY, *DAYS, "--format", "json")
    assert result.exit_code == 0, result.stderr
    return dict(json.loads(result.stdout))


def test_a_driver_down_to_its_bill_lines(burn: Burn) -> None:
    said = explained(burn, "negotiated")
    assert said["amount"] == pytest.approx(-0.96)  # two days at −0.48, see toyland
    assert said["why"] == DRIVERS["negotiated"].why
    assert said["subjects"][0]["subject"] == "node/n-1"  # type: ignore[index]
    ids = {line["ToyId"] for line in said["lines"]}  # type: ignore[attr-defined]
    assert ids == {"toy:node/n-1"}, "the bill is asked by its own names"


def test_the_table_is_for_people(burn: Burn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    result = burn("explain", "rate/negotiated", *TOY, *DAYS, "--quiet")
    assert result.exit_code == 0, result.stderr
    assert "Negotiated" in result.stdout
    assert "-$0.96" in result.stdout
    assert DRIVERS["negotiated"].why in result.stdout
    assert DRIVERS["negotiated"].advice in result.stdout
    assert "Largest bill lines" in result.stdout
    assert "ToyId" in result.stdout


def test_limit_and_subject_narrow_it(burn: Burn) -> None:
    said = explained(burn, "report", "--limit", "1")
    assert (said["subject_count"], len(said["subjects"])) == (3, 1)  # type: ignore[arg-type]
    said = explained(burn, "report", "--subject", "volume/v-1")
    assert said["amount"] == pytest.approx(0.48)
    table = burn("explain", "report", *TOY, *DAYS, "--limit", "1").stdout
    assert "and 2 more subjects, " in table


def test_a_driver_without_rows_says_so(burn: Burn) -> None:
    result = burn("explain", "spot", *TOY, *DAYS)
    assert result.exit_code == 0, result.stderr
    assert "$0.00" in result.stdout
    assert "0 subjects" in result.stdout


@pytest.mark.parametrize(
    ("args", "message", "hint"),
    [
        (["uptme"], "unknown driver `uptme`", "did you mean `uptime`? `burn explain` lists"),
        (["rate/uptime"], "unknown driver `rate/uptime`", "did you mean `uptime`?"),
        (
            ["report", "--subject", "node/n-2"],
            "`report` has no subject `node/n-2`",
            "did you mean `node/n-1`?",
        ),
        (["report", "--limit", "0"], "invalid value for '--limit'", "see `burn explain --help`"),
    ],
)
def test_wrong_words_are_corrected(burn: Burn, args: list[str], message: str, hint: str) -> None:
    result = burn("explain", *args, *TOY, *DAYS, "--quiet")
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"error: {message}" in result.stderr
    assert f"  hint: {hint}" in result.stderr


def test_without_a_driver_all_are_listed_and_nothing_runs(burn: Burn) -> None:
    listed = json.loads(burn("explain", "--format", "json").stdout)
    assert [one["name"] for one in listed] == list(DRIVERS)
    table = burn("explain").stdout
    assert all(name in table for name in DRIVERS)


def test_the_control_total_says_when_files_are_not_counted(burn: Burn) -> None:
    said = explained(burn, "control")
    assert (said["lines"], said["files"], said["residual"]) == (10, [], 0.0)
    table = burn("explain", "control", *TOY, *DAYS).stdout
    assert "does not count its files" in " ".join(table.split())
