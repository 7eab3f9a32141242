"""Questions about the AWS sample with known answers: sums over the rows of its reports, by plain arithmetic.

Nothing of `burn.questions` is used to know an answer, so that the questions are tested, too.
"""

from __future__ import annotations

import itertools
import json
import math
import subprocess
from collections import Counter
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cached_property
from typing import Any

MONTHS = ("2026-08", "2026-09", "2026-10")
Call = tuple[str, dict[str, Any]]
Report = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """A question.

    Attributes:
        calls: what a model may ask burn for it; `CITE n` in a parameter is the n-th figure so asked for.
        says: a right answer, with `{}` for each of what is expected.
        expects: the right figures, in US dollars or, where `unit` is %, in percent.
        month: of which the answer is.
    """

    question: str
    calls: tuple[Call, ...]
    says: str
    expects: tuple[float, ...]
    month: str = "2026-10"
    unit: str = "USD"

    @property
    def text(self) -> str:
        """The right answer, in whole cents and tenths of a percent."""
        return self.says.format(*(written(one, self.unit) for one in self.expects))


def written(value: float, unit: str) -> str:
    """As people write it."""
    if unit == "%":
        return f"{value:.1f} %"
    cents = Decimal(repr(round(value, 6))).quantize(Decimal("0.01"), ROUND_HALF_EVEN)
    return f"{'-' * (cents < 0)}${abs(cents):,}"


class Sample:
    """The reports of the sample's months as `burn show --format json` gives them."""

    def __init__(self, reports: dict[str, Report]) -> None:
        self.reports = reports

    @classmethod
    def kept(cls) -> Sample:
        """Those that are kept on this machine; `burn run --provider aws --sample` keeps them."""
        return cls({month: _shown(month) for month in MONTHS})

    @cached_property
    def cases(self) -> list[Case]:
        """All of them."""
        return [
            *self._landings(), *self._drivers(), *self._namespaces(), *self._changes(),
            *self._shares(), *self._sums(), *self._findings(),
        ]  # fmt: skip

    def _landings(self) -> list[Case]:
        out = []
        for month, report in self.reports.items():
            totals, asked = report["totals"], ((("summary", {"run": month})),)
            said, billed = totals["report"], totals["billed"]
            out += [
                Case(f"What was billed in {month}?", asked, f"In {month} {{}} was billed.", (billed,), month),
                Case(f"What did the Kubernetes report of {month} say?", asked, f"It says {{}} for {month}.", (said,), month),
                Case(f"How far was the bill of {month} from the report?", asked, f"{{}} in {month}.", (billed - said,), month),
                Case(f"What did the cluster truly cost in {month}?", asked, f"{{}} in {month}, effective.", (totals["cluster_effective"],), month),
                Case(f"How many percent of the report was the gap of {month}?", asked, f"{{}} in {month}.", (100 * (billed - said) / said,), month, "%"),
            ]  # fmt: skip
        return out

    def _drivers(self) -> list[Case]:
        return [
            Case(
                f"How much of the walk of 2026-10 is the driver {driver}?",
                (("explain", {"of": driver, "what": "driver", "run": "2026-10"}),),
                "It is {} in 2026-10.",
                (amount,),
            )
            for driver, amount in self._by_driver("2026-10").items()
        ]

    def _namespaces(self) -> list[Case]:
        out = []
        for name, amount in self._by_namespace("2026-10", "effective").items():
            listed = self._by_namespace("2026-10", "list")[name]
            asked = (("explain", {"of": name, "what": "namespace", "run": "2026-10"}),)
            says = f"{name} cost {{}} in 2026-10; at list price {{}}."
            question = f"What did namespace {name} truly cost in 2026-10, and what at list price?"
            out.append(Case(question, asked, says, (amount, listed)))
        return out

    def _changes(self) -> list[Case]:
        before, after = self._by_driver("2026-09"), self._by_driver("2026-10")
        changes = {name: after.get(name, 0) - before.get(name, 0) for name in {*before, *after}}
        largest = sorted(changes, key=lambda name: (-abs(changes[name]), name))
        pages = ({"offset": 0}, {"offset": 9})  # rows of an answer end where it would be too large
        asked = tuple(("diff", {"before": "2026-09", "after": "2026-10", **page}) for page in pages)
        return [
            Case(f"By how much did {name} change from 2026-09 to 2026-10?", asked,
                 "By {} to 2026-10.", (changes[name],))
            for name in largest if name != "report" and abs(changes[name]) > 0.01
        ][:10]  # fmt: skip

    def _shares(self) -> list[Case]:
        whole = self.reports["2026-10"]["totals"]["cluster_effective"]
        asked = ("allocation", {"run": "2026-10", "limit": 30})
        total = ("ledger", {"run": "2026-10", "limit": 1})
        return [
            Case(f"What share of the cluster's cost of 2026-10 is namespace {name}'s?",
                 (asked, total, ("calculate", {"op": "percent", "cites": [f"namespace={name}", "total/cluster"]})),
                 "{} in 2026-10.", (100 * amount / whole,), unit="%")
            for name, amount in list(self._by_namespace("2026-10", "effective").items())[:5]
        ]  # fmt: skip

    def _sums(self) -> list[Case]:
        amounts = self._by_driver("2026-10")
        names = sorted(set(amounts) - {"report"}, key=lambda name: -abs(amounts[name]))[:6]
        asked = ("ledger", {"run": "2026-10", "limit": 40})
        return [
            Case(f"How much are {one} and {two} together in 2026-10?",
                 (asked, ("calculate", {"op": "sum", "cites": [f"ledger/{one}", f"ledger/{two}"]})),
                 "{} in 2026-10.", (amounts[one] + amounts[two],))
            for one, two in itertools.pairwise(names)
        ]  # fmt: skip

    def _findings(self) -> list[Case]:
        found = self.reports["2026-10"]["findings"]
        once = Counter(one["title"] for one in found)
        asked = (("findings", {"run": "2026-10", "limit": 40}),)
        return [
            Case(f"What would `{one['title']}` come to in a month, by the findings of 2026-10?", asked,
                 "{} a month, by 2026-10.", (one["monthly"],))
            for one in found if once[one["title"]] == 1
        ][:5]  # fmt: skip

    def _by_driver(self, month: str) -> dict[str, float]:
        return _summed(self.reports[month]["ledger"], "driver", "amount")

    def _by_namespace(self, month: str, basis: str) -> dict[str, float]:
        rows = [
            one for one in self.reports[month]["allocation"]
            if one["basis"] == basis and one["namespace"]
        ]  # fmt: skip
        return _summed(rows, "namespace", "cost")


def _summed(rows: list[dict[str, Any]], by: str, amount: str) -> dict[str, float]:
    parts: dict[str, list[float]] = {}
    for row in rows:
        parts.setdefault(row[by], []).append(row[amount])
    return {name: math.fsum(values) for name, values in parts.items()}


def _shown(month: str) -> Report:
    command = ["burn", "show", month, "--sample", "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    report: Report = json.loads(done.stdout)
    return report
