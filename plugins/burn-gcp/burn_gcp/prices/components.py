"""List prices of components (`n2 core`, `balanced pd capacity`) that no bill line teaches."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from burn.api import AccessError
from burn_gcp.bill.charges.on_demand import Component
from burn_gcp.client.catalog import ON_DEMAND, Prices
from burn_gcp.client.session import GcpSession
from burn_gcp.prices.fallback import SOURCE, table
from burn_gcp.settings import GcpSettings

CATALOG = "price list"


class ComponentRates:
    """The Billing Catalog where it may be asked, then the dated table; each answer is kept.

    Args:
        catalog: all list prices of a currency; None: not to be asked.
    """

    def __init__(self, catalog: Callable[[str], Prices] | None) -> None:
        self._ask = catalog
        self._known: dict[str, Prices] = {}
        self.refused = ""
        """Why the catalog could not be asked."""

    @property
    def asked(self) -> bool:
        """Whether the catalog may be asked."""
        return self._ask is not None

    def __call__(self, component: Component) -> float | None:
        """Price per unit and hour (per GiB and month for disks); None: nobody knows."""
        return self.found(component)[0]

    def found(self, component: Component) -> tuple[float | None, str]:
        """Price and where it comes from; the table is in dollars and answers for nothing else."""
        rate = self._catalog(component.currency).get(ON_DEMAND, {}).get(component)
        if rate is not None:
            return rate, CATALOG
        rate = table().get(component.name) if component.currency == "USD" else None
        source = SOURCE if not self.refused else f"{SOURCE[:-1]}, price list refused)"
        return rate, source if rate is not None else ""

    def listed(self, currency: str) -> Prices:
        """All that the catalog lists in a currency; nothing where it may not be asked.

        Raises:
            AccessError: it cannot be.
        """
        found = self._catalog(currency)
        if self.refused:
            raise AccessError(self.refused, hint="enable cloudbilling.googleapis.com")
        return found

    def _catalog(self, currency: str) -> Prices:
        if currency not in self._known and self._ask is not None and not self.refused:
            try:
                self._known[currency] = self._ask(currency)
            except AccessError as error:
                self.refused = error.message
        return self._known.get(currency, {})


@cache
def _rates(settings: GcpSettings) -> ComponentRates:
    if settings.price_list == "off":
        return ComponentRates(None)
    session = GcpSession(settings)

    def ask(currency: str) -> Prices:
        from burn_gcp.client.catalog import list_prices

        return list_prices(session, currency)

    return ComponentRates(ask)


def component_rates(settings: GcpSettings) -> ComponentRates:
    """The look-up of these settings, one a process."""
    return _rates(settings)
