"""Writes the AWS FOCUS export, 1.0 or 1.2: Parquet by billing period, and a manifest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.lab.columns import PAYER, tag_key
from tests.lab.ledger import Charged
from tests.lab.money import UNIT
from tests.lab.rates import PLACE

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

MONEY = ("BilledCost", "ContractedCost", "EffectiveCost", "ListCost", "PricingQuantity", "discount")
CATEGORY = {"tax": "Tax", "credit": "Credit", "refund": "Credit", "support": "Usage"}


def focus_table(charged: Charged, *, version: str = "1.2", daily: bool = False) -> pa.Table:
    """The charges as FOCUS rows.

    A commitment's fee is a purchase in cash; what it did not cover is usage of status Unused.
    FOCUS has no cost under a commitment before negotiated discounts; `x_Discounts` names those.
    """
    import pandas as pd
    import pyarrow as pa

    facts, dims = charged.facts, pd.DataFrame([vars(dim) for dim in charged.dims])
    kinds = _kinds(charged, dims)
    rows = _rows(facts, dims)
    if daily:
        short = rows["length"] == 1
        days = rows[short].assign(hour=rows["hour"] // 24 * 24, length=24)
        days = days.groupby(["kind", "hour", "length"], as_index=False)[list(MONEY)].sum()
        rows = pd.concat([days, rows[~short]], ignore_index=True)
    rows = rows.sort_values(["hour", "kind"], kind="stable", ignore_index=True)
    at = pa.array(rows["kind"].to_numpy(), pa.int32())
    out: dict[str, Any] = {}
    for name in kinds.columns:
        if name != "Tags":
            short = pa.array([value or None for value in kinds[name]], pa.string())
            out[name] = short.dictionary_encode().take(at)
    out["Tags"] = pa.array(kinds["Tags"].tolist(), pa.map_(pa.string(), pa.string())).take(at)
    out |= {name: pa.array(rows[name].to_numpy() / UNIT) for name in MONEY[:-1]}
    off = [[("EdpDiscount", d / UNIT)] if d else [] for d in rows["discount"].tolist()]
    out["x_Discounts"] = pa.array(off, pa.map_(pa.string(), pa.float64()))
    out |= _times(charged, rows)
    if version == "1.0":
        for name in ("InvoiceId", "BillingAccountType", "PricingCurrency", "SubAccountType"):
            out.pop(name)
    return pa.table(dict(sorted(out.items())))


def write_focus(
    charged: Charged,
    root: Path,
    *,
    version: str = "1.2",
    export: str = "burn-focus",
    daily: bool = False,
) -> Path:
    """Write data and manifest below `root`; returns the export's folder."""
    import pyarrow.parquet as pq

    table = focus_table(charged, version=version, daily=daily)
    period = f"billing_period={charged.world.month[0]:%Y-%m}"
    name = f"{export}-00001.snappy.parquet"
    for folder in ("data", "metadata"):
        (root / export / folder / period).mkdir(parents=True, exist_ok=True)
    pq.write_table(table, root / export / "data" / period / name, store_schema=False)
    manifest = {
        "dataFiles": [f"s3://billing/{export}/data/{period}/{name}"],
        "executionId": "0c2f7f1e-0000-4000-8000-000000000002",
        "exportName": export,
    }
    place = root / export / "metadata" / period / f"{export}-Manifest.json"
    place.write_text(json.dumps(manifest, indent=1) + "\n")
    return root / export


