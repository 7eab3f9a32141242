"""One report out of several that lie end to end: a month that was run day by day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import TYPE_CHECKING

from burn.api import LedgerFrame, Report, Totals, UsageError, Window, schemas
from burn.history.choose import by_day, one_subject
from burn.history.kept import Kept

if TYPE_CHECKING:
    import pandas as pd

    from burn.history.store import History

KEYS = ["group", "driver", "subject"]
_SUMS = ("amount", "lines", "observed", "billed")
_WHOLE = 24
_ALIKE = ("currency", "basis", "policies", "source")


def tiles(mine: Sequence[Kept], window: Window) -> list[Kept]:
    """The reports that speak for the days of a window, if they are whole and fill it; else none.

    Args:
        mine: of one cluster, the newest first.
        window: whole days.
    """
    days = by_day(mine)
    own: dict[str, list[datetime]] = {}
    for day in window.days():
        one = days.get(day.start)
        if one is None or day.hours < _WHOLE:
            return []
        own.setdefault(one.name, []).append(day.start)
    pieces = [days[starts[0]] for starts in own.values()]
    whole = all(len(own[one.name]) * _WHOLE == one.window.hours for one in pieces)
    return pieces if whole else []


def tiled(history: History, mine: Sequence[Kept], window: Window) -> Report | None:
    """The report of a window that was run in pieces; None if the pieces do not fill it.

    Its ledger, allocation and totals are the sums of theirs; what only one piece can say (findings, notes,
    invoices, where metrics had gaps) is left out.

    Raises:
        UsageError: the pieces are of several clusters, or were made with different settings.
    """
    import pandas as pd

    pieces = tiles(mine, window)
    if len(pieces) < 2:
        return None
    one_subject(pieces)
    parts = [history.load(one) for one in pieces]
    first = parts[0]
    for what in _ALIKE:
        values = {getattr(part.info, what) for part in parts}
        if len(values) > 1:
            raise UsageError(
                f"the reports of {window} differ in {what}, so they do not add up to one",
                hint=f"run it as a whole: burn run --window {window}",
            )
    if first.control is None:
        return None
    open_from = [part.info.provisional_from for part in parts if part.info.provisional_from]
    billed = [part.control.billed for part in parts if part.control is not None]
    totals = {
        field.name: sum(getattr(part.totals, field.name) for part in parts)
        for field in fields(Totals)
        if field.name != "invoice"
    }
    return replace(
        first,
        info=replace(
            first.info,
            run_id=f"{len(parts)} runs",
            window=window,
            provisional_from=min(open_from, default=None),
        ),
        totals=Totals(**totals),
        control=replace(first.control, billed=sum(billed[1:], billed[0])),
        ledger=_ledger(pd.concat([part.ledger for part in parts], ignore_index=True)),
        allocation=pd.concat([part.allocation for part in parts], ignore_index=True),
        prices=pd.concat([part.prices for part in parts], ignore_index=True),
        findings=(),
        notes=(),
        namespace_split=None,
        daily=None,
        assets=None,
        use=None,
    )


def _ledger(rows: pd.DataFrame) -> LedgerFrame:
    """One row a driver and subject; a quantity that some piece does not know is not known."""
    sums = {
        name: (name, "sum") if name in ("amount", "lines") else (name, _known) for name in _SUMS
    }
    rest = [name for name in rows.columns if name not in (*KEYS, *_SUMS)]
    grouped = rows.astype(dict.fromkeys(KEYS, "str")).groupby(KEYS, sort=False, as_index=False)
    made: pd.DataFrame = grouped.agg(**sums, **{name: (name, "first") for name in rest})
    return schemas.LEDGER.validate(made[schemas.LEDGER.names], author="burn")


def _known(values: pd.Series[float]) -> float:
    return float(values.sum(skipna=False))
