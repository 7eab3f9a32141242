"""Line items as columns under CUR 2.0 names: strings as dictionaries, money as doubles."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tests.lab.lines import Lines, parts
from tests.lab.money import UNIT, number, scale, units
from tests.lab.rates import PLACE
from tests.lab.things import World

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    import pyarrow as pa

PAYER = "999900001111"


def columns(world: World, printed: Lines) -> dict[str, Any]:
    """Every column the lab fills, by its CUR 2.0 name; `product_map` and `tag_map` per kind."""
    rows, kinds = printed.rows, printed.kinds
    return (
        _texts(world, kinds, rows)
        | _times(world, rows)
        | _amounts(world, printed)
        | _maps(world, kinds)
    )


def _texts(world: World, kinds: pd.DataFrame, rows: pd.DataFrame) -> dict[str, pa.Array]:
    """Texts depend on the kind of line only."""
    import pyarrow as pa

    usage = kinds["kind"].isin(["usage", "spot", "plan", "reservation"])
    usage &= ~kinds["line_type"].str.endswith("Discount")
    plan = kinds["kind"].isin(["plan", "plan_fee"]) & ~kinds["line_type"].str.endswith("Discount")
    reserved = kinds["kind"].isin(["reservation", "reservation_fee", "upfront"])
    reserved &= ~kinds["line_type"].str.endswith("Discount")
    ends = {one.arn: one.ends for one in (*world.plans, *world.reservations)}
    ended = kinds["commitment"].map(lambda arn: ends.get(arn, ""))
    fees = kinds["kind"] == "reservation_fee"
    rate = kinds["rate"].map(lambda value: _plain(number(value)) if value else "")
    term = kinds["kind"].map({"reservation": "Reserved", "spot": "Spot"}).fillna("OnDemand")
    market = kinds["entity"] == "AWS Marketplace"
    texts = {
        "bill_bill_type": kinds["kind"]
        .map({"upfront": "Purchase", "refund": "Refund"})
        .fillna("Anniversary"),
        "bill_billing_entity": kinds["entity"],
        "bill_invoicing_entity": "Amazon Web Services, Inc.",
        "bill_invoice_id": "EUINUS26-1234567",
        "bill_payer_account_id": PAYER,
        "bill_payer_account_name": "shop-payer",
        "line_item_availability_zone": kinds["zone"],
        "line_item_currency_code": "USD",
        "line_item_legal_entity": market.map(
            {True: "Log Shipper Ltd", False: "Amazon Web Services, Inc."}
        ),
        "line_item_line_item_description": kinds["description"],
        "line_item_line_item_type": kinds["line_type"],
        "line_item_operation": kinds["operation"],
        "line_item_product_code": kinds["code"],
        "line_item_resource_id": kinds["resource"],
        "line_item_tax_type": kinds["kind"].map({"tax": "USSalesTax"}).fillna(""),
        "line_item_usage_account_id": kinds["account"].replace("", world.account),
        "line_item_usage_account_name": "shop-production",
        "line_item_usage_type": kinds["usage_type"],
        "line_item_unblended_rate": rate.where(kinds["kind"] == "usage", ""),
        "pricing_currency": "USD",
        "pricing_public_on_demand_rate": rate.where(usage, ""),
        "pricing_purchase_option": kinds["payment"].where(reserved, ""),
        "pricing_term": term.where(usage, ""),
        "pricing_unit": kinds["unit"],
        "product_instance_type": kinds["instance_type"],
        "product_instance_family": kinds["instance_type"].map(_family),
        "product_location": PLACE[world.region],
        "product_product_family": kinds["family"],
        "product_region_code": world.region,
        "product_servicecode": kinds["code"],
        "product_usagetype": kinds["usage_type"],
        "product_operation": kinds["operation"],
        "product_sku": kinds["usage_type"].map(_sku),
        "reservation_reservation_a_r_n": kinds["commitment"].where(reserved, ""),
        "savings_plan_savings_plan_a_r_n": kinds["commitment"].where(plan, ""),
        "savings_plan_offering_type": plan.map({True: "ComputeSavingsPlans", False: ""}),
        "savings_plan_payment_option": kinds["payment"].where(plan, ""),
        "savings_plan_end_time": ended.where(plan, ""),
        "reservation_end_time": ended.where(reserved & fees, ""),
        "pricing_lease_contract_length": (kinds["kind"] == "reservation").map(
            {True: "1yr", False: ""}
        ),
        "pricing_offering_class": (kinds["kind"] == "reservation").map(
            {True: "standard", False: ""}
        ),
        "savings_plan_purchase_term": plan.map({True: "1yr", False: ""}),
    }
    at = pa.array(rows["kind"].to_numpy(), pa.int32())
    out = {}
    for name, value in texts.items():
        series = kinds["code"].map(lambda _, v=value: v) if isinstance(value, str) else value
        short = pa.array([v or None for v in series], pa.string()).dictionary_encode()
        out[name] = short.take(at)
    return out


def _times(world: World, rows: pd.DataFrame) -> dict[str, pa.Array]:
    import numpy as np
    import pyarrow as pa

    base = np.datetime64(world.start.replace(tzinfo=None), "ms")
    start = base + rows["hour"].to_numpy() * np.timedelta64(3600_000, "ms")
    end = start + rows["length"].to_numpy() * np.timedelta64(3600_000, "ms")
    first, after = (np.datetime64(at.replace(tzinfo=None), "ms") for at in world.month)
    spans = np.char.add(
        np.char.add(np.datetime_as_string(start, "s"), "Z/"),
        np.char.add(np.datetime_as_string(end, "s"), "Z"),
    )
    return {
        "bill_billing_period_start_date": pa.array(np.full(len(rows), first)),
        "bill_billing_period_end_date": pa.array(np.full(len(rows), after)),
        "line_item_usage_start_date": pa.array(start),
        "line_item_usage_end_date": pa.array(end),
        "identity_time_interval": pa.array(spans).dictionary_encode(),
        "identity_line_item_id": pa.array([f"{n:026x}" for n in range(len(rows))]),
    }


def _amounts(world: World, printed: Lines) -> dict[str, np.ndarray]:
    """Money and quantities; upfront and recurring parts of a fee split what they add up to."""
    rows, kinds = printed.rows, printed.kinds
    fees = rows[rows["ri_total"] > 0]
    of = fees.assign(arn=kinds["commitment"].to_numpy()[fees["kind"]]).set_index("arn")
    arn = kinds["commitment"].to_numpy()[rows["kind"]]
    recurring, whole = rows["ri_total"] * 0, rows["ri_total"] * 0
    for name, fee in of.iterrows():
        recurring[arn == name], whole[arn == name] = fee["ri_recurring"], fee["ri_total"]
    used = parts(rows["ri_cost"], recurring, whole)
    unused = parts(rows["ri_unused"], recurring, whole)
    used_net = parts(rows["ri_net"], recurring, whole)
    unused_net = parts(rows["ri_unused_net"], recurring, whole)
    plan_net = rows["net"].where(rows["plan_total"] > 0, 0)
    upfront_net = rows["plan_upfront"] - scale(rows["plan_upfront"], units(world.discounts.edp))
    out = {
        "line_item_usage_amount": rows["quantity"],
        "line_item_unblended_cost": rows["unblended"],
        "line_item_blended_cost": rows["unblended"],
        "pricing_public_on_demand_cost": rows["list"],
        "savings_plan_savings_plan_effective_cost": rows["plan_cost"],
        "savings_plan_total_commitment_to_date": rows["plan_total"],
        "savings_plan_used_commitment": rows["plan_used"],
        "savings_plan_recurring_commitment_for_billing_period": rows["plan_recurring"],
        "savings_plan_amortized_upfront_commitment_for_billing_period": rows["plan_upfront"],
        "reservation_effective_cost": rows["ri_cost"],
        "reservation_recurring_fee_for_usage": used,
        "reservation_amortized_upfront_cost_for_usage": rows["ri_cost"] - used,
        "reservation_unused_recurring_fee": unused,
        "reservation_unused_amortized_upfront_fee_for_billing_period": rows["ri_unused"] - unused,
        "reservation_amortized_upfront_fee_for_billing_period": rows["ri_total"]
        - rows["ri_recurring"],
    }
    if printed.net:
        out |= {
            "line_item_net_unblended_cost": rows["net"],
            "discount_total_discount": rows["edp"] + rows["private"],
            "savings_plan_net_savings_plan_effective_cost": rows["plan_net"],
            "savings_plan_net_recurring_commitment_for_billing_period": plan_net,
            "savings_plan_net_amortized_upfront_commitment_for_billing_period": upfront_net,
            "reservation_net_effective_cost": rows["ri_net"],
            "reservation_net_recurring_fee_for_usage": used_net,
            "reservation_net_amortized_upfront_cost_for_usage": rows["ri_net"] - used_net,
            "reservation_net_unused_recurring_fee": unused_net,
            "reservation_net_unused_amortized_upfront_fee_for_billing_period": rows["ri_unused_net"]
            - unused_net,
        }
    return {name: values.to_numpy() / UNIT for name, values in out.items()}


def _maps(world: World, kinds: pd.DataFrame) -> dict[str, list[list[tuple[str, str]]]]:
    products = []
    for one in kinds.itertuples():
        pairs = {"product_name": one.service, "servicename": one.service, "region": world.region}
        if one.instance_type:
            pairs |= {"operating_system": "Linux", "tenancy": "Shared", "pre_installed_sw": "NA"}
            pairs |= {"license_model": "No License required", "capacitystatus": "Used"}
        if one.disk:
            pairs["volume_api_name"] = one.disk
        products.append(sorted(pairs.items()))
    tags = [sorted((tag_key(key), value) for key, value in one) for one in kinds["tags"]]
    return {"product_map": products, "tag_map": tags}


def tag_key(key: str) -> str:
    """A tag's key as CUR 2.0 prints it: prefix by owner, then only letters, digits and `_`."""
    owner, rest = ("aws", key[4:]) if key.startswith("aws:") else ("user", key)
    return f"{owner}_{re.sub(r'[^a-z0-9]+', '_', rest.lower())}"


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _family(kind: str) -> str:
    letter = kind[:1]
    return {
        "m": "General purpose",
        "t": "General purpose",
        "c": "Compute optimized",
        "r": "Memory optimized",
        "g": "GPU instance",
    }.get(letter, "")


def _sku(usage_type: str) -> str:
    import hashlib

    return hashlib.sha256(usage_type.encode()).hexdigest()[:16].upper() if usage_type else ""
