"""The Cloud Billing Catalog: list prices of Compute Engine and of load balancers, by component."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from burn_gcp.bill.charges.on_demand import Component
from burn_gcp.client.errors import translated
from burn_gcp.client.session import GcpSession

SERVICES = ("6F81-5844-456A", "E505-1604-58F8", "CCD8-9BF1-090E")
"""Compute Engine, Networking, Kubernetes Engine (Autopilot's pods)."""


def list_prices(session: GcpSession, currency: str) -> dict[Component, float]:
    """On-demand list prices per unit: an hour, or a GiB and month for disks.

    Args:
        session: makes the client.
        currency: what the prices are to be in.

    Raises:
        AccessError: the catalog may not be read or is out of reach.
    """
    from google.cloud import billing_v1

    found: dict[tuple[str, str], float] = {}
    names: list[str] = []
    regions: list[str] = []
    rates: list[float] = []
    for service in SERVICES:
        request = billing_v1.ListSkusRequest(
            parent=f"services/{service}", currency_code=currency, page_size=5000
        )
        with translated(
            "the API cloudbilling.googleapis.com to the project", "the Billing Catalog"
        ):
            for sku in session.catalog.list_skus(request=request):
                if sku.category.usage_type != "OnDemand":
                    continue
                rate = _rate(sku)
                if rate is None:
                    continue
                for region in sku.service_regions:
                    names.append(sku.description)
                    regions.append(region)
                    rates.append(rate)
    for name, region, rate in _components(names, regions, rates):
        found.setdefault((name, region), rate)
    return {Component(name, region, currency): rate for (name, region), rate in found.items()}


def _components(
    names: list[str], regions: list[str], rates: list[float]
) -> Iterator[tuple[str, str, float]]:
    """Component, region, rate per core, GiB or GPU; Spot Pods are listed as if on demand."""
    import pandas as pd

    from burn_gcp.bill.charges.classes import SPOT, component
    from burn_gcp.bill.charges.on_demand import rate_name
    from burn_gcp.bill.charges.pods import pod_skus

    sku = pd.Series(names, dtype="str")
    pods = pod_skus(sku)
    frame = pd.DataFrame({"name": rate_name(sku, component(sku)), "region": regions, "rate": rates})
    frame["rate"] /= pods["per_unit"]
    # Some of Google's spot SKUs are in the usage type of on-demand ones.
    return frame[~sku.str.contains(SPOT, regex=True)].itertuples(index=False, name=None)


def _rate(sku: Any) -> float | None:
    """The price of the first unit that is not free, of the newest price list."""
    if not sku.pricing_info:
        return None
    for tier in sku.pricing_info[-1].pricing_expression.tiered_rates:
        price: float = float(tier.unit_price.units) + tier.unit_price.nanos / 1e9
        if price > 0:
            return price
    return None


def reachable(session: GcpSession) -> None:
    """Ask for one price.

    Raises:
        AccessError: the catalog may not be read or is out of reach.
    """
    from google.cloud import billing_v1

    request = billing_v1.ListSkusRequest(parent=f"services/{SERVICES[0]}", page_size=1)
    with translated("the API cloudbilling.googleapis.com to the project", "the Billing Catalog"):
        next(iter(session.catalog.list_skus(request=request, timeout=20.0)), None)
