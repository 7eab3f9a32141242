"""The frame of what each asset cost over a report's window."""

from __future__ import annotations

from burn.api.frames import AssetsFrame
from burn.api.schema import Column, Schema
from burn.api.vocabulary import ASSET_KINDS, CAPACITY_TYPES

ASSETS: Schema[AssetsFrame] = Schema(
    "assets",
    key=("asset_id",),
    about="What each node, volume and balancer of a report cost over its window.",
    columns=(
        Column("asset_id", "string"),
        Column("kind", "string", one_of=ASSET_KINDS),
        Column("cluster", "string"),
        Column("name", "string", doc="as in the inventory, of the last day it was seen"),
        Column("instance_type", "string", doc="nodes: type; volumes: storage class"),
        Column("capacity_type", "string", one_of=CAPACITY_TYPES),
        Column("region", "string"),
        Column("namespace", "string", doc="of a volume's claim, of a balancer's Service"),
        Column(
            "owner_name",
            "string",
            doc="node pool; claim of a volume; Service or Ingress of a balancer",
        ),
        Column("cpu_cores", "float", unit="cores", doc="averaged over its days"),
        Column("memory_gib", "float", unit="GiB"),
        Column("gpu_count", "float", unit="devices"),
        Column("storage_gib", "float", unit="GiB"),
        Column("hours", "float", unit="hours", doc="observed"),
        Column("quantity", "float", unit="`unit`", doc="observed"),
        Column("unit", "string"),
        Column("list_cost", "float", unit="currency"),
        Column(
            "idle_cost",
            "float",
            unit="currency",
            doc="of list_cost: what nobody held, by the policies",
        ),
        Column(
            "system_cost",
            "float",
            unit="currency",
            doc="of list_cost: what the node keeps for itself",
        ),
        Column("gpu_cost", "float", unit="currency", doc="of list_cost: what its GPUs cost"),
        Column("price_source", "string", doc="as in `prices`, of the last day"),
        Column(
            "effective_cost",
            "float",
            unit="currency",
            null=True,
            doc="what the bill charges on it in all; null without a bill or prices that were paid",
        ),
        Column(
            "paid_quantity",
            "float",
            unit="`unit`",
            null=True,
            doc="on the bill: of what the report prices too",
        ),
        Column("paid_cost", "float", unit="currency", null=True, doc="what that cost, effective"),
    ),
)
