"""From ledger rows to what to ask the bill for: its own resource names, and the SKUs that count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from burn.api import BillingProvider, IdentifyRequest, LinesRequest, Window, schemas
from burn.api.drivers import Driver
from burn.plugin.chosen import Chosen
from burn.run.plan import Plan

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
        if self._bill is None or rows.empty or driver.group == "invoice":
            return rows.iloc[:0, :0]
        largest = list(dict.fromkeys(rows["subject"].astype(str)))[:limit]
        names = self._names(plan.provider)
        subjects = [key for subject in largest for key in names.get(subject, [subject])]
        behind = rows_behind(self._bill, driver, subjects)

        def ask(whom: list[str], most: int) -> pd.DataFrame:
            skus = sorted(set(behind["sku"].astype(str)) - {""})
            made = plan.provider.made
            return made.lines(
                LinesRequest(scope=plan.scope, window=window, subjects=whom, skus=skus, limit=most)
            )

        if driver.group in ("outside", "accounting"):
            # Such rows are sums over a service: of its lines, those of their kind are kept.
            services = _largest(behind, "service_name", limit)
            if not services:
                return rows.iloc[:0, :0]
            inside = self._bill.loc[self._bill["in_cluster"], "resource_key"]
            ours = () if driver.group == "accounting" else tuple(inside.unique())
            return of_kind(ask(services, _SIFTED), behind["x_charge_kind"], ours).head(limit)
        found = ask(subjects, limit)
        # A commitment or a fee may stand on no line by itself, but on the resources it paid for.
        keys = _largest(behind, "resource_key", limit)
        return ask(keys, limit) if found.empty and keys else found

    def _names(self, provider: Chosen[BillingProvider]) -> dict[str, list[str]]:
        """The bill's names of each asset: the ledger speaks of assets, bill lines of resources."""
        import pandas as pd

        if not self._inventories:
            return {}
        seen = pd.concat(self._inventories, ignore_index=True).drop_duplicates("asset_id")
        named = provider.made.identify(
            IdentifyRequest(inventory=schemas.INVENTORY.validate(seen, author="burn"))
        )
        keys = named.groupby("asset_id")["resource_key"].agg(list)
        return {str(asset): found for asset, found in keys.items()}


_PRICING = {"spot": "Dynamic", "commitment": "Committed"}
_SIFTED = 10_000  # lines of a service to look through for those of one kind
_TELLING = 12  # a shorter name may be anything's


def rows_behind(bill: pd.DataFrame, driver: Driver, subjects: list[str]) -> pd.DataFrame:
    """The bill's rows that land in a driver, of some of its subjects."""
    classes = _classes(driver)
    if driver.name == "amortisation":
        moved = (bill["billed_cost"] - bill["effective_cost"]).abs() > 0
        return bill[moved & bill["x_charge_kind"].isin(subjects)]
    if driver.group == "outside":
        named = bill["service_name"].isin(subjects) & ~bill["in_cluster"]
        return bill[named & ~bill["x_cost_class"].isin(schemas.ACCOUNTING_CLASSES)]
    if driver.group == "accounting":
        return bill[bill["service_name"].isin(subjects) & bill["x_cost_class"].isin(classes)]
    named = bill["resource_key"].isin(subjects) | bill["commitment_discount_id"].isin(subjects)
    if classes:
        named &= bill["x_cost_class"].isin(classes)
    if driver.name in _PRICING:
        named &= bill["pricing_category"] == _PRICING[driver.name]
    return bill[named]


def of_kind(lines: pd.DataFrame, kinds: pd.Series, others: tuple[str, ...]) -> pd.DataFrame:
    """Lines that say one of the charge kinds, in whatever column the provider has it.

    Args:
        lines: a provider's raw bill lines.
        kinds: `x_charge_kind` of the rows that they should stand behind.
        others: resource keys whose lines do not count: what a line calls its resource is such
            a key, or the beginning or end of one.
    """
    said = {str(kind).casefold() for kind in kinds} - {""}
    taken = {part for key in others for part in _parts(str(key).casefold())}
    text = lines.astype(str).apply(lambda column: column.str.casefold())
    keep = text.isin(said).any(axis=1) & ~text.isin(taken).any(axis=1)
    kept: pd.DataFrame = lines[keep].reset_index(drop=True)
    return kept


def _parts(key: str) -> tuple[str, ...]:
    """A key, what it is a member of (`GROUP/members/KEY`), and its last name where it is telling."""
    head, _, tail = key.rpartition("/")
    names = (key, head.rpartition("/")[0], tail if len(tail) >= _TELLING else "")
    return tuple(name for name in names if name)


def _largest(rows: pd.DataFrame, column: str, limit: int) -> list[str]:
    """Values of a column, by how much money their rows hold."""
    money = rows["effective_cost"].abs() + rows["billed_cost"].abs()
    sums = money.groupby(rows[column].astype(str)).sum().drop("", errors="ignore")
    return [str(name) for name in sums.sort_values(ascending=False, kind="stable").index[:limit]]


def _classes(driver: Driver) -> tuple[str, ...]:
    """The cost classes of the bill rows that land in a driver; empty: any."""
    if driver.name in schemas.COST_CLASSES:
        modelled = schemas.MODELLED_CLASSES if driver.name in schemas.RATE_CLASSES else ()
        return (driver.name, *modelled)
    if driver.group in ("report", "observation", "rate"):
        return schemas.MODELLED_CLASSES
    return ()
