"""A small fake of Azure on loopback: Retail Prices, Query with pages, cost-details reports, 429.

with azure(charged) as fake: AzureSettings(scope=…, management_url=fake.url, …)
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.lab.azure import SIZE
from tests.lab.azure_export import cost_table
from tests.lab.ledger import Charged
from tests.lab.rates import BALANCER, DISK, INSTANCES
from tests.servers.loopback import listening

PAGE = 40
LIMIT = "x-ms-ratelimit-microsoft.costmanagement"
TIERS = {"P2": 8, "P4": 20, "P10": 100, "P20": 500}
GROUPED = {
    "ResourceId": "ResourceId",
    "MeterCategory": "meterCategory",
    "MeterSubCategory": "meterSubCategory",
    "Meter": "meterName",
    "ChargeType": "chargeType",
    "PricingModel": "pricingModel",
    "PublisherType": "publisherType",
    "SubscriptionId": "SubscriptionId",
    "ResourceLocation": "resourceLocation",
    "BenefitId": "benefitId",
}


@dataclass
class Fake:
    """The server's URL, what it was asked, and what it shall refuse."""

    url: str
    charged: Charged | None = None
    calls: list[str] = field(default_factory=list)
    throttle: int = 0
    """So many calls are answered 429 first."""
    waits: dict[str, str] = field(default_factory=lambda: {f"{LIMIT}-qpu-retry-after": "0"})
    """The retry headers of such an answer."""
    refuse: int = 0
    """Status of every answer, when it is not 0."""
    prices: bool = True
    exports: list[dict[str, Any]] = field(default_factory=list)
    """What a subscription lists under Microsoft.CostManagement/exports."""

    @property
    def retail(self) -> str:
        return f"{self.url}/api/retail/prices"


