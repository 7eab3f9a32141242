"""`burn run --provider A --provider B`: one report over two clouds, money conserved."""

from __future__ import annotations

import json
import math
import os
import sys
import tomllib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from importlib.metadata import entry_points
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from burn.api import Window
from burn.cli.app import app
from tests.unit.plugin.dists import Site

TOYS = Path(__file__).parents[1] / "unit/cli/toyland.py"
DAYS = ("--window", "2026-10-01..2026-10-03")
BOTH = ("--provider", "toy", "--provider", "euro", "--source", "toy", *DAYS)
RATE = ("--set", "run.currency=USD", "--set", "run.rates.EUR=1.25")
BILLED = 17.28
"""Two days at 8.64, see toyland."""
SAMPLES = {
    spec.name: spec.sample()
    for name in ("aws", "azure", "gcp")
    for point in entry_points(group="burn.v1", name=name)
    for spec in point.load().burn_billing_providers()
    if spec.sample and (spec.sample() / "burn.toml").is_file()
}
CLOUDS = sorted(SAMPLES)
Burn = Callable[..., Result]


@pytest.fixture
def burn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Burn]:
    """Burn in this process, with a cloud `toy` that bills in USD and its twins `euro`, `twin`."""
    for name in [*os.environ]:
        if name.startswith("BURN_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)
    site = Site(tmp_path / "site")
    code = TOYS.read_text(encoding="utf-8")
    hooks = code.index("@hookimpl\ndef burn_metrics_sources")
    provider = code.index("@hookimpl\ndef burn_billing_providers")
    only = code[:hooks] + code[provider:]
    only = only.replace('BillingProviderSpec(name="plain"', 'BillingProviderSpec(name="plain-b"')
    only = only.split("@hookimpl\ndef burn_output_sinks")[0]
    for name, currency in (("euro", "EUR"), ("twin", "USD")):
        twin = only.replace('name="toy"', f'name="{name}"').replace('"USD"', f'"{currency}"')
        site.install(f"burn-{name}", "1.0", code=twin.replace("plain-b", f"plain-{name}"))
    site.install("burn-toy", "1.2", code=code)
    (site.folder / "toy_sample").mkdir()
    (site.folder / "toy_sample" / "burn.toml").write_text(
        '[run]\nsource = "toy"\nwindow = "2026-10-01..2026-11-01"\ncluster = "toys"\n'
    )
    monkeypatch.syspath_prepend(str(site.folder))
    yield lambda *args: CliRunner().invoke(app, [str(arg) for arg in args])
    for module in site.modules:
        sys.modules.pop(module, None)


def report(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.stderr
    return dict(json.loads(result.stdout))


def cost(found: dict[str, Any], basis: str) -> float:
    return math.fsum(row["cost"] for row in found["allocation"] if row["basis"] == basis)


def test_two_bills_in_one_currency_are_added_up(burn: Burn) -> None:
    twins = ("--provider", "toy", "--provider", "twin", "--source", "toy", *DAYS)
    found = report(burn("run", *twins, "--format", "json"))
    assert found["info"]["provider"] == "toy+twin"
    assert found["info"]["cluster"] == "toy:tiny+twin:tiny"
    assert found["totals"]["billed"] == pytest.approx(2 * BILLED, abs=1e-9)
    assert found["totals"]["residual"] == pytest.approx(0, abs=1e-9)
    assert float(found["control"]["billed"]) == pytest.approx(2 * BILLED, abs=1e-9)
    assert math.fsum(row["amount"] for row in found["ledger"]) == pytest.approx(2 * BILLED)
    assert {row["subject"].split(":")[0] for row in found["ledger"]} == {"toy", "twin"}
    assert cost(found, "list") == pytest.approx(found["totals"]["report"])
    assert cost(found, "effective") == pytest.approx(found["totals"]["cluster_effective"])


def test_at_basis_billed_each_bill_keeps_its_own_ratio(burn: Burn) -> None:
    pair = ("run", "--source", "toy", *DAYS, "--basis", "billed", "--format", "json")
    one = report(burn(*pair, "--provider", "toy"))
    two = report(burn(*pair, "--provider", "toy", "--provider", "twin"))
    assert two["totals"]["cluster_billed"] == pytest.approx(2 * one["totals"]["cluster_billed"])
    assert cost(two, "billed") == pytest.approx(two["totals"]["cluster_billed"])


def test_different_currencies_are_never_converted_in_silence(burn: Burn) -> None:
    result = burn("run", *BOTH)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "the bills are in different currencies (toy: USD, euro: EUR)" in result.stderr
    assert "--set run.rates.EUR=1.08" in result.stderr


def test_a_currency_without_its_rate_is_an_error(burn: Burn) -> None:
    result = burn("run", *BOTH, "--set", "run.currency=USD", "--set", "run.rates.CHF=1.1")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no rate is stated" in result.stderr
    assert "--set run.rates.EUR=RATE" in result.stderr


def test_at_a_stated_rate_they_are_added_up_and_the_rate_is_shown(burn: Burn) -> None:
    found = report(burn("run", *BOTH, *RATE, "--format", "json"))
    assert found["info"]["currency"] == "USD"
    assert {row["currency"] for row in found["prices"]} == {"USD"}
    assert found["totals"]["billed"] == pytest.approx(BILLED + 1.25 * BILLED, abs=1e-9)
    assert cost(found, "effective") == pytest.approx(found["totals"]["cluster_effective"])
    rates = [note for note in found["notes"] if "1 EUR = 1.25 USD" in note]
    assert rates == [
        "euro: the bill is in EUR; its figures are converted at the stated rate of 1 EUR = 1.25 USD"
    ]


def test_one_bill_can_be_converted_too(burn: Burn) -> None:
    one = ("run", "--provider", "euro", "--source", "toy", *DAYS, *RATE)
    found = report(burn(*one, "--format", "json"))
    assert found["totals"]["billed"] == pytest.approx(1.25 * BILLED, abs=1e-9)
    table = burn(*one).stdout
    assert "$21.60" in table
    assert "1 EUR = 1.25 USD" in " ".join(table.split())


def test_the_table_names_both_clouds(burn: Burn) -> None:
    result = burn("run", *BOTH, *RATE)
    assert result.exit_code == 0, result.stderr
    assert " toy+euro, " in result.stdout
    assert "toy:tiny/shop" in result.stdout
    assert "euro:tiny/shop" in result.stdout
    assert "a defect" not in result.stdout
    assert "$38.88" in result.stdout


def test_each_provider_may_have_a_cluster_and_a_source_of_its_own(
    burn: Burn, tmp_path: Path
) -> None:
    (tmp_path / "burn.toml").write_text(
        '[run]\nwindow = "2026-10-01..2026-10-03"\nsource = "toy"\n'
        '[on.toy.run]\ncluster = "east"\n[on.twin.run]\ncluster = "west"\n'
        '[on.twin.source.toy]\nurl = "toy://down"\n'
    )
    found = report(burn("run", "--provider", "toy", "--provider", "twin", "--format", "json"))
    assert found["totals"]["billed"] == pytest.approx(2 * BILLED)
    doctor = burn("doctor", "--provider", "twin")
    assert "toy://down" in doctor.stdout
    assert "toy://down" not in burn("doctor", "--provider", "toy").stdout
    shown = json.loads(burn("config", "show", "--provider", "twin", "--format", "json").stdout)
    assert {"west"} == {row["value"] for row in shown if row["key"] == "run.cluster"}
    flag = ("config", "show", "--provider", "twin", "--format", "json")
    again = json.loads(burn(*flag, "--set", "run.cluster=north").stdout)
    assert {"north"} == {row["value"] for row in again if row["key"] == "run.cluster"}


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--provider", "toy", "--provider", "toy"], "--provider toy is given twice"),
        (["--provider", "toy", "--set", "on.twin.run.cluster=x"], "`on.twin` (from --set) is set"),
        (["--provider", "toy", "--set", "on.toy.run.provider=x"], "`on.toy.run.provider` makes"),
        (["--provider", "toy", "--set", "on=x"], "`--set on` names no table"),
        (["--provider", "toy", "--set", "on.toy=x"], "`on` is not a table of tables (from --set)"),
        (["--provider", "toy", "--set", "run.rates.EUR=0"], "run.rates.EUR is 0.0"),
        (
            ["--provider", "toy", "--provider", "twin", "--set", "provider.euro.bill=x"],
            "`provider.euro` (from --set) is set, but not used",
        ),
    ],
)
def test_nonsense_is_refused(burn: Burn, args: list[str], message: str) -> None:
    result = burn("run", "--source", "toy", *DAYS, *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


def test_different_windows_are_refused(burn: Burn) -> None:
    other = ("--set", "on.twin.run.window=2026-10-01..2026-10-02")
    asked = ("--set", "on.toy.run.window=2026-10-01..2026-10-03")
    pair = ("--provider", "toy", "--provider", "twin", "--source", "toy")
    result = burn("run", *pair, *asked, *other)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "different windows" in result.stderr


def test_a_ledger_that_does_not_close_is_not_saved_by_another(burn: Burn) -> None:
    result = burn("run", *BOTH, *RATE, "--set", "provider.euro.fault=residual")
    assert (result.exit_code, result.stdout) == (6, "")


@pytest.mark.skipif("aws" not in CLOUDS, reason="burn-aws is not installed")
def test_a_sample_and_a_strangers_bill(burn: Burn) -> None:
    one = report(burn("run", "--provider", "aws", "--sample", "--format", "json"))
    both = ("--provider", "aws", "--provider", "toy", "--sample")
    two = report(burn("run", *both, "--format", "json"))
    assert two["info"]["cluster"] == "shop-prod+tiny"
    days = 31
    assert two["totals"]["billed"] == pytest.approx(one["totals"]["billed"] + days * BILLED / 2)
    assert abs(two["totals"]["residual"]) < 0.005
    table = burn("run", *both, "--detail").stdout
    assert "bill: aws+toy" in table
    assert "shop-prod/" in table
    assert "tiny/shop" in table
    assert "a defect" not in table


@pytest.mark.slow
@pytest.mark.skipif(len(CLOUDS) < 2, reason="less than two clouds with a sample are installed")
@pytest.mark.parametrize("pair", [*combinations(CLOUDS, 2)], ids="+".join)
def test_the_samples_of_two_clouds(burn: Burn, pair: tuple[str, str]) -> None:
    sample = ("--sample", "--quiet", "--format", "json")
    runs = [tomllib.loads((SAMPLES[name] / "burn.toml").read_text())["run"] for name in pair]
    windows = [Window.parse(run["window"], now=datetime.now(UTC)) for run in runs]
    first = max(window.start for window in windows)  # three days are enough to add up
    span = f"--window={Window(first, first + timedelta(days=3))}"
    alone = [report(burn("run", "--provider", name, span, *sample)) for name in pair]
    rates = [
        f"--set=run.rates.{one['info']['currency']}=1.1"
        for one in alone
        if one["info"]["currency"] != "USD"
    ]
    providers = [f"--provider={name}" for name in pair]
    found = report(
        burn(
            "run",
            *providers,
            span,
            "--sample",
            "--set=run.currency=USD",
            *rates,
            "--format",
            "json",
        )
    )
    factor = [1.0 if one["info"]["currency"] == "USD" else 1.1 for one in alone]
    for total in ("report", "cluster_effective", "account_effective", "billed"):
        wanted = math.fsum(one["totals"][total] * f for one, f in zip(alone, factor, strict=True))
        assert found["totals"][total] == pytest.approx(wanted, abs=1e-6)
    assert abs(found["totals"]["residual"]) < 0.01
