"""What `burn doctor` looks at on Azure: one check a thing, each with its own next step."""

from __future__ import annotations

from collections.abc import Iterator

from burn.api import Check
from burn.api.bills.checks.census import census
from burn.api.bills.doctor import looked, price_list
from burn.api.bills.months import told
from burn_azure.bill.source import BillSource
from burn_azure.client.retail import RetailPrices
from burn_azure.files.choose import choose
from burn_azure.settings import AzureSettings


def checks(settings: AzureSettings, store: BillSource) -> Iterator[Check]:
    """Cheap calls only: of a bill in files, heads are read."""
    if settings.bill:
        yield looked("bill", lambda: _files(store))
        yield looked("bill columns", lambda: _columns(store))
    else:
        yield looked("Cost Management API", lambda: _api(settings))
    if settings.price_list == "auto":
        prices = RetailPrices(settings.retail_url, "USD")
        yield price_list("Retail Prices API", prices.check)


def _files(store: BillSource) -> str:
    told_of = []
    for place in store.stores():
        found = choose(place.entries(), place.read, None, root=place.root)
        for one in found:
            when = told(one.months) if one.months else "months not named by the paths"
            size = sum(entry.size for entry in one.entries)
            told_of.append(
                f"{place.root}: {one.kind or 'cost'}, {when}; {len(one.entries)} files, {size:,} bytes"
            )
    return "; ".join(told_of)


def _columns(store: BillSource) -> str:
    """The export of all files that a run would open, as the run recognises them."""
    told_of = []
    for source in store.headers():
        census(source)
        names = {part.layout.name for part in source.parts if part.layout}
        told_of.append(
            f"{', '.join(sorted(names))}, {len(source.columns)} columns,"
            f" {len(set(source.files.values()))} files fit together"
        )
    return "; ".join(told_of)


def _api(settings: AzureSettings) -> str:
    from burn_azure.client.cost_management import check

    return check(settings)
