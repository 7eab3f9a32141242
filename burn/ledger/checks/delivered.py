"""Whether the bill has the days that the metrics have: a half-delivered month still adds up."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from burn.api import IdentityFrame, InventoryFrame, PriceFrame
from burn.api.money import count

if TYPE_CHECKING:
    import pandas as pd

LITTLE = 0.5
"""Of a day's node cost, as observed and priced: less of it on the bill is a day to be waited for."""
STRETCHES_NAMED = 3


@dataclass(frozen=True, slots=True)
class Undelivered:
    """Days whose nodes are not, or hardly, on the bill.

    Attributes:
        since: the first of them.
        note: a sentence for the reader.
    """

    since: datetime
    note: str


def undelivered(
    landed: pd.DataFrame,
    identities: IdentityFrame,
    prices: PriceFrame,
    inventory: InventoryFrame,
) -> Undelivered | None:
    """Days of observed nodes that are missing on the bill; None when there are none.

    Nodes that the bill lacks even where it has others are another account's: `unbilled` tells of
    them, here they do not count. So a bill without a single node has no day to compare with.

    Args:
        landed: bill rows, see `burn.ledger.landing.land`.
        identities: tells which nodes the provider knows.
        prices: asset × day.
        inventory: asset × day.
    """
    import pandas as pd

    nodes = inventory.loc[inventory["kind"] == "node", "asset_id"].unique()
    identified = identities.loc[identities["asset_id"].isin(nodes), "asset_id"]
    ran = prices[prices["asset_id"].isin(identified) & (prices["quantity"] > 0)]
    billed = _by_day(landed[(landed["landing"] == "modelled") & landed["asset_id"].isin(nodes)])
    delivered = sorted(billed["day"].unique())
    sure = delivered[:-1] or delivered  # the newest day may be there in part
    elsewhere = ran.loc[ran["day"].isin(sure), "asset_id"]
    ran = ran[~ran["asset_id"].isin(set(elsewhere) - set(billed["asset_id"]))]
    price = ran.groupby("asset_id")["list_cost"].sum() / ran.groupby("asset_id")["quantity"].sum()
    worth = (billed["quantity"] * billed["asset_id"].map(price)).groupby(billed["day"]).sum()
    days = pd.DataFrame({"seen": ran.groupby("day")["list_cost"].sum()})
    days["billed"] = worth.reindex(days.index).fillna(0.0)
    missing = days[days["billed"] < LITTLE * days["seen"]]
    if missing.empty:
        return None
    there = inventory["asset_id"].isin(ran["asset_id"]) & inventory["day"].isin(missing.index)
    hours = float(inventory["hours"].where(there, 0.0).sum())
    return Undelivered(missing.index[0].to_pydatetime(), _note(missing, hours, days.index[-1]))


def _by_day(rows: pd.DataFrame) -> pd.DataFrame:
    """asset_id, day, quantity; lines longer than a day spread over the days they cover."""
    import numpy as np
    import pandas as pd

    spread = rows[["asset_id", "day", "quantity"]]
    if "x_hours" not in rows or rows["x_hours"].isna().all():
        return spread
    hours = rows["x_hours"].to_numpy("float64", na_value=0.0)
    times = np.maximum(np.ceil(hours / 24), 1).astype("int64")
    spread = spread.assign(quantity=spread["quantity"] / times)
    spread = spread.loc[spread.index.repeat(times)]
    later = spread.groupby(level=0).cumcount()
    return spread.assign(day=spread["day"] + pd.to_timedelta(later, unit="D"))


def _note(missing: pd.DataFrame, hours: float, last: pd.Timestamp) -> str:
    share = math.fsum(missing["billed"]) / math.fsum(missing["seen"])
    what = "nothing" if share == 0 else f"only {100 * share:.1f} %"
    why = "not delivered yet, or are files" if missing.index[-1] == last else "are files"
    return (
        f"the bill has {what} of the cluster's nodes on {_stretches(missing)}, though the metrics "
        f"have {hours:,.0f} node-hours there: {why} missing? Until they are on the bill, those "
        "hours lower `uptime` (or are `unbilled`), and what was billed is too low"
    )


def _stretches(missing: pd.DataFrame) -> str:
    """`2026-10-16..2026-10-31 (16 days)`: both ends included, the longest first."""
    day = timedelta(days=1)
    runs: list[list[datetime]] = []
    for at in missing.index:
        if runs and at - runs[-1][-1] == day:
            runs[-1].append(at)
        else:
            runs.append([at])
    runs.sort(key=lambda run: (-len(run), run[0]))
    named = [
        f"{run[0]:%Y-%m-%d}" if len(run) == 1 else f"{run[0]:%Y-%m-%d}..{run[-1]:%Y-%m-%d}"
        for run in runs[:STRETCHES_NAMED]
    ]
    more = ", …" if len(runs) > STRETCHES_NAMED else ""
    return f"{', '.join(named)}{more} ({count(len(missing), 'day')})"
