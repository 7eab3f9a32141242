"""What the Billing Catalog asks for machine types as spot, and under commitments to resources.

A commitment is to cores and memory of one family in a region, paid by the month, whatever the sizes. What a machine has beside
those (GPUs, local SSDs) has prices of its own: of such machines nothing is told. Source: Cloud Billing
Catalog API; Compute Engine documentation, "Resource-based committed use discounts".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from burn.api import Listed, ListedRequest, SoldMachine, schemas
from burn_gcp.bill.charges.on_demand import Component
from burn_gcp.client.catalog import COMMITTED, ON_DEMAND, SPOT_USE, Prices
from burn_gcp.prices.machines import GPUS, SHARED_CORES, billed_size, component_of

if TYPE_CHECKING:
    from burn_gcp.prices.components import ComponentRates

_PLAIN = r"^[a-z]+\d+[a-z]*-[a-z]+-(\d+)$|custom-(\d+)-\d+$"
"""Types whose name says all that they have, and how many cores that is."""


def listed(rates: ComponentRates, request: ListedRequest) -> Listed:
    """A row a machine type and way to buy it; none of a type that the catalog does not price.

    Raises:
        AccessError: the catalog may not be read or is out of reach.
    """
    import pandas as pd

    prices = rates.listed(request.currency)
    source = f"Google Cloud Billing Catalog, {request.day:%Y-%m-%d}"
    machines = [one for one in request.machines if one.gpus == 0]
    frame = pd.DataFrame(
        [
            one._asdict() | way | {"source": source}
            for one, parts in zip(machines, _parts(machines), strict=True)
            for way in _ways(prices, one.region, request.currency, parts)
        ],
        columns=schemas.LISTED.names,
    )
    return Listed(rows=schemas.LISTED.validate(frame, author="burn-gcp"))


def _parts(machines: list[SoldMachine]) -> list[dict[str, float]]:
    """Of each machine, how much of which components; nothing where its name does not say all."""
    import pandas as pd

    types = pd.Series([one.machine for one in machines], dtype="str")
    told = types.str.extract(_PLAIN).astype("float64")
    cores = told[0].fillna(told[1]).fillna(0.0)
    sizes = billed_size(types, cores, pd.Series(0.0, index=types.index))
    known = ((cores > 0) | types.isin(list(SHARED_CORES))) & (sizes["gib"] > 0)
    known &= ~sizes["family"].isin(list(GPUS))
    core, ram = (component_of(sizes["family"], part) for part in ("core", "ram"))
    return [
        {core[at]: sizes["cores"][at], ram[at]: sizes["gib"][at]} if known[at] else {}
        for at in types.index
    ]


def _ways(
    prices: Prices, region: str, currency: str, parts: dict[str, float]
) -> Iterator[dict[str, Any]]:
    def hourly(usage: str) -> float | None:
        found = prices.get(usage, {})
        rates = [found.get(Component(name, region, currency)) for name in parts]
        if not rates or None in rates:
            return None
        return sum(rate * many for rate, many in zip(rates, parts.values(), strict=True) if rate)

    usual = hourly(ON_DEMAND)
    if usual is None:
        return
    base = {"on_demand": usual, "months": float("nan"), "upfront": ""}
    if spot := hourly(SPOT_USE):
        yield base | {"covers": "spot", "rate": spot}
    for usage, months in COMMITTED.items():
        if rate := hourly(usage):
            term = {"months": float(months), "upfront": "none"}
            yield base | term | {"covers": "family", "rate": rate}