@contextmanager
def azure(charged: Charged | None = None) -> Iterator[Fake]:
    """Serve until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            return

        def do_GET(self) -> None:
            self._answer("")

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            self._answer(self.rfile.read(length).decode())

        def _answer(self, body: str) -> None:
            fake.calls.append(f"{self.command} {self.path}")
            status, headers, content = _respond(fake, self.path, body)
            self.send_response(status)
            for name, value in {"Content-Length": str(len(content)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

    with listening(Handler) as url:
        fake = Fake(url, charged)
        yield fake


Answer = tuple[int, dict[str, str], bytes]


def _respond(fake: Fake, path: str, body: str) -> Answer:
    from urllib.parse import parse_qs, urlsplit

    asked = urlsplit(path)
    if fake.refuse:
        return _json({"error": {"code": "Refused", "message": "no"}}, fake.refuse)
    if asked.path == "/api/retail/prices":
        return _json(_retail(fake, parse_qs(asked.query)))
    if fake.throttle:
        fake.throttle -= 1
        return _json({"error": {"code": "429", "message": "Too many requests"}}, 429, fake.waits)
    if asked.path.endswith("/providers/Microsoft.CostManagement/exports"):
        return _json({"value": fake.exports})
    if asked.path.endswith("/query"):
        return _json(_query(fake, parse_qs(asked.query), json.loads(body), asked.path))
    if asked.path.endswith("/generateCostDetailsReport"):
        kind = "actual" if json.loads(body)["metric"] == "ActualCost" else "amortized"
        there = f"{fake.url}{asked.path.rpartition('/')[0]}/costDetailsOperationResults/{kind}"
        return 202, {"Location": f"{there}?api-version=x", "Retry-After": "0"}, b""
    if "/costDetailsOperationResults/" in asked.path:
        link = f"{fake.url}/blobs/{asked.path.rpartition('/')[2]}.csv?sig=abc"
        blobs = [{"blobLink": link, "byteCount": 1}]
        return _json({"status": "Completed", "manifest": {"blobCount": 1, "blobs": blobs}})
    if asked.path.startswith("/blobs/"):
        kind = asked.path.rpartition("/")[2].removesuffix(".csv")
        assert fake.charged
        return 200, {}, cost_table(fake.charged, kind).to_csv(index=False).encode()
    return _json({"error": {"code": "NotFound", "message": path}}, 404)


def _json(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    return (
        status,
        {"Content-Type": "application/json", **(headers or {})},
        json.dumps(value).encode(),
    )


def _query(fake: Fake, query: dict[str, list[str]], body: dict[str, Any], path: str) -> Any:
    """Daily sums by the groups asked for, a page at a time."""
    assert fake.charged
    kind = "actual" if body["type"] == "ActualCost" else "amortized"
    table = cost_table(fake.charged, kind)
    names = [GROUPED[one["name"]] for one in body["dataset"].get("grouping", [])]
    table["UsageDate"] = table["date"].str.replace(r"(\d\d)/(\d\d)/(\d{4})", r"\3\1\2", regex=True)
    for name in ("costInBillingCurrency", "quantity"):
        table[name] = table[name].astype("float64")
    by = ["UsageDate", *names, "billingCurrency"]
    sums = table.groupby(by, as_index=False)[["costInBillingCurrency", "quantity"]].sum()
    at = int(query.get("$skiptoken", ["0"])[0])
    shown = sums.iloc[at : at + PAGE]
    back = {new: old for old, new in GROUPED.items()}
    columns = ["Cost", "UsageQuantity", *(back.get(n, n) for n in by[:-1]), "Currency"]
    rows = shown[["costInBillingCurrency", "quantity", *by]].to_numpy().tolist()
    more = at + PAGE < len(sums)
    link = f"{fake.url}{path}?api-version=2025-03-01&$skiptoken={at + PAGE}" if more else None
    return {
        "id": "q",
        "name": "q",
        "type": "Microsoft.CostManagement/query",
        "properties": {
            "nextLink": link,
            "columns": [{"name": name, "type": "String"} for name in columns],
            "rows": rows,
        },
    }


def _retail(fake: Fake, query: dict[str, list[str]]) -> Any:
    """The lab's rates, with a Windows, a spot and a low-priority price beside each size."""
    test = query["$filter"][0]
    items: list[dict[str, Any]] = []
    if found := re.search(r"armSkuName eq '([^']+)'", test):
        name = next((old for old, new in SIZE.items() if new == found[1]), None)
        if name:
            rate = float(INSTANCES[name].hourly)
            if "'Reservation'" in test:
                for term, price in (("1 Year", rate * 8760 * 0.6), ("3 Years", rate * 26280 * 0.4)):
                    items.append(
                        _item("Virtual Machines", "D4s v5", "D4s v5", price, "1 Hour")
                        | {"type": "Reservation", "reservationTerm": term}
                    )
            for product, sku, price in (
                ()
                if items
                else (
                    ("Virtual Machines Windows", "D4s v5", rate * 2),
                    ("Virtual Machines", "D4s v5 Spot", rate / 3),
                    ("Virtual Machines", "D4s v5 Low Priority", rate / 2),
                    ("Virtual Machines", "D4s v5", rate),
                )
            ):
                items.append(_item(product, sku, sku, price, "1 Hour"))
                plans = {"1 Year": 0.7, "3 Years": 0.5}
                if sku == "D4s v5":
                    items[-1]["savingsPlan"] = [
                        {"term": term, "retailPrice": price * part, "unitPrice": price * part}
                        for term, part in plans.items()
                    ]
    elif found := re.search(r"meterName eq '(P\d+) LRS Disk'", test):
        if found[1] in TIERS:
            price = TIERS[found[1]] * float(DISK["gp2"])
            items.append(
                _item("Premium SSD", f"{found[1]} LRS", f"{found[1]} LRS Disk", price, "1/Month")
            )
    elif "LB Rules" in test and "'Global'" in test:  # where Azure lists them
        items.append(
            _item("Load Balancer", "Standard", "Rules", float(BALANCER["network"]), "1 Hour")
        )
    skip = int(query.get("$skip", ["0"])[0])
    link = f"{fake.retail}?$filter={test}&$skip={skip + 2}" if skip + 2 < len(items) else None
    return {
        "Items": items[skip : skip + 2] if fake.prices else [],
        "NextPageLink": link,
        "Count": 2,
    }


def _item(product: str, sku: str, meter: str, price: float, unit: str) -> dict[str, Any]:
    return {
        "productName": product,
        "skuName": sku,
        "meterName": meter,
        "retailPrice": price,
        "unitOfMeasure": unit,
        "currencyCode": "USD",
        "type": "Consumption",
    }
