"""The lab against itself: what its bills print adds up to what its world charged."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tests.lab.cur2 import write_cur2
from tests.lab.cur_legacy import write_legacy
from tests.lab.focus import write_focus
from tests.lab.ledger import Charged, charge
from tests.lab.money import number
from tests.lab.random_world import random_world

SEEDS = range(8)
DEC = "DECIMAL(38,10)"


def total(sql: str) -> Decimal:
    return duckdb.connect().sql(sql).fetchall()[0][0]


def billed(charged: Charged) -> Decimal:
    return number(int(charged.facts["billed"].sum()))


@pytest.fixture(scope="module")
def worlds() -> list[Charged]:
    return [charge(random_world(seed)) for seed in SEEDS]


@pytest.mark.parametrize("daily", [False, True])
def test_cur2_prints_every_cent(worlds: list[Charged], tmp_path: Path, daily: bool) -> None:
    for charged in worlds:
        folder = write_cur2(charged, tmp_path / str(charged.world.seed), daily=daily)
        rows = f"read_parquet('{folder}/data/*/*.parquet')"
        style = charged.world.discounts.style
        if style in ("both", "columns"):
            net = f"SELECT SUM(line_item_net_unblended_cost::{DEC}) FROM {rows}"
            assert total(net) == billed(charged)
        if style != "columns":
            gross = f"SELECT SUM(line_item_unblended_cost::{DEC}) FROM {rows}"
            assert total(gross) == billed(charged)


def test_legacy_prints_every_cent(worlds: list[Charged], tmp_path: Path) -> None:
    for charged in worlds:
        folder = write_legacy(charged, tmp_path / str(charged.world.seed))
        rows = f"read_csv('{folder}/*/*/*.csv.gz', all_varchar=true)"
        column = "lineItem/NetUnblendedCost"
        if charged.world.discounts.style in ("lines", "none"):
            column = "lineItem/UnblendedCost"
        assert total(f'SELECT SUM("{column}"::{DEC}) FROM {rows}') == billed(charged)


@pytest.mark.parametrize("version", ["1.0", "1.2"])
def test_focus_prints_every_cent(worlds: list[Charged], tmp_path: Path, version: str) -> None:
    for charged in worlds:
        folder = write_focus(charged, tmp_path / str(charged.world.seed), version=version)
        rows = f"read_parquet('{folder}/data/*/*.parquet')"
        assert total(f"SELECT SUM(BilledCost::{DEC}) FROM {rows}") == billed(charged)
        cash = [not dim.unit for dim in charged.dims]
        in_cash = charged.facts["dim"].isin([i for i, one in enumerate(cash) if one])
        effective = charged.facts["effective"].where(~in_cash, charged.facts["billed"]).sum()
        made = total(f"SELECT SUM(EffectiveCost::{DEC}) FROM {rows}")
        assert made == number(int(effective))


def test_a_plan_is_either_used_or_unused(worlds: list[Charged], tmp_path: Path) -> None:
    """Hour by hour: what a plan covered and what it left idle is what was promised."""
    seen = 0
    for charged in worlds:
        folder = write_cur2(charged, tmp_path / str(charged.world.seed))
        rows = f"read_parquet('{folder}/data/*/*.parquet')"
        odd = (
            duckdb.connect()
            .sql(
                f"""SELECT line_item_usage_start_date AS hour,
                SUM(savings_plan_savings_plan_effective_cost::{DEC}) AS covered,
                SUM(savings_plan_used_commitment::{DEC}) AS used,
                SUM(savings_plan_total_commitment_to_date::{DEC}) AS promised,
                SUM(savings_plan_recurring_commitment_for_billing_period::{DEC}
                  + savings_plan_amortized_upfront_commitment_for_billing_period::{DEC}) AS paid
            FROM {rows} WHERE savings_plan_savings_plan_a_r_n IS NOT NULL GROUP BY hour"""
            )
            .fetchall()
        )
        seen += len(odd)
        for _, covered, used, promised, paid in odd:
            assert covered == used <= promised == paid
    assert seen
