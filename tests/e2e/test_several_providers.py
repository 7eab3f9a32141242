"""Several providers in one command: named by flags or by burn.toml, in every command that has one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from tests.e2e.test_two_clouds import CLOUDS, DAYS, RATE, Burn, burn, report

__all__ = ["burn"]
TWINS = ("--provider", "toy", "--provider", "twin", "--source", "toy", *DAYS)
Write = Callable[[str], None]


@pytest.fixture
def toml(tmp_path: Path) -> Write:
    return lambda text: (tmp_path / "burn.toml").write_text(text) and None


def both(**more: str) -> str:
    lines = {"window": '"2026-10-01..2026-10-03"', "source": '"toy"', **more}
    return "[run]\n" + "".join(f"{key} = {value}\n" for key, value in lines.items())


def rows(result: Result) -> dict[str, object]:
    return {row["key"]: row["value"] for row in json.loads(result.stdout)}


def test_the_file_names_them_as_flags_do(burn: Burn, toml: Write) -> None:
    flags = report(burn("run", *TWINS, "--format", "json"))
    toml(both(providers='["toy", "twin"]'))
    file = report(burn("run", "--format", "json"))
    assert file == flags
    assert report(burn("run", "--provider", "twin", "--format", "json"))["info"]["provider"] == (
        "twin"
    ), "a flag chooses anew"


def test_the_highest_layer_chooses(
    burn: Burn, toml: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = tmp_path / ".config/burn"
    user.mkdir(parents=True)
    (user / "burn.toml").write_text('[run]\nproviders = ["toy", "euro"]\n')
    toml(both(provider='"twin"'))
    assert rows(burn("config", "show", "--format", "json"))["run.provider"] == "twin"
    monkeypatch.setenv("BURN_RUN__PROVIDERS", "toy,twin")
    shown = rows(burn("config", "show", "--format", "json"))
    assert shown["run.providers"] == ["toy", "twin"]
    assert "run.provider" not in shown
    assert {"provider.toy.bill", "provider.twin.bill"} <= {*shown}
    assert rows(burn("config", "show", "--set", "run.provider=toy", "--format", "json"))[
        "run.provider"
    ] == ("toy")


@pytest.mark.parametrize("command", ["run", "doctor", "config show", "explain report"])
def test_both_at_once_are_refused(burn: Burn, toml: Write, command: str) -> None:
    toml(both(provider='"toy"', providers='["toy", "twin"]'))
    result = burn(*command.split())
    assert (result.exit_code, result.stdout) == (2, "")
    assert "`run.provider` and `run.providers` exclude each other (from burn.toml)" in result.stderr


def test_a_name_twice_in_the_file_is_refused(burn: Burn, toml: Write) -> None:
    toml(both(providers='["toy", "toy"]'))
    assert "error: provider toy is given twice" in burn("run").stderr


def test_an_overlay_chooses_no_provider(burn: Burn) -> None:
    result = burn("run", *TWINS, "--set", "on.toy.run.providers=twin")
    assert "`on.toy.run.providers` makes no sense" in result.stderr


def test_explain_adds_up_and_keeps_the_bills_lines_apart(burn: Burn, toml: Write) -> None:
    toml(both(providers='["toy", "twin"]'))
    one = json.loads(burn("explain", "negotiated", "--provider", "toy", "--format", "json").stdout)
    two = json.loads(burn("explain", "negotiated", "--format", "json").stdout)
    assert two["amount"] == pytest.approx(2 * one["amount"])
    assert two["subject_count"] == 2 * one["subject_count"]
    assert {row["subject"].partition(":")[0] for row in two["subjects"]} == {"toy", "twin"}
    for name in ("toy", "twin"):
        lines = [line for line in two["lines"] if line["provider"] == name]
        own = [{**line, "provider": name} for line in one["lines"]]
        assert lines == own, "each bill is asked by its own names"
    for subject in ("toy:node/n-1", "node/n-1"):
        found = json.loads(
            burn("explain", "negotiated", "--subject", subject, "--format", "json").stdout
        )
        assert found["subject_count"] == (1 if ":" in subject else 2)


def test_explain_converts_as_the_run_does(burn: Burn) -> None:
    pair = ("--provider", "toy", "--provider", "euro", "--source", "toy", *DAYS)
    assert "different currencies" in burn("explain", "report", *pair).stderr
    found = json.loads(burn("explain", "report", *pair, *RATE, "--format", "json").stdout)
    run = report(burn("run", *pair, *RATE, "--format", "json"))
    assert found["amount"] == pytest.approx(run["totals"]["report"])
    table = burn("explain", "report", *pair, *RATE).stdout
    assert "on the bill of toy" in table
    assert "on the bill of euro" in table


def test_doctor_looks_at_each_and_at_a_shared_source_once(burn: Burn, toml: Write) -> None:
    toml(both(providers='["toy", "twin"]'))
    parts = [line.split(": ")[0] for line in burn("doctor").stdout.splitlines()]
    assert parts == ["ok    source toy", *["ok    provider toy"] * 2, *["ok    provider twin"] * 2]
    down = burn("doctor", "--set", "on.twin.source.toy.url=toy://down")
    assert down.exit_code == 4
    assert "ok    source toy of toy: reach" in down.stdout
    assert "FAIL  source toy of twin: reach: toys at toy://down" in down.stdout


def test_collect_keeps_each_cluster(burn: Burn, toml: Write, tmp_path: Path) -> None:
    toml(both(providers='["toy", "twin"]'))
    assert "written to" in burn("collect", "--out", "kept").stderr
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["cluster="]
    apart = ("--set", "on.toy.run.cluster=east", "--set", "on.twin.run.cluster=west")
    other = ("--set", "on.twin.source.toy.url=toy://west")
    refused = burn("collect", "--out", "apart", *other)
    assert refused.exit_code == 2
    assert "have different sources" in refused.stderr
    assert burn("collect", "--out", "apart", *apart, *other).exit_code == 0
    found = sorted(path.name for path in (tmp_path / "apart").iterdir())
    assert found == ["cluster=east", "cluster=west"]


@pytest.mark.slow
@pytest.mark.skipif(len(CLOUDS) < 2, reason="less than two clouds with a sample are installed")
def test_the_embedded_samples(burn: Burn) -> None:
    names = [name for name in CLOUDS if name in ("aws", "gcp")]
    sample = ("--sample", "--window", "2026-10-05..2026-10-07")
    providers = [f"--provider={name}" for name in names]
    asked = ("explain", "spot", *sample, "--format", "json")
    alone = [json.loads(burn(*asked, flag).stdout) for flag in providers]
    found = json.loads(burn(*asked, *providers).stdout)
    assert found["amount"] == pytest.approx(sum(one["amount"] for one in alone))
    assert found["amount"] < 0
    assert len(found["lines"]) == sum(len(one["lines"]) for one in alone) > 0
    checked = burn("doctor", "--sample", *providers)
    assert checked.exit_code == 0, checked.stdout
    assert all(f"ok    provider {name}:" in checked.stdout for name in names)
