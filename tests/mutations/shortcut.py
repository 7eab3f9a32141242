"""Runs burn over a mutated bill, and only as far as it takes to know the report.

A report is made of what was observed, the bill and the prices. The cluster is the same in all runs
here; where bill and prices are those of the bill as it was, so are the figures.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from burn.api import (
    Bill,
    BillRequest,
    PriceFrame,
    PriceRequest,
    Report,
)
from burn.run.pipeline import run
from burn.run.plan import Plan
from burn.work.events import Silent

PlanOf = Callable[[Path], Plan]
"""What is done with the bill in a folder."""


class SameAnswers(BaseException):
    """Bill and prices are those of the bill as it was; no code of burn's catches it."""


class Runs:
    """Runs over one world's bill, the first of them whole."""

    def __init__(self, plan_of: PlanOf) -> None:
        self._plan_of = plan_of
        self._bill: Bill
        self._prices: PriceFrame
        self._truth: Report | None = None

    def __call__(self, folder: Path) -> Report:
        """The report; the first run's where this one could only come to the same.

        Raises:
            BurnError: of the run.
        """
        plan = self._plan_of(folder)
        chosen = plan.provider
        looked_at: Any = _LookedAt(chosen.made, self)
        plan = replace(
            plan,
            provider=replace(chosen, made=looked_at),
            source_replayable=True,
        )
        try:
            report = run(plan, Silent())
        except SameAnswers:
            assert self._truth is not None
            return self._truth
        self._truth = self._truth or report
        return report

    def judge(self, bill: Bill, prices: PriceFrame) -> None:
        """Keep the first run's answers; stop a run with the same."""
        if self._truth is None:
            self._bill, self._prices = bill, prices
        elif (
            bill.rows.equals(self._bill.rows)
            and bill.control.invoices == self._bill.control.invoices
            and bill.final_until == self._bill.final_until
            and prices.equals(self._prices)
        ):
            raise SameAnswers


class _LookedAt:
    """The provider, whose answers are looked at when it is asked for prices, after the bill."""

    def __init__(self, made: Any, runs: Runs) -> None:
        self._made, self._runs = made, runs

    def bill(self, request: BillRequest) -> Bill:
        self._answered: Bill = self._made.bill(request)
        return self._answered

    def price(self, request: PriceRequest) -> PriceFrame:
        prices: PriceFrame = self._made.price(request)
        self._runs.judge(self._answered, prices)
        return prices

    def __getattr__(self, name: str) -> Any:
        return getattr(self._made, name)
