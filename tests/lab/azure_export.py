"""Writes Cost Management exports: actual and amortised cost, and FOCUS, as Azure delivers them."""

from __future__ import annotations

import csv
import gzip
import io
import json
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.lab.azure_lines import amount, as_json, azure_lines
from tests.lab.ledger import Charged
from tests.lab.money import number

if TYPE_CHECKING:
    import pandas as pd

RUN = "6c2f7f1e-0000-4000-8000-00000000000"
FAMILY = {
    **dict.fromkeys(("Load Balancer", "Virtual Network", "NAT Gateway", "Bandwidth"), "Networking"),
    "Storage": "Storage",
    "Support": "Azure Support",
}
TYPES = {"actual": "ActualCost", "amortized": "AmortizedCost", "focus": "FocusCost"}


def cost_table(charged: Charged, dataset: str, *, spot_listed: bool = True) -> pd.DataFrame:
    """The columns of a customer agreement's cost details, as text."""
    import pandas as pd

    lines = _listed(azure_lines(charged, dataset), spot_listed)
    first, after = charged.world.month
    quantity = [number(q) / f for q, f in zip(lines["quantity"], lines["factor"], strict=True)]
    cost = [number(c) for c in lines["cost"]]
    listed = [
        number(v) if p else number(0) for v, p in zip(lines["list"], lines["priced"], strict=True)
    ]
    one_day = (lines["end"] - lines["start"]) <= timedelta(days=1)
    plan, held = lines["plan"], lines["commitment"]
    shown = {
        "invoiceId": "T000123456",
        "billingPeriodStartDate": f"{first:%m/%d/%Y}",
        "billingPeriodEndDate": f"{after - timedelta(days=1):%m/%d/%Y}",
        "servicePeriodStartDate": lines["start"].map(lambda at: f"{at:%m/%d/%Y}"),
        "servicePeriodEndDate": (lines["end"] - timedelta(days=1)).map(lambda at: f"{at:%m/%d/%Y}"),
        "date": lines["start"].map(lambda at: f"{at:%m/%d/%Y}"),
        "serviceFamily": lines["category"].map(FAMILY).fillna("Compute"),
        "consumedService": lines["resource"].str.extract("/providers/([^/]+)")[0].fillna(""),
        "meterCategory": lines["category"],
        "meterSubCategory": lines["subcategory"],
        "meterName": lines["meter"],
        "ProductName": lines["category"] + " - " + lines["meter"],
        "SubscriptionId": lines["subscription"],
        "publisherType": lines["publisher"],
        "ResourceId": lines["resource"],
        "resourceLocation": lines["region"],
        "effectivePrice": [f"{c / q:f}" if q else "0" for c, q in zip(cost, quantity, strict=True)],
        "quantity": [f"{q:f}" for q in quantity],
        "unitOfMeasure": lines["unit"],
        "chargeType": lines["charge"],
        "billingCurrency": "USD",
        "pricingCurrency": "USD",
        "costInBillingCurrency": [f"{c:f}" for c in cost],
        "costInPricingCurrency": [f"{c:f}" for c in cost],
        "costInUsd": [f"{c:f}" for c in cost],
        "paygCostInBillingCurrency": [f"{v:f}" for v in listed],
        "exchangeRatePricingToBilling": "1",
        "additionalInfo": lines["info"].map(as_json),
        "tags": lines["tags"].map(as_json),
        "PayGPrice": [f"{v / q:f}" if q else "0" for v, q in zip(listed, quantity, strict=True)],
        "unitPrice": [
            f"{number(v) / q:f}" if q and p else "0"
            for v, q, p in zip(lines["contracted"], quantity, lines["priced"], strict=True)
        ],
        "frequency": one_day.map({True: "UsageBased", False: "Recurring"}),
        "reservationId": held.where(~plan, ""),
        "benefitId": held,
        "pricingModel": lines["model"],
    }
    return pd.DataFrame(shown, index=lines.index)


def _listed(lines: pd.DataFrame, spot_listed: bool) -> pd.DataFrame:
    """A spot meter's list price is the public spot price, unless the export is kind."""
    if spot_listed:
        return lines
    return lines.assign(list=lines["list"].mask(lines["model"] == "Spot", lines["public"]))


