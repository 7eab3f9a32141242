"""From summed lines to bill rows.

A line with credits becomes its usage, its covered part, and one row per credit that is a driver
of its own:

    main       cost less what commitments cover, less discounts; Standard, Dynamic or by its model
    covered    the part a resource-based or an older spend-based commitment paid: no cash, the
               fee's rate
    sustained, free, promotion, other
               the credit alone, as sustained_use, free_tier, credit, unknown

So each amount of money is in one row: Σ billed = Σ (cost + credits).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from burn.api import schemas
from burn_gcp.bill.charges.classes import described
from burn_gcp.bill.charges.commitments import fee_rates, pools
from burn_gcp.bill.charges.own_lines import with_own_lines
from burn_gcp.bill.cluster.match import BY_ID

if TYPE_CHECKING:
    import pandas as pd

CREDIT_CLASSES = {
    "credit_sustained": ("sustained_use", "SUSTAINED_USAGE_DISCOUNT"),
    "credit_free": ("free_tier", "FREE_TIER"),
    "credit_promotion": ("credit", "PROMOTION"),
    "credit_other": ("unknown", "unknown credit"),
}
CLAIM = r"(?:^|/)(?:pvc-|[^/]*-dynamic-pvc-|restore-)"
"""Names that volume provisioners give; other disks of a cluster are its nodes'."""
HOURS = ("core", "device")
"""Parts of a node whose amount of usage is its hours."""
COSTS = ("list_cost", "x_public_cost", "contracted_cost", "effective_cost", "billed_cost")


def classed(summed: pd.DataFrame, boot_disks: Collection[str]) -> pd.DataFrame:
    """The summed rows with what each is for, its part, component and commitment pools."""
    import numpy as np

    kinds = described(summed[["service", "sku"]].drop_duplicates())
    rows = summed.merge(kinds, on=["service", "sku"], how="left", validate="m:1")
    inside = rows["place_by"] != ""
    pods = inside & (rows["pod_key"] != "")
    key = rows["resource_key"].mask(pods, rows["pod_key"])
    unit = rows["per_unit"].mask(rows["unit"].str.contains("vCPU", case=False, regex=False), 1.0)
    rows = rows.assign(resource_key=key, usage=rows["usage"] * unit)
    boot = key.isin(list(boot_disks)) | (
        inside & (rows["place_by"] != BY_ID) & ~key.str.contains(CLAIM, regex=True)
    )
    kind = rows["cost_class"].mask((rows["cost_class"] == "volume") & boot, "node_disk")
    other_seller = (rows["seller"] != "") & ~rows["seller"].str.contains("(?i)google", regex=True)
    rows["cost_class"] = np.select(
        [
            rows["cost_type"] == "tax",
            rows["cost_type"] == "rounding_error",
            rows["cost_type"] == "refund",
            rows["cost_type"] == "adjustment",
            ~rows["cost_type"].isin(["regular", ""]),
            other_seller,
        ],
        ["tax", "rounding", "refund", "adjustment", "unknown", "marketplace"],
        kind,
    )
    # A fee is told by its name, or by the credit that only fees have.
    offset = (rows["credit_offset"] != 0) & rows["cost_type"].isin(["regular", ""])
    rows["cost_class"] = rows["cost_class"].mask(offset, "unused_commitment")
    rows["is_fee"] = rows["cost_class"] == "unused_commitment"
    return pools(with_own_lines(rows))


