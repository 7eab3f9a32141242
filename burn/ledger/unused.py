"""The cluster's part of commitments nobody used: by its part of what each one covered that day.

Worked out once a run, by `share_by_day`; the ledger, its days and the costs all take it from there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from burn.ledger.days import spread

if TYPE_CHECKING:
    from datetime import datetime

    import pandas as pd

_ID = "commitment_discount_id"
METHOD = "rule: share of what the commitment covered"


def by_row(landed: pd.DataFrame, shares: pd.DataFrame) -> pd.DataFrame:
    """Rows of unused commitment with their amount cut in two.

    Args:
        landed: bill rows, see `burn.ledger.landing.land`.
        shares: of these rows, from `share_by_day`.

    Adds:
        inside, outside: the two parts of `effective_cost`.
    """
    unused = landed[landed["landing"] == "unused"]
    sums = shares.groupby("row")["inside"].sum()
    inside = sums.reindex(range(len(unused)), fill_value=0.0).set_axis(unused.index)
    return unused.assign(
        inside=inside, outside=unused["effective_cost"] - inside, match_method=METHOD
    )


def share_by_day(landed: pd.DataFrame, start: datetime | None = None) -> pd.DataFrame:
    """Each day of each row of unused commitment, with its amount cut in two.

    The rule: of what a commitment left unused on a day, the cluster carries the part that its
    covered usage (at effective cost) has in all usage the same commitment covered that day. On a
    day when it covered nothing, the window's part counts; a commitment that covered nothing in
    the window is nobody's: it stays outside. A row of a line longer than a day (a month's fee) is
    spread evenly over the line's hours first.

    Adds:
        row: the position of the row among those of unused commitment.
        inside, outside: the two parts of the day's `effective_cost`.
    """
    unused = landed[landed["landing"] == "unused"]
    covered = landed[
        (landed["pricing_category"] == "Committed")
        & (landed[_ID] != "")
        & ~landed["landing"].isin(["unused", "accounting"])
    ]
    days = spread(unused, start)
    hours = days["hours"] / days.groupby("row", sort=False)["hours"].transform("sum")
    pieces = unused.iloc[days["row"]].reset_index(drop=True)
    pieces = pieces.assign(day=days["day"], row=days["row"], x_hours=float("nan"))
    by_day, whole = _share(covered, [_ID, "day"]), _share(covered, [_ID])
    part = pieces[[_ID, "day"]].join(by_day.rename("part"), on=[_ID, "day"])["part"]
    part = part.fillna(pieces[_ID].map(whole)).astype("float64").fillna(0.0)
    cost = pieces["effective_cost"] * hours
    return pieces.assign(
        effective_cost=cost, inside=cost * part, outside=cost * (1 - part), match_method=METHOD
    )


def _share(covered: pd.DataFrame, by: list[str]) -> pd.Series[Any]:
    everyone = covered.groupby(by)["effective_cost"].sum()
    cluster = covered[covered["in_cluster"]].groupby(by)["effective_cost"].sum()
    cluster = cluster.reindex(everyone.index, fill_value=0.0)
    return (cluster / everyone)[everyone > 0]
