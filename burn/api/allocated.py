"""The frame of who carries the cost."""

from __future__ import annotations

from burn.api.frames import AllocationFrame
from burn.api.schema import Column, Schema
from burn.api.vocabulary import BASES, COST_KINDS

ALLOCATION: Schema[AllocationFrame] = Schema(
    "allocation",
    key=(),
    about="Who carries the cost. Inside the chain: per asset and day. In a report: reduced to owners and day.",
    columns=(
        Column("basis", "string", one_of=BASES),
        Column("day", "timestamp"),
        Column("asset_id", "string", doc="empty for shared rows without an asset, and in a report"),
        Column("cluster", "string"),
        Column(
            "namespace",
            "string",
            doc="empty for idle, system and shared cost that nobody carries yet",
        ),
        Column("workload_kind", "string"),
        Column("workload", "string"),
        Column("owner", "string", doc="set by an ownership policy; empty before"),
        Column(
            "dimensions",
            "string",
            doc="JSON object, keys sorted: team, cost_centre, …, set by a policy or an enricher; `{}` before",
        ),
        Column(
            "labels", "string", doc="JSON object of the pods' selected labels; `{}` in a report"
        ),
        Column(
            "resource",
            "string",
            doc="cpu, memory, gpu, storage, load_balancer, or a ledger driver's name for shared rows",
        ),
        Column("kind", "string", one_of=COST_KINDS),
        Column("cost", "float", unit="currency"),
    ),
)
