"""Writes CUR 2.0 as Data Exports delivers it: Parquet by billing period, and a manifest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.lab.columns import columns
from tests.lab.cur2_schema import MAPS, SCHEMA
from tests.lab.ledger import Charged
from tests.lab.lines import lines

if TYPE_CHECKING:
    import pyarrow as pa


GONE = ("discount", "discount_total_discount")
"""Not there when discounts come as lines of their own."""


def cur2_table(charged: Charged, *, daily: bool = False) -> pa.Table:
    """The line items with every column of the CUR 2.0 table; unused ones are null."""
    import pyarrow as pa

    printed = lines(charged, daily=daily)
    made = columns(charged.world, printed)
    count = len(printed.rows)
    arrays: dict[str, Any] = {}
    for name, kind in SCHEMA.items():
        if name in MAPS:
            arrays[name] = _maps(made, printed, MAPS[name])
        elif name in made:
            arrays[name] = made[name]
        elif "net_" in name and not printed.net:
            continue  # there only while the account has a discount
        else:
            arrays[name] = pa.nulls(count, _type(kind))
    table = pa.table(arrays)
    if not printed.net:
        table = table.drop_columns([n for n in table.column_names if "_net_" in n or n in GONE])
    return table


def write_cur2(
    charged: Charged, root: Path, *, export: str = "burn-export", daily: bool = False
) -> Path:
    """Write data and manifest below `root`; returns the export's folder."""
    import pyarrow.parquet as pq

    table = cur2_table(charged, daily=daily)
    period = f"BILLING_PERIOD={charged.world.month[0]:%Y-%m}"
    data = root / export / "data" / period
    meta = root / export / "metadata" / period
    for folder in (data, meta):
        folder.mkdir(parents=True, exist_ok=True)
    name = f"{export}-00001.snappy.parquet"
    pq.write_table(table, data / name, compression="snappy", store_schema=False)
    manifest = {
        "account": charged.world.account,
        "bucket": "billing",
        "columns": [{"name": n} for n in table.column_names],
        "dataFiles": [f"s3://billing/{export}/data/{period}/{name}"],
        "executionId": "0c2f7f1e-0000-4000-8000-000000000001",
        "exportName": export,
    }
    text = json.dumps(manifest, indent=1) + "\n"
    (meta / f"{export}-Manifest.json").write_text(text)
    return root / export


def _type(kind: str) -> pa.DataType:
    import pyarrow as pa

    if kind == "timestamp":
        return pa.timestamp("ms")
    return {"string": pa.string(), "double": pa.float64()}[kind]


def _maps(made: dict[str, Any], printed: Any, source: str) -> pa.Array:
    """A map column: built once per kind of line, then spread over the rows."""
    import pyarrow as pa

    numbers = source == "discount"
    if numbers:
        items = [
            [
                (key, value / 1e10)
                for key, value in (("edp_discount", e), ("private_rate_discount", p))
                if value
            ]
            for e, p in zip(
                printed.rows["edp"].tolist(), printed.rows["private"].tolist(), strict=True
            )
        ]
        return pa.array(items, pa.map_(pa.string(), pa.float64()))
    per_kind = pa.array(made[source], pa.map_(pa.string(), pa.string()))
    return per_kind.take(pa.array(printed.rows["kind"].to_numpy()))
