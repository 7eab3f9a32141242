"""The cluster's part of commitments nobody used: by its part of what each one covered that day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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


def spread(rows: pd.DataFrame, start: datetime | None) -> pd.DataFrame:
    """A row for each day of each row: its position `row`, the day, and the hours of that day.

    Args:
        rows: with `day` and `x_hours`, which is null or 0 where a row is of one day.
        start: the window's.
    """
    import numpy as np
    import pandas as pd

    hours = rows["x_hours"].to_numpy("float64", na_value=0.0)
    # `x_hours` is from the day's midnight; what is before the window is not the line's.
    late = (pd.Timestamp(start) - rows["day"]).dt.total_seconds() / 3600 if start else 0.0
    begin = np.where(hours > 0, np.clip(late, 0.0, _DAY), 0.0)
    end = np.where(hours > begin, hours, _DAY)
    days = np.ceil(end / _DAY).astype("int64")
    row = np.repeat(np.arange(len(rows)), days)
    nth = np.arange(len(row)) - np.repeat(np.cumsum(days) - days, days)
    midnight = nth * _DAY
    return pd.DataFrame(
        {
            "day": rows["day"].iloc[row].reset_index(drop=True) + pd.to_timedelta(nth, "D"),
            "row": row,
            "hours": np.minimum(end[row], midnight + _DAY) - np.maximum(begin[row], midnight),
        }
    )


_DAY = 24.0
