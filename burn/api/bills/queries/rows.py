"""What a bill query returns, and the frame it becomes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from burn.api import schemas

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

BY_ID = "resource id"
"""The match method of lines whose resource is an observed asset."""
KEYS = (
    *("day", "resource_key", "in_cluster", "match_method", "service_name", "sub_account_id"),
    *("region_id", "sku", "charge_category", "pricing_category", "commitment_discount_id"),
    *("commitment_discount_type", "x_charge_kind", "x_cost_class", "billing_currency"),
)
"""Columns a bill query groups by."""
COSTS = ("list_cost", "public_cost", "contracted_cost", "effective_cost", "billed_cost")
"""Its costs; `public_cost` is the frame's `x_public_cost`."""


def bill_frame(result: pa.Table) -> pd.DataFrame:
    """Decimals (or their text) to float64, text to text, days to UTC; in a fixed order."""
    import pandas as pd

    out: dict[str, pd.Series[Any]] = {}
    for column in schemas.BILL.columns:
        if column.optional and column.name not in result.column_names:
            out[column.name] = pd.Series(float("nan"), index=range(result.num_rows))
            continue
        values = result.column(column.name)
        if column.kind == "timestamp":
            out[column.name] = pd.to_datetime(values.to_pandas().astype("str"), utc=True)
        elif column.kind == "float":
            # Through text: Arrow's own cast of a decimal is not rounded to the nearest float.
            numbers = values.cast("string").cast("float64").to_pandas()
            out[column.name] = numbers if column.null else numbers.fillna(0.0)
        elif column.kind == "int":
            out[column.name] = values.cast("int64").to_pandas()
        elif column.kind == "bool":
            out[column.name] = values.cast("string").to_pandas().str.lower() == "true"
        else:
            out[column.name] = values.cast("string").to_pandas().fillna("").astype("str")
    frame = pd.DataFrame(out)
    # All that the query grouped by: a month's fee differs from its neighbour by its hours alone.
    order = [c.name for c in schemas.BILL.columns if c.kind in ("timestamp", "string")]
    return frame.sort_values([*order, "x_hours"], kind="stable", ignore_index=True)
