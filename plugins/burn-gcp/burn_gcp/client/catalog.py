"""The Cloud Billing Catalog: list prices of Compute Engine and of load balancers, by component."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from burn_gcp.bill.charges.on_demand import Component
from burn_gcp.client.errors import translated
from burn_gcp.client.session import GcpSession

SERVICES = ("6F81-5844-456A", "E505-1604-58F8", "CCD8-9BF1-090E")
"""Compute Engine, Networking, Kubernetes Engine (Autopilot's pods)."""


Prices = dict[str, dict[Component, float]]
"""By usage type, as the catalog calls it, and component: a rate per unit."""
ON_DEMAND, SPOT_USE = "OnDemand", "Preemptible"
COMMITTED = {"Commit1Yr": 12, "Commit3Yr": 36}
"""Usage types of commitments to resources → months."""


def list_prices(session: GcpSession, currency: str) -> Prices:
    """List prices per unit: an hour, or a GiB and month for disks.

    Args:
        session: makes the client.
        currency: what the prices are to be in.

    Raises:
        AccessError: the catalog may not be read or is out of reach.
    """
    from google.cloud import billing_v1

    used = {ON_DEMAND, SPOT_USE, *COMMITTED}
    rows: list[tuple[str, str, str, float]] = []
    for service in SERVICES:
        request = billing_v1.ListSkusRequest(
            parent=f"services/{service}", currency_code=currency, page_size=5000
        )
        with translated(
            "the API cloudbilling.googleapis.com to the project", "the Billing Catalog"
        ):
            for sku in session.catalog.list_skus(request=request):
                usage = sku.category.usage_type
                rate = _rate(sku) if usage in used else None
                if rate is not None:
                    rows += [
                        (usage, sku.description, region, rate) for region in sku.service_regions
                    ]
    found: Prices = {usage: {} for usage in used}
    for usage, name, region, rate in _components(rows):
        found[usage].setdefault(Component(name, region, currency), rate)
    return found


def _components(rows: list[tuple[str, str, str, float]]) -> Iterator[tuple[str, str, str, float]]:
    """Usage type, component, region, rate per core, GiB or GPU."""
    import pandas as pd

    from burn_gcp.bill.charges.classes import SPOT, component
    from burn_gcp.bill.charges.on_demand import rate_name
    from burn_gcp.bill.charges.pods import pod_skus

    frame = pd.DataFrame(rows, columns=["usage", "sku", "region", "rate"])
    # Some commitments are called without the version of their kind.
    sku = (
        frame["sku"].astype("str").str.replace(r"(?i)^commitment: ", "Commitment v1: ", regex=True)
    )
    frame["name"] = rate_name(sku, component(sku))
    frame["rate"] /= pod_skus(sku)["per_unit"]
    # Some of Google's spot SKUs, Spot Pods among them, are in the usage type of on-demand ones.
    spot = sku.str.contains(SPOT, regex=True) & (frame["usage"] == ON_DEMAND)
    names = ["usage", "name", "region", "rate"]
    return frame.loc[~spot, names].itertuples(index=False, name=None)


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
