"""The frames of a report that tabular sinks write, by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, fields
from typing import TYPE_CHECKING

from burn.api import Finding, Invoiced, UsageError, dimensions, schemas

if TYPE_CHECKING:
    import pandas as pd

    from burn.api import Report

TABLES = (
    "allocation",
    "ledger",
    "prices",
    "findings",
    "invoices",
    "assets",
    "use",
    "sizes",
    "plan",
    "spot",
    "commitments",
    "offers",
)
ORDERED = ("allocation", "prices", "assets", "use", "sizes")
_EMPTY: dict[str, Callable[[], pd.DataFrame]] = {
    "assets": schemas.ASSETS.empty,
    "use": schemas.USE.empty,
    "sizes": schemas.SIZES.empty,
    "plan": schemas.PLAN.empty,
    "spot": schemas.SPOT.empty,
    "commitments": schemas.COMMITMENTS.empty,
    "offers": schemas.OFFERS.empty,
}
"""Frames that a report may lack: a kept one of before."""
RECORDS: dict[str, type[Finding] | type[Invoiced]] = {"findings": Finding, "invoices": Invoiced}
MONEY = ("amount", "inside")
DECIMALS = 10
"""Enough for any unit price; drops the noise of binary sums, so that bytes repeat."""


def known(name: str) -> str:
    """The name, if there is such a frame; sinks ask when they are made, before a run's work.

    Raises:
        UsageError: there is none.
    """
    if name not in TABLES:
        raise UsageError(f"`{name}` is no table of a report", hint=f"use {', '.join(TABLES)}")
    return name


def table(report: Report, name: str, *, flat: bool = True) -> pd.DataFrame:
    """One frame, floats rounded to `DECIMALS`.

    Args:
        name: one of `TABLES`.
        flat: with a column for each dimension that some row has, by its name.

    Ledger, findings and invoices keep the order they are read in; the others are sorted, so that bytes
    do not depend on the order in which rows were made.
    """
    import pandas as pd

    if name in RECORDS:
        columns = [field.name for field in fields(RECORDS[name])]
        invoices = () if report.control is None else report.control.invoices
        records = report.findings if name == "findings" else invoices
        frame = pd.DataFrame([asdict(record) for record in records], columns=columns)
        exact = [column for column in MONEY if column in columns]
        frame = frame.astype(dict.fromkeys(exact, "float64"))
    else:
        found = getattr(report, name)
        frame = _EMPTY[name]() if found is None else found
        if name in ORDERED:
            keys = [c for c in frame.columns if not pd.api.types.is_float_dtype(frame[c].dtype)]
            frame = frame.sort_values(keys, kind="stable", ignore_index=True)
    if flat and "dimensions" in frame:
        frame = _flat(frame)
    floats = frame.select_dtypes("float").columns
    # + 0.0 turns a negative zero into zero.
    return frame.assign(**{column: frame[column].round(DECIMALS) + 0.0 for column in floats})


def _flat(frame: pd.DataFrame) -> pd.DataFrame:
    at = list(frame.columns).index("dimensions")
    column = frame["dimensions"]
    frame = frame.drop(columns="dimensions")
    for place, name in enumerate(dimensions.names(column)):
        frame.insert(at + place, name, dimensions.values(column, name))
    return frame
