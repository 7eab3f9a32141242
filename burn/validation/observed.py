"""What a metrics source returned, checked as it crosses the border."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar, cast

from burn.api import (
    DataError,
    InventoryFrame,
    MetricsSource,
    Observation,
    ObserveRequest,
    Schema,
    Scope,
    Window,
    joined,
    schemas,
)
from burn.api.rows_of import RowsOf
from burn.plugin.chosen import Chosen
from burn.plugin.installed import CORE
from burn.validation.returned import returned
from burn.validation.units import require_units

if TYPE_CHECKING:
    import pandas as pd

F = TypeVar("F")
NEAR = 0.01
"""Hours; how far an asset's day may lie from the sum of its hours, each rounded."""


@dataclass(frozen=True, slots=True)
class Observed:
    """Observes a window of any length, and checks it."""

    source: Chosen[MetricsSource]
    scope: Scope
    now: bool = False
    """See `ObserveRequest`."""

    def __call__(self, window: Window) -> Observation:
        """See `checked`; a source that does not store what it saw is asked day by day."""
        windows = [window] if self.source.stored else list(window.days())
        return joined([self._one(one) for one in windows])

    def _one(self, window: Window) -> Observation:
        request = ObserveRequest(scope=self.scope, window=window, now=self.now)
        return checked(self.source.made.observe(request), window, self.source.author)


def checked(seen: Observation, window: Window, author: str) -> Observation:
    """The observation with every frame validated and within the window.

    Raises:
        ContractError: it is no Observation, or a frame is not what its schema says.
        DataError: rows outside the window, or hours and sizes that cannot be.
    """
    seen = returned(seen, Observation, author, "observe")
    mine = author.partition(" ")[0] == CORE  # what anybody else says of `as_written` is not heeded
    out = seen if seen.as_written and mine else _validated(seen, author)
    require_within(out.inventory, window, author)
    first = window.start.replace(hour=0)
    dated = [(name, getattr(out, name)) for name in ("pods", "mounts", "containers", "workloads")]
    for name, day in ((name, frame["day"]) for name, frame in dated if frame is not None):
        _refuse_outside((day < first) | (day >= window.end), name, window, author)
    for name, hours in (("presence", out.presence), ("usage", out.usage)):
        outside = (hours["hour"] < window.start) | (hours["hour"] >= window.end)
        _refuse_outside(outside, name, window, author)
        over = (hours["hours"] < 0) | (hours["hours"] > 1 + 1e-9)
        if over.any():
            raise DataError(
                f"{author} returned {int(over.sum())} {name} rows with more than an hour an hour",
                hint="its author finds `hours` in docs/reference/frames.md#presence",
            )
    require_units(out.inventory, out.usage, author)
    _require_equal_hours(out, window, author)
    return out


def _validated(seen: Observation, author: str) -> Observation:
    return Observation(
        inventory=schemas.INVENTORY.validate(seen.inventory, author=author),
        presence=schemas.PRESENCE.validate(seen.presence, author=author),
        pods=schemas.PODS.validate(seen.pods, author=author),
        usage=schemas.USAGE.validate(seen.usage, author=author),
        mounts=schemas.MOUNTS.validate(seen.mounts, author=author),
        coverage=seen.coverage,
        containers=_given(schemas.CONTAINERS, seen.containers, author),
        workloads=_given(schemas.WORKLOADS, seen.workloads, author),
    )


def _given(schema: Schema[F], frame: F | None, author: str) -> F | None:
    return None if frame is None else schema.validate(cast("pd.DataFrame", frame), author=author)


def require_within(inventory: InventoryFrame, window: Window, author: str) -> None:
    """Assets are of the window's days, and there for no longer than their day is.

    Raises:
        DataError: names the first that is not.
    """
    first = window.start.replace(hour=0)
    outside = (inventory["day"] < first) | (inventory["day"] >= window.end)
    _refuse_outside(outside, "inventory", window, author)
    lengths = {day.start.replace(hour=0): day.hours for day in window.days()}
    hours = inventory["hours"]
    over = hours > inventory["day"].map(lengths).astype("float64") + 1e-6
    impossible = inventory[(hours < 0) | over]
    if len(impossible):
        row = impossible.iloc[0]
        raise DataError(
            f"{author} says that {row['asset_id']} was there for {row['hours']:g} hours of"
            f" {_day(window, row['day'])}, which has {lengths[row['day']]:g}"
            f" ({len(impossible)} such assets)",
            hint="its author finds `hours` in docs/reference/frames.md#inventory",
        )


def _refuse_outside(outside: pd.Series[bool], name: str, window: Window, author: str) -> None:
    if outside.any():
        raise DataError(
            f"{author} returned {int(outside.sum())} {name} rows outside {window}",
            hint=f"its author finds the frame in docs/reference/frames.md#{name}",
        )


def _require_equal_hours(seen: Observation, window: Window, author: str) -> None:
    """An asset's hours of a day are the sum of its presence: prices take one, shares the other."""
    import numpy as np
    import pandas as pd

    inventory, there = seen.inventory, seen.presence
    rows = RowsOf.of(inventory["asset_id"], inventory["day"])
    at = rows.find(there["asset_id"], there["hour"])
    known, hours = at >= 0, there["hours"].to_numpy()
    present = np.bincount(at[known], hours[known], minlength=len(inventory))
    said = inventory["hours"].to_numpy()
    off = pd.DataFrame({"said": said, "present": present})
    off = off.assign(asset_id=inventory["asset_id"].to_numpy(), day=inventory["day"].to_numpy())
    if not known.all():  # presence of what the inventory does not have on that day
        lost = there[~known].assign(day=there["hour"].dt.floor("D"), said=0.0)
        by = lost.groupby(["asset_id", "day"], observed=True)[["said", "hours"]].sum()
        off = pd.concat([off, by.rename(columns={"hours": "present"}).reset_index()])
    off = off[(off["said"] - off["present"]).abs() > NEAR]
    if off.empty:
        return
    row = off.iloc[0]
    raise DataError(
        f"{author} says that {row['asset_id']} was there for {row['said']:g} hours of"
        f" {_day(window, row['day'])}, and its hours one by one add up to {row['present']:g}"
        f" ({len(off)} such assets)",
        hint="its author finds both in docs/reference/frames.md#inventory and #presence",
    )


def _day(window: Window, day: pd.Timestamp) -> Window:
    """The window's hours of that day."""
    return next(one for one in window.days() if one.start.date() == day.date())
