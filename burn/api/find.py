"""What a finding rule sees: the finished frames of a run, and sums of them that rules share."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from burn.api.coverage import Coverage
from burn.api.thresholds import Thresholds

if TYPE_CHECKING:
    import pandas as pd

    from burn.api.frames import (
        AllocationFrame,
        BillFrame,
        CommitmentsFrame,
        LedgerFrame,
        PriceFrame,
        SizesFrame,
        UseFrame,
        WorkloadsFrame,
    )

WEEK = 168
"""Hours; a shorter window may have missed what happens once a week."""
MONTH_HOURS = 730
"""Hours of a month in every projection: 8,760 / 12."""
WITH_NODE = ("DaemonSet", "StaticPod", "Node")
"""Kinds whose pods come and go with their node."""


@dataclass(frozen=True, kw_only=True)
class FindRequest:
    """The finished frames of a run; read only.

    Attributes:
        ledger, bill, prices: as in the report.
        allocation: reduced to owners, every basis of the run.
        usage: schema `use`: what was asked for and used, over the window.
        hours: length of the window.
        thresholds: `[findings]`, which all rules share.
        coverage: what the metrics could have shown in it.
        shown: names of what they did show, as `x_tied_to` has them.
        sizes: schema `sizes`: what containers should ask for; None where the source has no such
            facts.
        workloads: how each workload was run on the last day known; None likewise.
        commitments: schema `commitments`; None where there is no bill.
        until: the window's end; None where nobody says.
        held: asset_ids of nodes with a pod that is known to have to stay there.
    """

    ledger: LedgerFrame
    bill: BillFrame
    prices: PriceFrame
    allocation: AllocationFrame
    usage: UseFrame
    hours: int
    thresholds: Thresholds = field(default_factory=Thresholds)
    coverage: Coverage = field(default_factory=Coverage)
    shown: frozenset[str] = frozenset()
    sizes: SizesFrame | None = None
    workloads: WorkloadsFrame | None = None
    commitments: CommitmentsFrame | None = None
    until: datetime | None = None
    held: frozenset[str] = frozenset()

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
    def direct(self) -> AllocationFrame:
        """Direct cost at the run's basis (list when there is no other)."""
        bases = sorted(set(self.allocation["basis"].astype(str)) - {"list"}) or ["list"]
        rows: AllocationFrame = self.allocation[
            (self.allocation["basis"] == bases[0]) & (self.allocation["kind"] == "direct")
        ]
        return rows

    @cached_property
    def namespace_costs(self) -> pd.Series[float]:
        """Direct cost by cluster × namespace: of its pods, volumes and balancers."""
        keys = [self.direct[name].astype(str) for name in WORKLOAD[:2]]
        return self.direct["cost"].groupby(keys).sum()

    @cached_property
    def workload_costs(self) -> pd.DataFrame:
        """Direct cost by workload × resource."""
        keys = [self.direct[name].astype(str) for name in WORKLOAD]
        costs = self.direct["cost"].groupby([*keys, self.direct["resource"].astype(str)]).sum()
        return costs.unstack(fill_value=0).reindex(columns=["cpu", "memory"], fill_value=0.0)


PLATFORM = ("kube-system",)
"""What runs there is an add-on whose requests its distribution sets, and sets again."""
WORKLOAD = ("cluster", "namespace", "workload_kind", "workload")