def _kinds(charged: Charged, dims: pd.DataFrame) -> pd.DataFrame:
    """What a row is, three times: as usage, as a purchase in cash, as unused commitment."""
    import pandas as pd

    world = charged.world
    kind = dims["kind"]
    pricing = kind.map({"spot": "Dynamic", "plan": "Committed", "reservation": "Committed"})
    held = dims["commitment"] != ""
    base = pd.DataFrame(
        {
            "AvailabilityZone": dims["zone"],
            "BillingAccountId": PAYER,
            "BillingAccountName": "shop-payer",
            "BillingAccountType": "Payer",
            "BillingCurrency": "USD",
            "ChargeCategory": kind.map(CATEGORY).fillna("Usage"),
            "ChargeClass": kind.map({"refund": "Correction"}).fillna(""),
            "ChargeDescription": dims["description"],
            "ChargeFrequency": "Usage-Based",
            "CommitmentDiscountCategory": held.map({True: "Usage", False: ""}),
            "CommitmentDiscountId": dims["commitment"],
            "CommitmentDiscountStatus": held.map({True: "Used", False: ""}),
            "CommitmentDiscountType": kind.map(_held).fillna(""),
            "InvoiceId": "EUINUS26-1234567",
            "InvoiceIssuerName": "Amazon Web Services, Inc.",
            "PricingCategory": pricing.fillna("Standard").where(
                ~kind.isin(["tax", "credit", "refund"]), ""
            ),
            "PricingCurrency": "USD",
            "PricingUnit": dims["unit"],
            "ProviderName": "AWS",
            "PublisherName": dims["entity"]
            .map({"AWS Marketplace": "Log Shipper Ltd"})
            .fillna("Amazon Web Services"),
            "RegionId": world.region,
            "RegionName": PLACE[world.region],
            "ResourceId": dims["resource"],
            "ServiceName": dims["service"],
            "SkuId": dims["usage_type"],
            "SubAccountId": dims["account"].replace("", world.account),
            "SubAccountName": "shop-production",
            "SubAccountType": "Member",
            "Tags": [[(tag_key(k), v) for k, v in sorted(one)] for one in dims["tags"]],
            "x_Operation": dims["operation"],
            "x_ServiceCode": dims["code"],
            "x_UsageType": dims["usage_type"],
        }
    )
    cash = base.assign(
        ChargeCategory="Purchase",
        ChargeFrequency="Recurring",
        CommitmentDiscountStatus="",
        PricingCategory="Committed",
    )
    return pd.concat(
        [base, cash, base.assign(CommitmentDiscountStatus="Unused", PricingCategory="Committed")],
        ignore_index=True,
    )


def _held(kind: str) -> str | None:
    if kind.startswith("plan"):
        return "Compute Savings Plan"
    return "Reserved Instance" if kind.startswith("reserv") or kind == "upfront" else None


def _rows(facts: pd.DataFrame, dims: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    kind = pd.Series(dims["kind"].to_numpy()[facts["dim"]])
    fee = kind.isin(["plan_fee", "reservation_fee", "upfront"])
    usage = facts[~fee]
    cash = kind[~fee].isin(["credit", "refund", "tax", "support", "marketplace", "odd"])
    plain = _costs(
        usage,
        usage["billed"],
        usage["effective"].where(~cash, usage["billed"]),
        usage["list"].where(~cash, usage["gross"]),
    )
    bought = facts[fee & ((facts["billed"] != 0) | (kind == "upfront"))]
    paid = _costs(bought, bought["billed"], bought["billed"] * 0, bought["gross"])
    spare = facts[fee & (facts["effective"] != 0)]
    unused = _costs(spare, spare["billed"] * 0, spare["effective"], spare["public"])
    count = len(dims)
    return pd.concat(
        [
            plain,
            paid.assign(kind=paid["kind"] + count),
            unused.assign(kind=unused["kind"] + 2 * count),
        ],
        ignore_index=True,
    )


def _costs(
    facts: pd.DataFrame, billed: pd.Series, effective: pd.Series, listed: pd.Series
) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(
        {
            "kind": facts["dim"],
            "hour": facts["hour"],
            "length": facts["length"],
            "PricingQuantity": facts["quantity"],
            "BilledCost": billed,
            "EffectiveCost": effective,
            "ListCost": listed,
            "ContractedCost": listed + facts["edp"] + facts["private"],
            "discount": facts["edp"] + facts["private"],
        }
    )


def _times(charged: Charged, rows: pd.DataFrame) -> dict[str, pa.Array]:
    import numpy as np
    import pyarrow as pa

    world, hour = charged.world, np.timedelta64(3600_000, "ms")
    start = np.datetime64(world.start.replace(tzinfo=None), "ms") + rows["hour"].to_numpy() * hour
    first, after = (np.datetime64(at.replace(tzinfo=None), "ms") for at in world.month)
    return {
        "ChargePeriodStart": pa.array(start),
        "ChargePeriodEnd": pa.array(start + rows["length"].to_numpy() * hour),
        "BillingPeriodStart": pa.array(np.full(len(rows), first)),
        "BillingPeriodEnd": pa.array(np.full(len(rows), after)),
    }
