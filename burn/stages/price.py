"""Price: what a Kubernetes cost report would charge for what was observed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from burn.api import (
    BillingProvider,
    ContractError,
    DataError,
    IdentifyRequest,
    IdentityFrame,
    InventoryFrame,
    PriceFrame,
    PriceRequest,
    PriceSource,
    Scope,
    Window,
    schemas,
)
from burn.ledger.own_prices import covered, first_of, in_currency, laid_over
from burn.ledger.shared_resources import is_shared
from burn.plugin.chosen import Chosen
from burn.work.events import Events

if TYPE_CHECKING:
    import pandas as pd


def price(
    provider: Chosen[BillingProvider],
    scope: Scope,
    inventory: InventoryFrame,
    window: Window,
    events: Events,
    own: OwnPrices | None = None,
    *,
    from_bill: bool = True,
) -> PriceFrame:
    """One price row per inventory row, in one currency.

    Args:
        provider: gives the prices.
        scope: cluster and label keys.
        inventory: asset × day.
        window: the run's.
        events: told how many prices are from where.
        from_bill: see `PriceRequest`.
        own: what is asked before the provider.

    Raises:
        ContractError: rows are missing, doubled or not finite.
        DataError: an asset cannot be priced.
    """
    events.started("price")
    request = PriceRequest(scope=scope, inventory=inventory, window=window, from_bill=from_bill)
    sheet = None
    if own and own.sources:
        request = replace(request, identified=own.identified, currency=own.currency)
        sheet = asked(request, own)
        request = replace(request, priced=covered(inventory, sheet))
    prices = schemas.PRICES.validate(provider.made.price(request), author=provider.author)
    matched = inventory[["asset_id", "day"]].merge(
        prices[["asset_id", "day"]], how="outer", indicator=True
    )
    odd = matched[matched["_merge"] != "both"]
    if len(odd):
        first = odd.iloc[0]
        what = "no price for" if first["_merge"] == "left_only" else "a price for the unseen"
        raise ContractError(
            f"{provider.author} returned {what} {first['asset_id']} on {first['day']:%Y-%m-%d}"
            f" ({len(odd)} such rows)",
            hint="its author finds the frame in docs/reference/frames.md#prices",
        )
    _require_consistent(prices, provider.author)
    if sheet is not None and len(sheet):
        theirs = sorted(prices["currency"].astype("str").unique())
        sheet = in_currency(PriceFrame(sheet), theirs[0], own.worth if own else {})
        prices, note = laid_over(prices, sheet)
        if note:
            events.warning(note)
    currencies = sorted(prices["currency"].unique())
    if len(currencies) > 1:
        raise DataError(f"prices come in several currencies: {', '.join(currencies)}")
    counts = prices.drop_duplicates("asset_id")["price_source"].value_counts().sort_index()
    summary = ", ".join(f"{n} from {source}" for source, n in counts.items())
    events.finished("price", summary)
    return prices


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPrices:
    """What is asked before the provider, and what it is told.

    Attributes:
        sources: the first that has a price of an asset and day counts.
        identified: assets that the provider knows on its bill.
        currency: the bill's.
        worth: what one unit of a currency is worth in a common one.
    """

    sources: Sequence[Chosen[PriceSource]]
    identified: frozenset[str] = frozenset()
    currency: str = ""
    worth: Mapping[str, float] = field(default_factory=dict)


def asked(request: PriceRequest, own: OwnPrices) -> pd.DataFrame:
    """The rows of all sources; of two of one asset and day, that of the source named first."""
    rows: pd.DataFrame = schemas.PRICES.empty()
    for source in own.sources:
        own_prices = schemas.PRICES.validate(source.made.price(request), author=source.author)
        if (odd := own_prices[~covered(own_prices, request.inventory)]).size:
            first = odd.iloc[0]
            raise ContractError(
                f"{source.author} returned a price for the unseen {first['asset_id']} on"
                f" {first['day']:%Y-%m-%d} ({len(odd)} such rows)",
                hint="its author finds the frame in docs/reference/frames.md#prices",
            )
        _require_consistent(own_prices, source.author)
        rows = first_of(rows, own_prices)
    return rows


def _require_consistent(prices: PriceFrame, author: str) -> None:
    """A price is not negative, and the cost is quantity × price.

    Raises:
        ContractError: names the first asset and day.
    """
    product = prices["quantity"] * prices["unit_price"]
    near = (product - prices["list_cost"]).abs() <= 1e-6 + 1e-6 * product.abs()
    for odd, what in (
        (prices[(prices["unit_price"] < 0) | (prices["quantity"] < 0)], "below zero"),
        (prices[~near], "whose list_cost is not quantity × unit_price"),
    ):
        if len(odd):
            row = odd.iloc[0]
            raise ContractError(
                f"{author} returned a price {what}: {row['asset_id']} on {row['day']:%Y-%m-%d},"
                f" {row['quantity']:g} × {row['unit_price']:g} = {row['list_cost']:g}"
                f" ({len(odd)} such rows)",
                hint="its author finds the frame in docs/reference/frames.md#prices",
            )


def identify(provider: Chosen[BillingProvider], inventory: InventoryFrame) -> IdentityFrame:
    """Which bill resources the assets are; two assets on one, unless it says shared, is an error."""
    identities = schemas.IDENTITY.validate(
        provider.made.identify(IdentifyRequest(inventory=inventory)), author=provider.author
    )
    alone = identities[~is_shared(identities)]
    twice = alone[alone.duplicated("resource_key", keep=False)]
    if len(twice):
        key = twice["resource_key"].iloc[0]
        claimants = sorted(twice.loc[twice["resource_key"] == key, "asset_id"])
        raise DataError(
            f"bill resource `{key}` is claimed by {' and '.join(claimants[:3])}",
            hint="two clusters in one source? choose one with --cluster",
        )
    return identities


def require_currency(prices: PriceFrame, currency: str) -> None:
    """Prices and bill must be in one currency; burn never converts behind the reader's back.

    Raises:
        DataError: naming both currencies.
    """
    odd = sorted(set(prices["currency"]) - {currency})
    if odd:
        raise DataError(
            f"prices are in {', '.join(odd)}, the bill is in {currency}",
            hint="give prices in the bill's currency (see docs/how-to/custom-prices.md)",
        )
