"""A world as Google's FOCUS exports: the view over the detailed export (1.0), the table (1.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from tests.lab.gcp import ACCOUNT, gcp_table
from tests.lab.ledger import Charged

if TYPE_CHECKING:
    import pyarrow as pa

GIB = 2**30
BASE = {"hour": ("seconds", 3600.0), "gibibyte hour": ("byte-seconds", GIB * 3600.0)}
KINDS = {"tax": "Tax", "adjustment": "Adjustment", "rounding_error": "Adjustment"}


def focus_export(
    charged: Charged, version: Literal["view", "table"], *, model: str = "new", text: bool = False
) -> pa.Table:
    """What Google makes of the detailed export, in its own columns' names, order and case.

    Args:
        charged: of a `gcp_world`.
        version: the view or the table.
        model: see `tests.lab.gcp_lines`.
        text: arrays as JSON, as in a CSV.
    """
    import json

    import pyarrow as pa

    lines = gcp_table(charged, model=model).to_pylist()
    made = [_row(line, charged, version) for line in lines]
    if text:
        for row in made:
            for name, value in row.items():
                if isinstance(value, list):
                    row[name] = json.dumps(value, default=str)
    return pa.Table.from_pylist(made)


def _row(line: dict[str, Any], charged: Charged, version: str) -> dict[str, Any]:
    off = sum(one["amount"] for one in line["credits"])
    view = version == "view"
    base, size = _base(line)
    amount = line["usage"]["amount_in_pricing_units"]
    kind = KINDS.get(line["cost_type"], "Usage")
    labels = [{"Key": one["key"], "Value": one["value"]} for one in line["labels"]]
    project = line["project"]
    out = {
        "AvailabilityZone": line["location"]["zone"],
        "BilledCost": line["cost"] + off,
        "BillingAccountId": ACCOUNT,
        "BillingCurrency": line["currency"],
        "BillingPeriodStart": charged.world.month[0].replace(tzinfo=None),
        "ChargeCategory": kind.lower() if view else kind,
        "ChargeDescription": line["sku"]["description"],
        "ChargePeriodStart": line["usage_start_time"],
        "ChargePeriodEnd": line["usage_end_time"],
        "ConsumedQuantity": amount * size,
        "ConsumedUnit": base,
        "ContractedCost": line["cost"],
        "EffectiveCost": line["cost"] + off,
        "ListCost": line["cost_at_list"],
        "PricingQuantity": 1.0 if view else amount,
        "PricingUnit": line["usage"]["pricing_unit"],
        "PublisherName": line["seller_name"] or "Google Cloud",
        "RegionId": line["location"]["region"],
        "ResourceId": line["resource"]["global_name"],
        "ResourceName": line["resource"]["name"],
        "ServiceName": line["service"]["description"],
        "SkuId": line["sku"]["id"],
        "SubAccountId": ACCOUNT if view else project["id"],
        "x_CostType": line["cost_type"],
        "x_ExportTime": line["export_time"],
        "x_Credits": [
            {
                "Name": one["name"],
                "Amount": one["amount"],
                "FullName": one["full_name"],
                "Id": one["id"],
                "Type": one["type"],
            }
            for one in line["credits"]
        ],
    }
    if view:
        more = {"x_type": "label", "x_inherited": False, "x_namespace": "n/a"}
        names = {"id": project["id"], "ancestry_numbers": project["ancestry_numbers"]}
        return out | {
            "Tags": [{"key": one["Key"], "value": one["Value"]} | more for one in labels],
            "x_Project": names,
        }
    return out | {
        "x_Labels": labels,
        "x_Project": {"Id": project["id"], "AncestryNumbers": project["ancestry_numbers"]},
        "x_CostAtListConsumptionModel": line["cost_at_list_consumption_model"],
        "x_ConsumptionModelDescription": line["consumption_model"]["description"],
    }


def _base(line: dict[str, Any]) -> tuple[str, float]:
    from calendar import monthrange

    unit = line["usage"]["pricing_unit"] or ""
    at = line["usage_start_time"]
    if unit == "gibibyte month":
        days = monthrange(at.year, at.month)[1]
        return "byte-seconds", GIB * 86400.0 * days
    return BASE.get(unit, (unit, 1.0))
