"""A charge of more than a day lies evenly on its hours in the window, so that days add up.

Whatever window a day was run in, it has the same part of a month's fee.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    import pandas as pd


def on_each_day(
    rows: pd.DataFrame, start: datetime | None, *, amount: str = "amount"
) -> pd.DataFrame:
    """Each row on its day; those longer than a day on each of theirs, by the hours.

    Args:
        rows: with `day`, `x_hours` (see `spread`) and an amount.
        start: the window's.
        amount: the column that is cut.
    """
    import pandas as pd

    if "x_hours" not in rows:
        return rows
    long = rows["x_hours"] > 0
    if not long.any():
        return rows
    whole = rows[long]
    days = spread(whole, start)
    part = days["hours"] / days.groupby("row")["hours"].transform("sum")
    pieces = whole.iloc[days["row"]].reset_index(drop=True)
    pieces = pieces.assign(day=days["day"], **{amount: pieces[amount] * part})
    return pd.concat([rows[~long], pieces], ignore_index=True)


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
