"""A comparison closes, whatever is compared; its printed cents add up down and across."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from typer.testing import Result

from burn.api import Report, UsageError, Window
from burn.history.diff import diff
from burn.history.owners import diff_by
from burn.history.place import Place
from burn.history.store import History
from tests.unit.cli.conftest import alone, burn, toyland
from tests.unit.history.reports import NOW, rich
from tests.unit.view.worlds import reports

__all__ = ["alone", "burn", "toyland"]  # fixtures
Burn = Callable[..., Result]
SEPTEMBER = Window.month(2026, 9)


@settings(max_examples=10)
@given(reports(), reports())
def test_every_comparison_closes(before: Report, after: Report) -> None:
    earlier = replace(before, info=replace(before.info, window=SEPTEMBER))
    for one in (before, earlier):
        made = diff(one, after)
        assert abs(made.residual) < 1e-6
        for by in ("namespace", "workload"):
            made = diff_by(one, after, by)
            rows = after.allocation[after.allocation["basis"] == after.info.basis]["cost"]
            less = one.allocation[one.allocation["basis"] == one.info.basis]["cost"]
            assert math.fsum(made.rows["amount"]) == pytest.approx(
                math.fsum(rows) - math.fsum(less), abs=1e-6
            )


@pytest.mark.parametrize("what", ["cluster", "provider", "currency"])
def test_what_has_nothing_in_common_is_not_compared(what: str) -> None:
    with pytest.raises(UsageError, match=what):
        diff(rich(), rich(**{what: "another"}))


def test_another_owner_and_another_policy_are_told() -> None:
    before = rich()
    allocation = before.allocation.assign(owner=before.allocation["workload"].astype(str) + "-team")
    moved = diff_by(before, replace(before, allocation=allocation), "owner").rows
    assert set(moved["cause"]) == {"ownership"}
    twice = before.allocation.assign(cost=before.allocation["cost"] * 2)
    after = replace(before, allocation=twice, info=replace(before.info, policies=("other",)))
    made = diff_by(before, after, "namespace")
    assert set(made.rows["cause"]) == {"policy"}
    assert any("policies" in note for note in made.notes)


def test_printed_cents_add_up(burn: Burn) -> None:
    store = History(Place(".local/share/burn/history"))
    store.keep(rich(window=SEPTEMBER, run_id="aaaa00000000"), now=NOW.replace(day=1))
    later = rich(run_id="bbbb00000000")
    ledger = later.ledger.assign(amount=later.ledger["amount"] * 1.0137)
    names = ("report", "cluster_effective", "account_effective", "billed")
    totals = {name: getattr(later.totals, name) * 1.0137 for name in names}
    store.keep(replace(later, ledger=ledger, totals=replace(later.totals, **totals)), now=NOW)
    shown = burn("diff", "2026-09", "2026-10")
    assert shown.exit_code == 0, shown.stderr
    rows = re.findall(r"^( *)(=?.*?)  +([+-]?[\d,]+\.\d\d)   (.*)$", shown.stdout, re.MULTILINE)
    total = 0
    for indent, label, change, causes in rows:
        value = _cents(change)
        parts = [_cents(one) for one in re.findall(r"[+-][\d,]+\.\d\d", causes)]
        if causes.count(" ") == 2 * len(parts) - 1:  # all on one line
            assert sum(parts) == value, label
        if indent:
            total += value
        elif label == "REPORT":
            total = value
        else:
            assert total == value, label
    assert len(rows) > 8
    document = json.loads(burn("diff", "2026-09", "2026-10", "--format", "json").stdout)
    assert document["from"]["run_id"] == "aaaa00000000"
    assert {"group", "driver", "subject", "name", "cause", "amount"} == set(document["rows"][0])


def test_an_unknown_dimension_is_told(burn: Burn) -> None:
    result = burn("diff", "latest", "--by", "Namespace")
    assert result.exit_code == 2
    assert "did you mean `namespace`?" in result.stderr


def _cents(text: str) -> int:
    return round(float(text.replace(",", "")) * 100)
