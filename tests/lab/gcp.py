"""Writes a world as Google Cloud exports it from BigQuery: detailed, standard or FOCUS.

Files as `EXPORT DATA` makes them: Parquet with nested fields, JSON lines, or CSV with the nested
columns' paths as names and arrays as JSON.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.lab.gcp_lines import Printed, gcp_lines
from tests.lab.gcp_names import assets
from tests.lab.ledger import Charged
from tests.lab.money import UNIT
from tests.lab.observed import frames
from tests.lab.things import World

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

ACCOUNT = "010101-F0FFF0-10AB10"


def gcp_table(
    charged: Charged,
    *,
    export: str = "detailed",
    model: str = "new",
    daily: bool = False,
    google: bool = False,
    extra: Callable[[Printed], None] | None = None,
) -> pa.Table:
    """The export's table, nested as in BigQuery.

    Args:
        charged: of a `gcp_world`.
        export: detailed, standard or focus.
        model: see `gcp_lines`.
        daily: hourly lines summed to days.
        google: with what Google grants by itself, see `granted`.
        extra: adds lines of its own.
    """
    printed = gcp_lines(charged, model=model)
    if extra:
        extra(printed)
    if google:
        granted(printed)
    if daily:
        by_day(printed)
    return (
        focus_table(charged, printed)
        if export == "focus"
        else usage_table(charged, printed, export)
    )


def write_gcp(charged: Charged, root: Path, *, form: str = "parquet", **options: Any) -> Path:
    """Write one file below `root`, of `gcp_table` with these options; returns the folder."""
    import pyarrow.parquet as pq

    table = gcp_table(charged, **options)
    root.mkdir(parents=True, exist_ok=True)
    if form == "parquet":
        pq.write_table(
            table, root / "export-000000000000.parquet", compression="zstd", store_schema=False
        )
        return root
    rows = table.to_pylist()
    if form == "jsonl":
        with gzip.open(root / "export-000000000000.json.gz", "wt", encoding="utf-8") as sink:
            for row in rows:
                sink.write(json.dumps(row, default=lambda at: f"{at:%Y-%m-%d %H:%M:%S} UTC") + "\n")
        return root
    flat(table).to_csv(root / "export-000000000000.csv.gz", index=False)
    return root


def granted(printed: Printed) -> None:
    """Sustained use on the month's second half of N2 cores and memory; one cluster for free."""
    for number, (kind, part) in enumerate(zip(printed.kinds, printed.parts, strict=True)):
        if kind["credit"][0] or kind["model"] != "Default":
            continue
        if kind["sku"] == "Regional Kubernetes Clusters":
            kind["credit"] = ("FREE_TIER", "Kubernetes Engine free tier")
            printed.parts[number] = part.assign(credit=-part["cost"])
        elif kind["sku"].startswith(("N2 Instance", "N2D AMD Instance")):
            kind["credit"] = ("SUSTAINED_USAGE_DISCOUNT", "Sustained Usage Discount")
            off = (-(part["cost"] // 5)).where(part["hour"] >= 372, 0)
            printed.parts[number] = part.assign(credit=off)


def by_day(printed: Printed) -> None:
    """Hourly lines summed to days; longer lines as they are."""
    for number, part in enumerate(printed.parts):
        if not (part["length"] == 1).all():
            continue
        days = part.assign(hour=part["hour"] // 24 * 24, length=24)
        printed.parts[number] = days.groupby(["kind", "hour", "length"], as_index=False).sum()


def flat(table: pa.Table) -> pd.DataFrame:
    """Structs as columns named by their path, arrays as JSON."""
    import pyarrow as pa

    while any(pa.types.is_struct(field.type) for field in table.schema):
        table = table.flatten()
    out = table.to_pandas()
    for field in table.schema:
        if pa.types.is_list(field.type):
            column = table.column(field.name).to_pylist()
            out[field.name] = [json.dumps(value) for value in column]
    return out


def _kind_columns(printed: Printed, rows: pd.DataFrame) -> Any:
    import pyarrow as pa

    at = pa.array(rows["kind"].to_numpy(), pa.int32())

    def column(name: str) -> pa.Array:
        short = pa.array([kind[name] or None for kind in printed.kinds], pa.string())
        return short.dictionary_encode().take(at).cast(pa.string())

    return column


def usage_table(charged: Charged, printed: Printed, export: str) -> pa.Table:
    """The standard or the detailed usage cost table."""
    import pyarrow as pa

    rows = printed.rows()
    text = _kind_columns(printed, rows)
    money = {name: pa.array(rows[name].to_numpy() / UNIT) for name in rows.columns[3:]}
    count = len(rows)
    none = pa.nulls(count, pa.string())
    start, end = _times(charged.world, rows)
    month = f"{charged.world.month[0]:%Y%m}"
    at = pa.array(rows["kind"].to_numpy(), pa.int32())
    pair = pa.list_(pa.struct([("key", pa.string()), ("value", pa.string())]))
    labels = pa.array(
        [[{"key": k, "value": v} for k, v in kind["labels"]] for kind in printed.kinds], pair
    ).take(at)
    made = {
        "billing_account_id": pa.array([ACCOUNT] * count),
        "service": _struct(id=none, description=text("service")),
        "sku": _struct(id=text("sku_id"), description=text("sku")),
        "usage_start_time": start,
        "usage_end_time": end,
        "project": _struct(
            id=text("project"),
            name=text("project"),
            ancestry_numbers=pa.array(["/1001/2002/"] * count),
        ),
        "labels": labels,
        "location": _struct(location=text("region"), region=text("region"), zone=text("zone")),
        "export_time": end,
        "cost": money["cost"],
        "currency": pa.array(["USD"] * count),
        "currency_conversion_rate": pa.array([1.0] * count),
        "usage": _struct(
            amount=money["quantity"],
            unit=text("unit"),
            amount_in_pricing_units=money["quantity"],
            pricing_unit=text("unit"),
        ),
        "credits": _credits(printed, rows),
        "invoice": _struct(month=pa.array([month] * count)),
        "cost_type": text("cost_type"),
        "seller_name": text("seller"),
        "cost_at_list": money["list"],
        "cost_at_list_consumption_model": money["model_list"],
        "consumption_model": _struct(id=none, description=text("model")),
    }
    if export == "detailed":
        made["resource"] = _struct(name=text("resource"), global_name=text("global"))
    return pa.table(made)


def focus_table(charged: Charged, printed: Printed) -> pa.Table:
    """Google's FOCUS view of the detailed export: BilledCost and EffectiveCost are after credits."""
    import pyarrow as pa

    usage = usage_table(charged, printed, "detailed")
    rows = printed.rows()
    after = pa.array((rows["cost"] + rows["credit"]).to_numpy() / UNIT)
    resource, place, amount = (
        usage.column(n).combine_chunks() for n in ("resource", "location", "usage")
    )
    count = usage.num_rows
    first = charged.world.month[0].replace(tzinfo=None)
    kinds = {"tax": "Tax", "adjustment": "Adjustment"}
    types = usage.column("cost_type").to_pylist()
    return pa.table(
        {
            "BilledCost": after,
            "EffectiveCost": after,
            "ListCost": usage.column("cost_at_list"),
            "BillingCurrency": usage.column("currency"),
            "BillingPeriodStart": pa.array([first] * count, pa.timestamp("us")),
            "ChargePeriodStart": usage.column("usage_start_time"),
            "ChargePeriodEnd": usage.column("usage_end_time"),
            "ChargeCategory": pa.array([kinds.get(one, "Usage") for one in types]),
            "ChargeDescription": usage.column("sku").combine_chunks().field("description"),
            "SkuId": usage.column("sku").combine_chunks().field("id"),
            "ServiceName": usage.column("service").combine_chunks().field("description"),
            "SubAccountId": usage.column("project").combine_chunks().field("id"),
            "RegionId": place.field("region"),
            "AvailabilityZone": place.field("zone"),
            "ResourceId": resource.field("global_name"),
            "ResourceName": resource.field("name"),
            "PricingQuantity": amount.field("amount_in_pricing_units"),
            "PricingUnit": amount.field("pricing_unit"),
            "Tags": usage.column("labels"),
            "x_Credits": usage.column("credits"),
            "x_CostType": usage.column("cost_type"),
            "x_ExportTime": usage.column("export_time"),
        }
    )


def _struct(**fields: Any) -> pa.Array:
    import pyarrow as pa

    return pa.StructArray.from_arrays(list(fields.values()), list(fields))


def _credits(printed: Printed, rows: pd.DataFrame) -> pa.Array:
    import pyarrow as pa

    named = [kind["credit"] for kind in printed.kinds]
    kind = pa.list_(
        pa.struct(
            [(n, pa.string()) for n in ("name", "full_name", "id", "type")]
            + [("amount", pa.float64())]
        )
    )
    made = [
        [
            {
                "name": named[at][1],
                "full_name": "",
                "id": named[at][1],
                "type": named[at][0],
                "amount": amount / UNIT,
            }
        ]
        if amount
        else []
        for at, amount in zip(rows["kind"].tolist(), rows["credit"].tolist(), strict=True)
    ]
    return pa.array(made, kind)


def _times(world: World, rows: pd.DataFrame) -> tuple[pa.Array, pa.Array]:
    import numpy as np
    import pyarrow as pa

    base, hour = np.datetime64(world.start.replace(tzinfo=None), "us"), np.timedelta64(3600, "s")
    start = base + rows["hour"].to_numpy() * hour
    end = start + rows["length"].to_numpy() * hour
    kind = pa.timestamp("us", tz="UTC")
    return pa.array(start).cast(pa.timestamp("us")).cast(kind), pa.array(end).cast(
        pa.timestamp("us")
    ).cast(kind)


def gcp_frames(
    world: World, day: int, labels: tuple[str, ...] = (), **options: Any
) -> dict[str, pd.DataFrame]:
    """What a metrics source would see of the world, were it on Google Cloud."""
    from tests.lab.gcp_names import MACHINES, region

    made = frames(world, day, labels, **options)
    known = assets(world)
    ids = {old: f"{old.partition('/')[0]}/{new}" for old, (new, _) in known.items() if old}
    for name in ("inventory", "presence", "usage", "mounts"):
        made[name] = made[name].assign(asset_id=made[name]["asset_id"].map(ids))
    seen = made["inventory"]
    back = {new: known[old] for old, new in ids.items()}
    types = {old: machine.name for old, machine in MACHINES.items()}
    classes = {"gp3": "standard-rwo", "gp2": "premium-rwo"}
    nodes = seen["kind"] == "node"
    made["inventory"] = seen.assign(
        name=seen["name"].mask(nodes, seen["asset_id"].str.rpartition("/")[2]),
        provider_id=seen["asset_id"].map(lambda one: back[one][0]),
        zone=seen["asset_id"].map(lambda one: back[one][1]),
        region=region(world),
        instance_type=seen["instance_type"].map(types | classes).fillna(seen["instance_type"]),
    )
    return made
