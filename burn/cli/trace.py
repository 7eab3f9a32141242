"""From ledger rows to what to ask the bill for: its own resource names, and the SKUs that count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from burn.api import BillingProvider, Window, schemas
from burn.ledger.drivers import Driver
from burn.plan import Chosen, Plan

if TYPE_CHECKING:
    import pandas as pd


class Trace:
    """Watches a run's stages (it is an observer) and finds the lines behind a driver's rows."""

    def __init__(self) -> None:
        self._inventories: list[pd.DataFrame] = []
        self._bill: pd.DataFrame | None = None

    def __call__(self, stage: str, frame: Any, _: str) -> None:
        """Keep who the assets are, and the bill's rows."""
        if stage == "collect":
            self._inventories.append(frame.drop_duplicates("asset_id"))
        elif stage == "bill":
            self._bill = frame

    def lines(
        self, plan: Plan, window: Window, driver: Driver, rows: pd.DataFrame, limit: int
    ) -> pd.DataFrame:
        """Raw bill lines of the largest subjects, of the kind the driver is about.

        Args:
            plan: whose provider is asked.
            window: the run's.
            driver: decides which of a resource's charges count.
            rows: the driver's ledger rows, largest first.
            limit: the most subjects, and the most lines.
        """
        asked = dict.fromkeys(rows.loc[rows["lines"] > 0, "subject"].astype(str))
        names = self._names(plan.provider)
        subjects = [key for s in list(asked)[:limit] for key in names.get(s, [s])]
        if not subjects or self._bill is None:
            return rows.iloc[:0, :0]
        behind = self._bill[
            self._bill["resource_key"].isin(subjects)
            | self._bill["commitment_discount_id"].isin(subjects)
        ]
        classes = _classes(driver)
        if classes:
            behind = behind[behind["x_cost_class"].isin(classes)]
        if driver.name in _PRICING:
            behind = behind[behind["pricing_category"] == _PRICING[driver.name]]
        skus = sorted(set(behind["sku"].astype(str)) - {""})
        return plan.provider.made.lines(
            plan.scope, window, subjects=subjects, skus=skus, limit=limit
        )

    def _names(self, provider: Chosen[BillingProvider]) -> dict[str, list[str]]:
        """The bill's names of each asset: the ledger speaks of assets, bill lines of resources."""
        import pandas as pd

        if not self._inventories:
            return {}
        seen = pd.concat(self._inventories, ignore_index=True).drop_duplicates("asset_id")
        named = provider.made.identify(schemas.INVENTORY.validate(seen, author="burn"))
        keys = named.groupby("asset_id")["resource_key"].agg(list)
        return {str(asset): found for asset, found in keys.items()}


_PRICING = {"spot": "Dynamic", "commitment": "Committed"}


def _classes(driver: Driver) -> tuple[str, ...]:
    """The cost classes of the bill rows that land in a driver; empty: any."""
    if driver.name in schemas.COST_CLASSES:
        modelled = schemas.MODELLED_CLASSES if driver.name in schemas.RATE_CLASSES else ()
        return (driver.name, *modelled)
    if driver.group in ("report", "observation", "rate"):
        return schemas.MODELLED_CLASSES
    return ()
