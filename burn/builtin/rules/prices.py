"""Assets whose price is a guess."""

from __future__ import annotations

from collections.abc import Iterator

from burn.api import Finding, schemas
from burn.api.confidence import meaning
from burn.api.find import FindRequest
from burn.api.money import count

NAMED = 3
"""Assets named in a sentence."""


def fallback(request: FindRequest) -> Iterator[Finding]:
    """One finding for all assets priced by the provider's fallback table."""
    prices = request.prices
    rows = prices[meaning(prices["price_source"], schemas.PRICE_SOURCES, "low") == "low"]
    if rows.empty:
        return
    costs = rows.groupby(rows["asset_id"].astype(str))["list_cost"].sum()
    order = sorted(costs.index, key=lambda asset: (-costs[asset], asset))
    amount, whole = float(costs.sum()), float(prices["list_cost"].sum())
    most = f"; the most on {', '.join(order[:NAMED])}" if len(order) > 1 else ""
    yield Finding(
        title="Prices that are a labelled guess",
        subject=order[0] if len(order) == 1 else count(len(order), "asset"),
        amount=amount,
        monthly=amount * request.month,
        evidence=(
            f"{count(len(order), 'asset')} without a price in the bill or the price list: {amount:,.2f} of "
            f"{whole:,.2f} in the report ({100 * amount / whole if whole else 0:.1f} %){most}"
        ),
        action="Give access to the provider's price list, or set prices of your own",
        bill_saving=False,
        saves="none",
    )
