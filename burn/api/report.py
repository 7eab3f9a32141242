"""What a finished run is: the only thing an output sink sees."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from burn.api.counted import ControlTotal
from burn.api.coverage import Coverage
from burn.api.errors import DataError
from burn.api.window import Window

if TYPE_CHECKING:
    import pandas as pd

    from burn.api.frames import (
        AllocationFrame,
        AssetsFrame,
        CommitmentsFrame,
        LedgerFrame,
        OffersFrame,
        PlanFrame,
        PriceFrame,
        SizesFrame,
        SpotFrame,
        UseFrame,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The ledger's landings, in the bill's currency; each is a sum of ledger rows.

    report → cluster_effective (report + observation + rate + unmodelled + waste)
    → account_effective (+ outside) → billed (+ accounting); residual = control − billed.
    """

    report: float
    cluster_effective: float
    account_effective: float
    billed: float
    residual: float
    cluster_billed: float
    """The cluster's part of `billed`, by the rule stated in docs/explanation/ledger.md."""
    invoice: float | None = None

    @classmethod
    def without_bill(cls, report: float, effective: float = float("nan")) -> Totals:
        """Where nobody read a bill: what it would say is not a number, and never 0.

        Args:
            report: at list price.
            effective: the same at the prices that a kept run paid, where they are known.
        """
        unknown = float("nan")
        return cls(
            report=report,
            cluster_effective=effective,
            account_effective=unknown,
            billed=unknown,
            residual=unknown,
            cluster_billed=unknown,
        )

    def cluster(self, basis: str) -> float:
        """What allocated cost adds up to at a basis: list, effective or billed."""
        return {
            "list": self.report,
            "effective": self.cluster_effective,
            "billed": self.cluster_billed,
        }[basis]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something a reader can act on.

    Attributes:
        rule: stable name of the rule, e.g. `orphaned-disk`; burn fills it in.
        subject: what it is about (a disk, a workload, a commitment).
        amount: what it cost in the window.
        monthly: projection to 730 hours; a projection, labelled as one wherever it is shown.
        evidence: the numbers behind it.
        action: what to do next.
        confidence: high, medium or low.
        bill_saving: True when acting lowers the bill itself; False when it frees capacity only.
        saves: how much of the amount acting can save: all, part or none. `none` is of what makes
            figures truer or pods safer; it is told, and never as money to save.
    """

    rule: str = ""
    title: str
    subject: str
    amount: float
    monthly: float
    evidence: str
    action: str
    confidence: str = "high"
    bill_saving: bool = True
    saves: str = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunInfo:
    """How the report was made; everything a reader needs to make it again."""

    run_id: str
    burn_version: str
    window: Window
    cluster: str | None
    provider: str
    source: str
    policies: tuple[str, ...]
    basis: str
    currency: str
    provisional_from: datetime | None
    """From here to the window's end the bill may still change; None when all is final."""
    plugins: tuple[str, ...] = ()
    """Distributions and versions whose code made these numbers."""
    origin: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    """What the reader wants cost grouped by, the most wanted first; empty: nothing special."""
    paid: str = ""
    """Of a report without a bill: the kept run whose effective prices it uses, else empty."""
    no_types: tuple[str, ...] = ()
    """Providers that list no types of machines: the plan moves none of their nodes to another type."""
    no_lists: tuple[str, ...] = ()
    """Sentences: which price lists could not be asked what a plan's commitments and spot cost, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A finished run.

    Attributes:
        control: what the bill was counted as; None: no bill was read (`burn analyze`), the ledger
            ends at the report, and what only a bill could say is not a number in `totals`.
        ledger: schema `ledger`, in the order it is read.
        prices: schema `prices`, asset × day.
        allocation: schema `allocation`, reduced to owners; bases in column `basis`.
        findings: sorted by monthly amount, largest first.
        notes: sentences a reader must see, in order of weight.
        namespace_split: the provider's own split (namespace, cost), to set beside burn's.
        daily: the ledger by day, without the walk to the invoices: day, group, driver, subject,
            amount. It adds up to the ledger by subject; a driver's smallest ones are one. None: not known.
        assets: schema `assets`: what each node, volume and balancer cost. None: not known.
        use: schema `use`, of workloads, nodes and volumes: what was asked for and used. None: not
            known. What `coverage.sees` does not have is 0 in it, and unknown.
        sizes: schema `sizes`: what containers should ask for. None: not known.
        plan: schema `plan`: what could be saved, step by step. None: not known.
        spot: schema `spot`: what may run on spot nodes, and what spot was paid. None: not known.
        offers: schema `offers`: what could be committed to. None: not known.
        commitments: schema `commitments`: what became of each. None: no bill, or not known.
    """

    info: RunInfo
    totals: Totals
    control: ControlTotal | None
    ledger: LedgerFrame
    prices: PriceFrame
    allocation: AllocationFrame
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    coverage: Coverage = field(default_factory=Coverage)
    namespace_split: pd.DataFrame | None = None
    daily: pd.DataFrame | None = None
    assets: AssetsFrame | None = None
    use: UseFrame | None = None
    sizes: SizesFrame | None = None
    plan: PlanFrame | None = None
    spot: SpotFrame | None = None
    commitments: CommitmentsFrame | None = None
    offers: OffersFrame | None = None

    @property
    def counted(self) -> ControlTotal:
        """What the bill was counted as, of a report that has one.

        Raises:
            DataError: no bill was read.
        """
        if self.control is None:
            raise DataError(
                f"report {self.info.run_id} is one without a bill",
                hint="`burn run` reads the bill; `burn analyze` does not",
            )
        return self.control
