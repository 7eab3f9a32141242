"""Merging adds up, whatever the order; what cannot be added is refused."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from burn.api import Report, ToleranceError, UsageError, Window
from burn.combine.convert import converted
from burn.combine.merge import merge
from burn.testing import tiny_report
from tests.unit.history.reports import daily

DAY = Window(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 2, tzinfo=UTC))


def report(provider: str, currency: str = "USD") -> Report:
    made = tiny_report(DAY)
    return replace(
        made,
        info=replace(made.info, provider=provider, currency=currency),
        control=replace(made.control, currency=currency),
        daily=daily(made),
    )


@pytest.mark.slow
@settings(max_examples=10)
@given(
    rates=st.lists(st.decimals("0.01", "200", places=4, allow_nan=False), min_size=1, max_size=4)
)
def test_a_merge_is_the_sum_at_the_stated_rates(rates: list[Decimal]) -> None:
    one = tiny_report(DAY)
    reports = [report("home"), *(report(f"p{i}", f"C{i:02}") for i in range(len(rates)))]
    stated = {f"C{i:02}": float(rate) for i, rate in enumerate(rates)}
    merged = merge(converted(reports, "USD", stated), 0.005)
    factor = 1 + math.fsum(map(float, rates))
    for name in ("report", "cluster_effective", "account_effective", "billed", "cluster_billed"):
        assert math.isclose(
            getattr(merged.totals, name), getattr(one.totals, name) * factor, rel_tol=1e-12
        )
    assert merged.control.billed == one.control.billed * (1 + sum(rates))
    assert merged.control.lines == one.control.lines * len(reports)
    assert abs(merged.totals.residual) < 1e-6
    assert math.isclose(merged.allocation["cost"].sum(), one.allocation["cost"].sum() * factor)
    assert sum("stated rate" in note for note in merged.notes) == len(rates)


def test_the_order_of_providers_changes_no_number() -> None:
    a, b = merge([report("a"), report("b")], 0.005), merge([report("b"), report("a")], 0.005)
    assert a.totals == b.totals
    key = ["group", "driver", "subject"]
    assert a.ledger.sort_values(key, ignore_index=True).equals(
        b.ledger.sort_values(key, ignore_index=True)
    )


def test_one_report_is_left_as_it_is() -> None:
    only = report("a")
    assert merge(converted([only], "", {}), 0.005) is only


def test_the_ledger_by_day_is_the_sum_of_all_or_none() -> None:
    both = merge(converted([report("a"), report("b", "EUR")], "USD", {"EUR": 2.0}), 0.005)
    assert both.daily is not None
    ledger = both.ledger[both.ledger["group"] != "invoice"]
    assert both.daily["amount"].sum() == pytest.approx(ledger["amount"].sum())
    outside = ledger.loc[ledger["group"] == "outside", "subject"]
    assert set(both.daily.loc[both.daily["group"] == "outside", "subject"]) == set(outside)
    assert merge([report("a"), replace(report("b"), daily=None)], 0.005).daily is None


def test_half_an_invoice_is_none() -> None:
    short = report("b")
    short = replace(short, control=replace(short.control, invoice=None))
    assert merge([report("a"), short], 0.005).totals.invoice is None
    assert merge([report("a"), report("b")], 0.005).totals.invoice == pytest.approx(128.04)


def test_the_earliest_provisional_day_counts() -> None:
    final = report("b")
    final = replace(final, info=replace(final.info, provisional_from=None))
    assert merge([report("a"), final], 0.005).info.provisional_from == datetime(
        2026, 10, 1, 12, tzinfo=UTC
    )


def test_a_missing_cent_is_found_in_the_sum() -> None:
    wrong = report("b")
    wrong = replace(wrong, control=replace(wrong.control, billed=Decimal("64.05")))
    with pytest.raises(ToleranceError):
        merge([report("a"), wrong], 0.005)


@pytest.mark.parametrize("what", ["currency", "window", "basis"])
def test_what_does_not_belong_together_is_refused(what: str) -> None:
    other = report("b")
    odd = {
        "currency": "EUR",
        "basis": "list",
        "window": Window(DAY.start, DAY.start.replace(hour=6)),
    }
    with pytest.raises(UsageError, match=what):
        merge([report("a"), replace(other, info=replace(other.info, **{what: odd[what]}))], 0.005)
