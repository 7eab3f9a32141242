"""Writes a legacy Cost and Usage Report: gzipped CSV with `/` in its column names, and a manifest."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.lab.columns import columns
from tests.lab.ledger import Charged
from tests.lab.lines import Lines, lines

if TYPE_CHECKING:
    import pyarrow as pa

_SECTION = {
    "bill": "bill",
    "identity": "identity",
    "line_item": "lineItem",
    "reservation": "reservation",
    "savings_plan": "savingsPlan",
}
_NAMED = {
    "bill_billing_period_start_date": "bill/BillingPeriodStartDate",
    "pricing_currency": "pricing/currency",
    "pricing_lease_contract_length": "pricing/LeaseContractLength",
    "pricing_offering_class": "pricing/OfferingClass",
    "pricing_public_on_demand_cost": "pricing/publicOnDemandCost",
    "pricing_public_on_demand_rate": "pricing/publicOnDemandRate",
    "pricing_purchase_option": "pricing/PurchaseOption",
    "pricing_term": "pricing/term",
    "pricing_unit": "pricing/unit",
    "product_instance_type": "product/instanceType",
    "product_instance_family": "product/instanceFamily",
    "product_location": "product/location",
    "product_product_family": "product/productFamily",
    "product_region_code": "product/regionCode",
    "product_servicecode": "product/servicecode",
    "product_usagetype": "product/usagetype",
    "product_operation": "product/operation",
    "product_sku": "product/sku",
    "discount_total_discount": "discount/TotalDiscount",
}
_PRODUCT = {
    "product_name": "product/ProductName",
    "servicename": "product/servicename",
    "region": "product/region",
    "operating_system": "product/operatingSystem",
    "tenancy": "product/tenancy",
    "pre_installed_sw": "product/preInstalledSw",
    "license_model": "product/licenseModel",
    "capacitystatus": "product/capacitystatus",
    "volume_api_name": "product/volumeApiName",
}
NEWER = ("bill_payer_account_name", "line_item_usage_account_name")
"""CUR 2.0 has these; the legacy report does not."""


def legacy_name(name: str) -> str:
    """A CUR 2.0 column's name in the legacy report."""
    if name in _NAMED:
        return _NAMED[name]
    section = next(prefix for prefix in _SECTION if name.startswith(f"{prefix}_"))
    words = name.removeprefix(f"{section}_").replace("a_r_n", "ARN").split("_")
    return f"{_SECTION[section]}/{''.join(word[0].upper() + word[1:] for word in words)}"


def legacy_table(charged: Charged, *, daily: bool = False) -> pa.Table:
    """The line items; tags and product attributes have a column each."""
    import pyarrow as pa
    import pyarrow.compute as pc

    printed = lines(charged, daily=daily)
    made = columns(charged.world, printed)
    products, _ = made.pop("product_map"), made.pop("tag_map")
    out: dict[str, Any] = {}
    for name, values in sorted(made.items()):
        if name in NEWER:
            continue
        column = pa.array(values) if not isinstance(values, pa.Array) else values
        if pa.types.is_timestamp(column.type):
            column = pc.strftime(column.cast(pa.timestamp("s")), "%Y-%m-%dT%H:%M:%SZ")
        out[legacy_name(name)] = column
    if printed.net:
        out["discount/EdpDiscount"] = pa.array(printed.rows["edp"].to_numpy() / 1e10)
        out["discount/PrivateRateDiscount"] = pa.array(printed.rows["private"].to_numpy() / 1e10)
    tags = [[(tag_column(key), value) for key, value in one] for one in printed.kinds["tags"]]
    out |= _spread([[(_PRODUCT[k], v) for k, v in one] for one in products], printed)
    return pa.table(out | _spread(tags, printed))


def write_legacy(
    charged: Charged, root: Path, *, report: str = "burn-cur", daily: bool = False
) -> Path:
    """Write data and manifest below `root`; returns the report's folder."""
    import io

    from pyarrow import csv

    table = legacy_table(charged, daily=daily)
    first, after = charged.world.month
    period = f"{first:%Y%m%d}-{after:%Y%m%d}"
    assembly = "5f0e6c1a-0000-4000-8000-000000000001"
    key = f"{report}/{period}/{assembly}/{report}-00001.csv.gz"
    (root / key).parent.mkdir(parents=True, exist_ok=True)
    text = io.BytesIO()
    csv.write_csv(table, text)
    (root / key).write_bytes(gzip.compress(text.getvalue(), mtime=0, compresslevel=4))
    manifest = {
        "account": charged.world.account,
        "assemblyId": assembly,
        "billingPeriod": {
            "start": f"{first:%Y%m%d}T000000.000Z",
            "end": f"{after:%Y%m%d}T000000.000Z",
        },
        "bucket": "billing",
        "compression": "GZIP",
        "contentType": "text/csv",
        "reportKeys": [key],
        "reportName": report,
    }
    for folder in (root / report / period, root / report / period / assembly):
        (folder / f"{report}-Manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")
    return root / report


def tag_column(key: str) -> str:
    """A tag's column: AWS's own tags say `aws:`, all others `user:`."""
    return f"resourceTags/{key}" if re.match("aws:", key) else f"resourceTags/user:{key}"


def _spread(per_kind: list[list[tuple[str, str]]], printed: Lines) -> dict[str, pa.Array]:
    """One column per key, from pairs per kind of line."""
    import pyarrow as pa

    at = pa.array(printed.rows["kind"].to_numpy(), pa.int32())
    found = [dict(pairs) for pairs in per_kind]
    names = sorted({name for one in found for name in one})
    short = {name: pa.array([one.get(name) for one in found], pa.string()) for name in names}
    return {name: values.dictionary_encode().take(at) for name, values in short.items()}
