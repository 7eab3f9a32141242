from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from tests.unit.cli.conftest import TOY

Burn = Callable[..., Result]


def test_all_is_well(burn: Burn) -> None:
    result = burn("doctor", *TOY)
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "ok    source toy: reach: toys at toy://",
        "ok    provider toy: list the bill: 3 files",
        "ok    provider toy: read the bill: GetToy",
    ]


def test_a_missing_permission_exits_4_and_says_what_to_do(burn: Burn) -> None:
    result = burn("doctor", *TOY, "--set", "provider.toy.fault=denied")
    assert result.exit_code == 4
    assert result.stdout.splitlines()[-2:] == [
        "FAIL  provider toy: read the bill: GetToy",
        "      hint: grant toy:GetToy to this user",
    ]
    assert result.stderr == ""


def test_one_part_that_fails_does_not_hide_the_other(burn: Burn) -> None:
    settings = ("--set", "provider.toy.fault=denied", "--set", "source.toy.url=toy://down")
    result = burn("doctor", *TOY, *settings, "--format", "json")
    assert result.exit_code == 4
    rows = json.loads(result.stdout)
    assert [(row["part"], row["ok"]) for row in rows] == [
        ("source toy", False),
        ("provider toy", True),
        ("provider toy", False),
    ]


@pytest.mark.parametrize(
    ("args", "code", "row"),
    [
        (
            [*TOY, "--set", "provider.toy.fault=start"],
            3,
            "FAIL  provider toy: start: burn-toy 1.2 failed to start provider `toy`: RuntimeError",
        ),
        (
            [*TOY, "--set", "provider.toy.fault=check"],
            3,
            "FAIL  provider toy: start: burn-toy 1.2 failed to run check(): KeyError",
        ),
        (
            ["--source", "toy", "--provider", "toyy"],
            3,
            "FAIL  provider toyy: start: unknown provider `toyy`",
        ),
        (["--source", "toy"], 2, "FAIL  provider: start: no provider is chosen"),
    ],
)
def test_what_cannot_start_is_a_row_with_its_own_exit_code(
    burn: Burn, args: list[str], code: int, row: str
) -> None:
    result = burn("doctor", *args)
    assert result.exit_code == code
    assert "ok    source toy: reach: toys at toy://" in result.stdout
    assert row in result.stdout
    assert "      hint: " in result.stdout


def test_a_blocked_plugin_is_mentioned(burn: Burn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BURN_BLOCK", "aws")
    result = burn("doctor", *TOY)
    assert result.exit_code == 0
    assert "note  plugin aws is not used: blocked" in result.stdout


def test_config_show_tells_each_origin_and_hides_secrets(
    burn: Burn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "burn.toml").write_text(
        "[run]\nbasis = 'list'\n[provider.toy]\ntoken = 'hunter2secret'"
    )
    monkeypatch.setenv("BURN_PROVIDER__TOY__BILL", "s3://me:pw@x")
    args = ("config", "show", *TOY, "--set", "run.tolerance=0.01")
    result = burn(*args, "--format", "json")
    assert result.exit_code == 0, result.stderr
    rows = {row["key"]: (row["value"], row["from"]) for row in json.loads(result.stdout)}
    assert rows["run.provider"] == ("toy", "--provider")
    assert rows["run.tolerance"] == (0.01, "--set")
    assert rows["run.basis"] == ("list", "burn.toml")
    assert rows["run.policies"] == (["share-max"], "default")
    assert rows["provider.toy.token"] == ("<redacted>", "burn.toml")
    assert rows["provider.toy.bill"] == ("s3://<redacted>@x", "BURN_PROVIDER__TOY__BILL")
    assert rows["source.toy.url"] == ("toy://", "default")
    table = burn(*args).stdout
    assert "hunter2" not in result.stdout + table
    assert "<redacted>" in table


def test_config_show_still_shows_the_rest_when_a_plugin_is_missing(burn: Burn) -> None:
    result = burn("config", "show", "--provider", "toyy", "--source", "toy")
    assert result.exit_code == 3
    assert "run.provider" in result.stdout
    assert "source.toy.url" in result.stdout
    assert "error: unknown provider `toyy`" in result.stderr