def focus_table(charged: Charged, *, spot_listed: bool = True) -> pd.DataFrame:
    """Azure's FOCUS columns: cash from the actual lines, the rest from the amortised ones."""
    import pandas as pd

    both = []
    for dataset in ("actual", "amortized"):
        lines = _listed(azure_lines(charged, dataset), spot_listed)
        cash = dataset == "actual"
        bought = lines["charge"].isin(["Purchase"]) & (lines["commitment"] != "")
        unused = lines["charge"].str.startswith("Unused")
        both.append(lines[bought if cash else unused].assign(cash=cash, spread=not cash))
        if cash:
            plain = lines[~bought & ~lines["model"].isin(["Reservation", "SavingsPlan"])]
            both.append(plain.assign(cash=True, spread=True))
        else:
            held = lines["model"].isin(["Reservation", "SavingsPlan"]) & ~unused
            both.append(lines[held].assign(cash=False, spread=True))
    lines = pd.concat(both, ignore_index=True)
    quantity = [number(q) / f for q, f in zip(lines["quantity"], lines["factor"], strict=True)]
    listed = lines["list"].where(lines["priced"], lines["cost"])
    contracted = lines["contracted"].where(lines["priced"], lines["cost"])
    category = {"OrbitSurcharge": "Usage", "Refund": "Credit"}
    status = lines["charge"].str.startswith("Unused").map({True: "Unused", False: "Used"})
    model = {"Spot": "Dynamic", "Reservation": "Committed", "SavingsPlan": "Committed", "": ""}
    charge = lines["charge"].where(~lines["charge"].str.startswith("Unused"), "Usage")
    first, after = charged.world.month
    held = lines["commitment"] != ""
    return pd.DataFrame(
        {
            "BilledCost": [amount(c) for c in lines["cost"].where(lines["cash"], 0)],
            "BillingCurrency": "USD",
            "BillingPeriodStart": f"{first:%Y-%m-%dT00:00Z}",
            "BillingPeriodEnd": f"{after:%Y-%m-%dT00:00Z}",
            "ChargeCategory": charge.replace(category),
            "ChargeDescription": lines["category"] + " - " + lines["meter"],
            "ChargeClass": lines["charge"].map({"Refund": "Correction"}).fillna(""),
            "ChargePeriodStart": lines["start"].map(lambda at: f"{at:%Y-%m-%dT00:00Z}"),
            "ChargePeriodEnd": lines["end"].map(lambda at: f"{at:%Y-%m-%dT00:00Z}"),
            "CommitmentDiscountId": lines["commitment"],
            "CommitmentDiscountStatus": status.where(held & (charge == "Usage"), ""),
            "CommitmentDiscountType": lines["plan"]
            .map({True: "Savings Plan", False: "Reservation"})
            .where(held, ""),
            "ConsumedQuantity": [f"{q:f}" for q in quantity],
            "ContractedCost": [amount(c) for c in contracted.where(lines["spread"], 0)],
            "EffectiveCost": [amount(c) for c in lines["cost"].where(lines["spread"], 0)],
            "ListCost": [amount(c) for c in listed.where(lines["spread"], 0)],
            "PricingCategory": lines["model"].replace(model).replace("OnDemand", "Standard"),
            "ProviderName": "Microsoft",
            "RegionId": lines["region"],
            "ResourceId": lines["resource"],
            "ServiceName": lines["category"],
            "SubAccountId": "/subscriptions/" + lines["subscription"],
            "Tags": lines["tags"].map(as_json),
            "x_InvoiceId": "T000123456",
            "x_PricingUnitDescription": lines["unit"],
            "x_PublisherCategory": lines["publisher"]
            .map({"Marketplace": "Vendor"})
            .fillna("Cloud Provider"),
            "x_SkuDetails": lines["info"].map(as_json),
            "x_SkuMeterCategory": lines["category"],
            "x_SkuMeterName": lines["meter"],
            "x_SkuMeterSubcategory": lines["subcategory"],
        }
    )


def write_azure(
    charged: Charged,
    root: Path,
    *,
    datasets: tuple[str, ...] = ("actual", "amortized"),
    form: str = "csv.gz",
    parts: int = 1,
    named: bool = True,
    spot_listed: bool = True,
) -> Path:
    """Write exports below `root` as partitioned runs with their manifests; returns `root`.

    Args:
        charged: from `azure_charge`.
        root: where to.
        datasets: actual, amortized, focus.
        form: csv, csv.gz or parquet.
        parts: files a dataset.
        named: whether lines of a scale set name the instance.
        spot_listed: whether spot lines name the on-demand price, else the public spot price.
    """
    first, after = charged.world.month
    period = f"{first:%Y%m%d}-{after - timedelta(days=1):%Y%m%d}"
    for index, dataset in enumerate(datasets):
        if dataset == "focus":
            table = focus_table(charged, spot_listed=spot_listed)
        else:
            table = cost_table(charged, dataset, spot_listed=spot_listed)
        if not named:
            info = "x_SkuDetails" if dataset == "focus" else "additionalInfo"
            table[info] = table[info].str.replace(
                r'"VMName": "[^"]*"', '"VMName": null', regex=True
            )
        run = f"{RUN}{index}"
        folder = root / f"burn-{dataset}" / period / run
        folder.mkdir(parents=True, exist_ok=True)
        blobs = []
        for number_ in range(parts):
            content = _content(table.iloc[number_::parts], form)
            name = f"part_{number_}_0001.{form}"
            (folder / name).write_bytes(content)
            blob = f"exports/burn-{dataset}/{period}/{run}/{name}"
            rows = len(table.iloc[number_::parts])
            blobs.append({"blobName": blob, "byteCount": len(content), "dataRowCount": rows})
        told = _manifest(charged, dataset, run, blobs)
        (folder / "manifest.json").write_text(json.dumps(told, indent=1) + "\n")
    return root


def _content(table: pd.DataFrame, form: str) -> bytes:
    if form == "parquet":
        sink = io.BytesIO()
        table.to_parquet(sink, index=False)
        return sink.getvalue()
    text = table.to_csv(index=False, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    raw = b"\xef\xbb\xbf" + text.encode()
    return gzip.compress(raw, mtime=0) if form == "csv.gz" else raw


def _manifest(charged: Charged, dataset: str, run: str, blobs: list[Any]) -> dict[str, Any]:
    first, after = charged.world.month
    return {
        "manifestVersion": "2024-04-01",
        "byteCount": sum(blob["byteCount"] for blob in blobs),
        "blobCount": len(blobs),
        "dataRowCount": sum(blob["dataRowCount"] for blob in blobs),
        "exportConfig": {
            "exportName": f"burn-{dataset}",
            "type": TYPES[dataset],
            "granularity": "Daily",
        },
        "deliveryConfig": {"containerName": "exports", "rootFolderPath": f"burn-{dataset}"},
        "runInfo": {
            "executionType": "Scheduled",
            "submittedTime": f"{after:%Y-%m-%dT02:11:00Z}",
            "runId": run,
            "startDate": f"{first:%Y-%m-%dT00:00:00}",
            "endDate": f"{after - timedelta(days=1):%Y-%m-%dT00:00:00}",
        },
        "blobs": blobs,
    }
