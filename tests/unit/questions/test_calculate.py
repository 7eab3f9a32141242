"""Arithmetic over citations: exact, of one currency, and found again by its own citation."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from burn.api import UsageError
from burn.history.store import History
from burn.questions.cited import cited
from burn.questions.desk import Desk
from tests.unit.questions.conftest import SEPTEMBER, october

REPORT, BILLED, GAP = (f"run/2026-10/total/{name}" for name in ("report", "billed", "gap"))


def asked(desk: Desk, op: str, *cites: str) -> dict[str, Any]:
    return desk.ask("calculate", {"op": op, "cites": list(cites)})


def test_by_hand(desk: Desk) -> None:
    """The report says 579.392, the bill 1,036.3403."""
    assert asked(desk, "difference", BILLED, REPORT)["figure"]["amount"] == "456.948300"
    assert asked(desk, "sum", REPORT, GAP)["figure"]["amount"] == "1036.340300"
    assert asked(desk, "percent", GAP, REPORT)["percent"] == "78.866864"
    assert asked(desk, "ratio", BILLED, REPORT)["ratio"] == "1.788669"
    assert [one["cite"] for one in asked(desk, "sum", REPORT, GAP)["of"]]


def test_a_result_is_found_again_and_goes_on(desk: Desk) -> None:
    first = asked(desk, "difference", BILLED, REPORT)["figure"]
    assert cited(desk, first["cite"]).figure.amount == Decimal(first["amount"])
    nested = asked(desk, "difference", BILLED, first["cite"])["figure"]
    assert nested["amount"] == "579.392000"
    assert cited(desk, nested["cite"]).figure.amount == Decimal("579.392")
    assert first["basis"] == "billed, list"


@pytest.mark.parametrize(
    ("op", "cites", "why"),
    [
        ("sum", (REPORT, REPORT), "twice"),
        ("percent", (REPORT, GAP, BILLED), "takes two citations"),
        ("ratio", (REPORT, "run/2026-10/total/residual"), "of nothing"),
        ("sum", (REPORT, "run/2026-10/total/nothing"), "nothing is at"),
        ("sum", (REPORT, "calculate/sum/x"), "nothing is at"),
        ("sum", (REPORT, *(f"run/2026-10/ledger/{'x' * 900}{n}" for n in range(4))), "too long"),
        ("sum", (REPORT,), "cites"),
    ],
)
def test_what_cannot_be_calculated_is_refused(
    desk: Desk, op: str, cites: tuple[str, ...], why: str
) -> None:
    with pytest.raises(UsageError, match=why):
        asked(desk, op, *cites)


def test_currencies_are_not_mixed(desk: Desk, history: History) -> None:
    made = october()
    info = replace(made.info, currency="EUR", run_id="eeeeeeeeeeee", window=SEPTEMBER)
    name = history.keep(replace(made, info=info)).name
    with pytest.raises(UsageError, match="different currencies"):
        asked(desk, "sum", REPORT, f"run/{name}/total/report")


def test_a_budget_has_the_currency_of_the_reports_and_no_other(desk: Desk) -> None:
    """Whoever writes a citation could else give 500 dollars in another currency."""
    (own,) = (
        row["budget"]["cite"] for row in desk.ask("budgets", {})["rows"] if row["name"] == "all"
    )
    assert str(cited(desk, own).figure.amount) == "500.000000"
    for currency in ("EUR", ""):
        with pytest.raises(UsageError, match="nothing is at"):
            cited(desk, own.replace("USD", currency))
    with pytest.raises(UsageError, match="nothing is at"):
        cited(desk, "budget/currency=USD")
