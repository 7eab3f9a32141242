"""List prices of components (`n2 core`, `balanced pd capacity`) that no bill line teaches."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import files

from burn.api import AccessError
from burn_gcp.bill.rates import Component
from burn_gcp.client.session import GcpSession
from burn_gcp.settings import GcpSettings

CATALOG, FALLBACK = "price list", "fallback (2026-02, us-central1)"


class ComponentRates:
    """The Billing Catalog where it may be asked, then the dated table; each answer is kept.

    Args:
        catalog: all list prices by component and region; None: not to be asked.
    """

    def __init__(self, catalog: Callable[[], dict[Component, float]] | None) -> None:
        self._ask = catalog
        self._known: dict[Component, float] = {}
        self.refused = ""
        """Why the catalog could not be asked."""

    def __call__(self, component: Component) -> float | None:
        """Price per unit and hour (per GiB and month for disks); None: nobody knows."""
        return self.found(component)[0]

    def found(self, component: Component) -> tuple[float | None, str]:
        """Price and where it comes from."""
        if self._ask is not None:
            try:
                self._known = self._ask()
            except AccessError as error:
                self.refused = error.message
            self._ask = None
        rate = self._known.get(component)
        if rate is not None:
            return rate, CATALOG
        rate = _table().get(component.name)
        source = FALLBACK if not self.refused else f"{FALLBACK[:-1]}, price list refused)"
        return rate, source if rate is not None else ""


@cache
def _rates(settings: GcpSettings) -> ComponentRates:
    if settings.price_list == "off":
        return ComponentRates(None)
    session = GcpSession(settings)

    def ask() -> dict[Component, float]:
        from burn_gcp.client.catalog import list_prices

        return list_prices(session)

    return ComponentRates(ask)


def component_rates(settings: GcpSettings, session: GcpSession) -> ComponentRates:
    """The look-up of these settings, one a process."""
    del session
    return _rates(settings)


@cache
def _table() -> dict[str, float]:
    """The shipped prices by component."""
    text = files("burn_gcp.prices").joinpath("fallback_prices.csv").read_text(encoding="utf-8")
    rows = (line.split(",") for line in text.splitlines()[1:] if line)
    return {name: float(rate) for name, rate in rows}
