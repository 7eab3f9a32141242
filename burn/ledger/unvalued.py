"""Assets that have neither a price nor a line on the bill: they are in the report at nothing.

A share of a file server, a disk of another cloud, an address behind a gateway: that nobody prices them
does not make them free, and no step of the ledger would show it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api import InventoryFrame, PriceFrame, schemas
from burn.api.confidence import meaning
from burn.api.money import count
from burn.api.vocabulary import BILLED_BY_POD

if TYPE_CHECKING:
    import pandas as pd

NAMED = 3
_KINDS = {"node": "node", "volume": "volume", "load_balancer": "load balancer"}


def unvalued(
    prices: PriceFrame, inventory: InventoryFrame, landed: pd.DataFrame | None = None
) -> str:
    """What a reader must know of such assets; nothing where there are none.

    Args:
        prices: asset × day.
        inventory: asset × day.
        landed: bill rows, see `burn.ledger.landing.land`; None: no bill was read.
    """
    none = meaning(prices["price_source"], schemas.PRICE_SOURCES, "low") == "none"
    # A node that is billed by its pods costs nothing where none ran.
    none = (none & (prices["unit"] != BILLED_BY_POD)).groupby(prices["asset_id"].astype(str)).all()
    ids = none.index[none]
    if landed is not None:
        ids = ids[~ids.isin(landed["asset_id"].astype(str))]
    known = inventory[["asset_id", "kind", "name"]].astype(str).drop_duplicates("asset_id")
    lost = known[known["asset_id"].isin(ids)].sort_values(["kind", "name"], ascending=[False, True])
    if lost.empty:
        return ""
    told = []
    for kind, mine in lost.groupby("kind", sort=False):
        names = mine["name"].where(mine["name"] != "", mine["asset_id"])
        more = ", …" if len(names) > NAMED else ""
        what = count(len(names), _KINDS.get(str(kind), str(kind)))
        told.append(f"{what} ({', '.join(names[:NAMED])}{more})")
    lack = "no price" if landed is None else "neither a price nor a line on the bill"
    has = "has" if len(lost) == 1 else "have"
    return (
        f"{' and '.join(told)} {has} {lack}: in the report at nothing, which need not be the cost. State"
        " prices of your own (run.price_sources = table), 0 where something else pays for it"
    )
