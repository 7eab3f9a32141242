"""What the rules see, and the numbers that decide when something is worth a reader's time."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from burn.api import AllocationFrame, BillFrame, LedgerFrame, PriceFrame

MONTH_HOURS = 730
"""Hours of a month in every projection: 8,760 / 12."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When a rule speaks. Money is in the bill's currency.

    Attributes:
        min_monthly: smaller findings are left out.
        headroom: kept above measured use when a request is judged; 0.15 is bold, 0.5 careful.
        min_pod_hours: a workload must have run this long to be judged.
        steady: part of the window a node must have been there to be a candidate for removal.
        fill: how full, at the busiest hour, the remaining nodes may become.
        transfer_share: data transfer is a finding from this part of node cost on.
        still_billed_days: an unseen resource not billed for this long is taken as deleted.
        assumed_discount: of a commitment, when the bill shows none to learn from.
    """

    min_monthly: float = 1.0
    headroom: float = 0.3
    min_pod_hours: float = 24.0
    steady: float = 0.95
    fill: float = 0.8
    transfer_share: float = 0.1
    still_billed_days: int = 2
    assumed_discount: float = 0.25


@dataclass(frozen=True)
class FindingInputs:
    """The finished frames of a run.

    Attributes:
        ledger, bill, prices: as in the report.
        allocation: reduced to owners, every basis of the run.
        usage: from `combine`.
        hours: length of the window.
    """

    ledger: LedgerFrame
    bill: BillFrame
    prices: PriceFrame
    allocation: AllocationFrame
    usage: pd.DataFrame
    hours: int
    thresholds: Thresholds = field(default_factory=Thresholds)

    @property
    def month(self) -> float:
        """Factor from the window to a month."""
        return MONTH_HOURS / self.hours

    @cached_property
    def inside(self) -> BillFrame:
        """The cluster's bill rows."""
        rows: BillFrame = self.bill[self.bill["in_cluster"]]
        return rows

    @cached_property
    def asset_costs(self) -> pd.Series[float]:
        """Cost of each observed asset by asset_id: effective, but before commitments.

        The ledger keeps commitment discounts by commitment; removing an asset would not end one.
        """
        rows = self.ledger[self.ledger["group"].isin(["report", "observation", "rate"])]
        rows = rows[rows["subject"].isin(self.prices["asset_id"].unique())]
        return rows.groupby("subject")["amount"].sum()

    @cached_property
    def workload_costs(self) -> pd.DataFrame:
        """Direct cost by workload × resource, at the run's basis (list when there is no other)."""
        bases = sorted(set(self.allocation["basis"].astype(str)) - {"list"}) or ["list"]
        rows = self.allocation[
            (self.allocation["basis"] == bases[0]) & (self.allocation["kind"] == "direct")
        ]
        keys = [rows[name].astype(str) for name in WORKLOAD]
        costs = rows["cost"].groupby([*keys, rows["resource"].astype(str)]).sum()
        return costs.unstack(fill_value=0).reindex(columns=["cpu", "memory"], fill_value=0.0)


WORKLOAD = ("cluster", "namespace", "workload_kind", "workload")