def bill_rows(rows: pd.DataFrame, elsewhere: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows with the columns of schema `bill`, `usage`, `component` and `part` besides.

    Args:
        rows: from `classed`; `on_demand` is set to the on-demand list cost of spot usage.
        elsewhere: fees and covered usage outside the scope, from `classed`; they become no row.

    Returns:
        The rows; and covered usage that no fee on the bill pays: columns pool, list_cost and
        rate, see `commitments.unpaid_notes`.
    """
    import pandas as pd

    cash = rows["cost_class"].isin(schemas.ACCOUNTING_CLASSES)
    made, unpaid = _fees_and_usage(rows[~cash], elsewhere)
    parts = [_cash(rows[cash]), made]
    for column, (kind, told) in CREDIT_CLASSES.items():
        some = rows[rows[column] != 0]
        made = _priced(some, **dict.fromkeys(COSTS, some[column]))
        parts.append(
            made.assign(
                x_cost_class=kind,
                x_charge_kind=told,
                charge_category="Credit",
                quantity=0.0,
                x_lines=0,
            )
        )
    return pd.concat([part for part in parts if len(part)], ignore_index=True), unpaid


def _cash(rows: pd.DataFrame) -> pd.DataFrame:
    kept = ["cost", "credit_committed", "credit_dollar", "credit_offset", "credit_off"]
    amount = rows[kept].sum(axis=1)
    category = rows["cost_class"].map(
        {"tax": "Tax", "refund": "Credit", "adjustment": "Adjustment", "rounding": "Adjustment"}
    )
    made = _priced(rows, **dict.fromkeys(COSTS, amount))
    return made.assign(charge_category=category.fillna("Usage"), quantity=0.0)


def _fees_and_usage(
    rows: pd.DataFrame, elsewhere: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    import pandas as pd

    usage, fees = rows[~rows["is_fee"]], rows[rows["is_fee"]]
    left, covered = _covered_parts(usage)
    _, theirs = _covered_parts(elsewhere[~elsewhere["is_fee"]])
    every_fee = pd.concat([fees, elsewhere[elsewhere["is_fee"]]], ignore_index=True)
    rates = fee_rates(
        pd.concat([every_fee.assign(covered=0.0), covered, theirs], ignore_index=True)
    )
    made = pd.concat(
        [_main(usage, left), _covered(covered, rates), _fees(fees, rates)],
        ignore_index=True,
    )
    rate = _of(covered, rates["rate"])
    part = _of(covered, rates["unmet"]).where(rate != 0, 1.0)
    unpaid = covered.assign(list_cost=covered["listed"] * part, rate=rate)
    return made, unpaid.loc[part > 0, ["pool", "list_cost", "rate"]]


def _covered_parts(usage: pd.DataFrame) -> tuple[pd.Series[float], pd.DataFrame]:
    """The part of each row that no commitment covers; and the covered parts, with `covered` units."""
    import pandas as pd

    whole = usage["cost"].where(usage["cost"] != 0)
    resource = (-usage["credit_committed"] / whole).fillna(0.0)
    dollar = (-usage["credit_dollar"] / whole).fillna(0.0)
    by_unit = usage.assign(share=resource, covered=usage["usage"] * resource)
    by_dollar = usage.assign(
        share=dollar, covered=-usage["credit_dollar"], pool=usage["dollar_pool"]
    )
    parts = [by_unit[usage["pool"] != ""], by_dollar[usage["dollar_pool"] != ""]]
    covered = pd.concat(parts, ignore_index=True)
    return 1.0 - resource - dollar, covered.assign(listed=covered["list_cost"] * covered["share"])


def _main(rows: pd.DataFrame, left: pd.Series[float]) -> pd.DataFrame:
    """What is charged as it is used."""
    paid = rows["cost"] + rows["credit_committed"] + rows["credit_dollar"]
    effective = paid + rows["credit_off"] + rows["credit_offset"]
    on_demand = rows["on_demand"].fillna(rows["list_cost"])
    made = _priced(
        rows,
        list_cost=on_demand.where(rows["spot"], rows["list_cost"]) * left,
        x_public_cost=rows["model_cost"] * left,
        contracted_cost=paid,
        effective_cost=effective,
        billed_cost=effective,
    )
    pricing = rows["spot"].map({True: "Dynamic", False: "Standard"})
    pricing = pricing.mask(rows["model_pool"] != "", "Committed")
    return made.assign(
        pricing_category=pricing,
        commitment_discount_id=rows["model_pool"],
        quantity=made["quantity"] * left,
        usage=rows["usage"] * left,
    )


def _covered(rows: pd.DataFrame, rates: pd.DataFrame) -> pd.DataFrame:
    """What a commitment's fee paid for."""
    cost = rows["covered"] * _of(rows, rates["rate"])
    made = _priced(
        rows,
        list_cost=rows["list_cost"] * rows["share"],
        x_public_cost=rows["covered"] * _of(rows, rates["list_rate"]),
        contracted_cost=cost,
        effective_cost=cost,
        billed_cost=0.0,
    )
    return made.assign(
        pricing_category="Committed",
        commitment_discount_id=rows["pool"],
        x_charge_kind="covered usage",
        quantity=made["quantity"] * rows["share"],
        usage=rows["usage"] * rows["share"],
        x_lines=0,
    )


def _fees(rows: pd.DataFrame, rates: pd.DataFrame) -> pd.DataFrame:
    """Cash is the fee; its effective part is what nobody used."""
    extra = rows["credit_committed"] + rows["credit_dollar"] + rows["credit_off"]
    unused = (rows["cost"] + rows["credit_offset"]) * _of(rows, rates["unused"])
    made = _priced(
        rows,
        list_cost=unused,
        x_public_cost=unused,
        contracted_cost=unused,
        effective_cost=unused,
        billed_cost=rows["cost"] + rows["credit_offset"] + extra,
    )
    return made.assign(
        charge_category="Purchase",
        pricing_category="Committed",
        commitment_discount_id=rows["pool"],
        x_charge_kind="commitment fee",
        sku=rows["sku"],
        quantity=0.0,
    )


def _of(rows: pd.DataFrame, rate: pd.Series[float]) -> pd.Series[float]:
    """A pool's rate of the day, for each row."""
    import pandas as pd

    of_rows = rate.reindex(pd.MultiIndex.from_frame(rows[["pool", "day"]]))
    return of_rows.set_axis(rows.index).astype("float64")


def _priced(rows: pd.DataFrame, **costs: pd.Series[float] | float) -> pd.DataFrame:
    """A bill row per summed row, Usage unless told otherwise."""
    import numpy as np
    import pandas as pd

    inside = rows["place_by"] != ""
    days = pd.to_datetime(rows["day"].astype("str"), utc=True)
    kind = rows["cost_class"]
    month = days.dt.days_in_month * 24.0
    quantity = np.select(
        [(kind == "node") & rows["part"].isin(HOURS), kind == "load_balancer", kind == "volume"],
        [rows["usage"], rows["usage"], rows["usage"] * month],
        0.0,
    )
    return pd.DataFrame(
        {
            "day": days,
            "resource_key": rows["resource_key"],
            "resource_name": rows["resource_name"].where(inside, ""),
            "in_cluster": inside,
            "match_method": rows["place_by"],
            "service_name": rows["service"],
            "sub_account_id": rows["project"],
            "region_id": rows["region"],
            "sku": rows["sku"].where(inside, ""),
            "charge_category": "Usage",
            "pricing_category": "",
            "commitment_discount_id": "",
            "commitment_discount_type": "",
            "x_charge_kind": rows["cost_type"],
            "x_cost_class": kind,
            "quantity": quantity,
            **costs,
            "x_lines": rows["x_lines"],
            "usage": rows["usage"],
            "component": rows["component"],
            "part": rows["part"],
            "service": rows["service"],
        },
        index=rows.index,
    )
