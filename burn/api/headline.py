"""The run in two sentences: what the report says, what the bill says, where the gap lies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from burn.api.money import cents, money, percent

if TYPE_CHECKING:
    from burn.api.report import RunInfo, Totals


class Landed(Protocol):
    """A report, or as much of one."""

    @property
    def info(self) -> RunInfo:
        """How it was made."""
        ...

    @property
    def totals(self) -> Totals:
        """Where its ledger lands."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """Cents, and the sentences made of them.

    Attributes:
        gap: billed − report.
        gap_percent: of the report; empty when the report is nothing.
        outside, accounting: the parts of the gap that are not the cluster's cost.
    """

    report: int
    billed: int
    cluster: int
    gap: int
    gap_percent: str
    outside: int
    accounting: int
    sentence: str
    detail: str


def headline(report: Landed) -> Headline:
    """What a reader must know first."""
    totals, currency = report.totals, report.info.currency
    start, cluster = cents(totals.report), cents(totals.cluster_effective)
    account, billed = cents(totals.account_effective), cents(totals.billed)
    gap = billed - start
    share = percent(gap, start)
    of = f" ({share} of the report)" if share else ""

    def text(value: int) -> str:
        return money(value, currency)

    sentence = (
        f"The Kubernetes report says {text(start)}, the cloud bill says {text(billed)}: "
        f"a gap of {text(gap)}{of}."
    )
    word = "more" if cluster >= start else "less"
    detail = (
        f"The cluster truly cost {text(cluster)} (effective), {text(abs(cluster - start))} {word} "
        f"than the report; {text(account - cluster)} is outside the cluster, "
        f"{text(billed - account)} is accounting."
    )
    return Headline(
        report=start,
        billed=billed,
        cluster=cluster,
        gap=gap,
        gap_percent=share,
        outside=account - cluster,
        accounting=billed - account,
        sentence=sentence,
        detail=detail,
    )
