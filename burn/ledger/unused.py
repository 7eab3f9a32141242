"""The cluster's part of commitments nobody used: by its part of what each one covered that day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from burn.ledger.days import spread

if TYPE_CHECKING:
    from datetime import datetime

    import pandas as pd

_ID = "commitment_discount_id"


def cluster_share(landed: pd.DataFrame, start: datetime | None = None) -> pd.DataFrame:
    """Rows of unused commitment with their amount cut in two.

    The rule: of what a commitment left unused on a day, the cluster carries the part that its
    covered usage (at effective cost) has in all usage the same commitment covered that day. On a
    day when it covered nothing, the window's part counts; a commitment that covered nothing in
    the window is nobody's: it stays outside. A row of a line longer than a day (a month's fee) is
    spread evenly over the line's hours first.

    Adds:
        inside, outside: the two parts of `effective_cost`.
    """
    unused = landed[landed["landing"] == "unused"]
    covered = landed[
        (landed["pricing_category"] == "Committed")
        & (landed[_ID] != "")
        & ~landed["landing"].isin(["unused", "accounting"])
    ]
    inside = unused["effective_cost"] * _parts(unused, covered, start)
    return unused.assign(
        inside=inside,
        outside=unused["effective_cost"] - inside,
        match_method="rule: share of what the commitment covered",
    )


def _parts(unused: pd.DataFrame, covered: pd.DataFrame, start: datetime | None) -> pd.Series[Any]:
    """The cluster's part of each row, 0 to 1: the mean over the row's days by their hours."""
    daily = spread(unused, start)
    daily[_ID] = unused[_ID].to_numpy()[daily["row"]]
    by_day, whole = _share(covered, [_ID, "day"]), _share(covered, [_ID])
    found = daily.join(by_day.rename("part"), on=[_ID, "day"])["part"]
    found = found.fillna(daily[_ID].map(whole)).astype("float64").fillna(0.0)
    weighted = (found * daily["hours"]).groupby(daily["row"], sort=False).sum()
    total = daily.groupby("row", sort=False)["hours"].sum()
    return (weighted / total).set_axis(unused.index)


def _share(covered: pd.DataFrame, by: list[str]) -> pd.Series[Any]:
    everyone = covered.groupby(by)["effective_cost"].sum()
    cluster = covered[covered["in_cluster"]].groupby(by)["effective_cost"].sum()
    cluster = cluster.reindex(everyone.index, fill_value=0.0)
    return (cluster / everyone)[everyone > 0]
