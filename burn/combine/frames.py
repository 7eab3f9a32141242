"""The frames of several reports, one below the other, with names that differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from burn.api import AssetsFrame, Report, UseFrame, schemas
from burn.combine.names import tag
from burn.ledger.rows import LEDGER_ORDER

if TYPE_CHECKING:
    import pandas as pd


def ledger(reports: Sequence[Report]) -> pd.DataFrame:
    """All rows, in the order a ledger is read; `Tax` of two clouds stays two subjects."""
    rows = stacked(reports, _named_apart)
    order = rows["group"].map(LEDGER_ORDER)
    rows = rows.assign(_o=order, _a=-rows["amount"].abs())
    return rows.sort_values(["_o", "driver", "_a", "subject"], kind="stable")[schemas.LEDGER.names]


def _named_apart(report: Report) -> pd.DataFrame:
    """Subjects with their provider; services, which are shown by name, too."""
    prefixed, rows = tag(report), report.ledger
    names = rows["name"].where(rows["group"] != "outside", prefixed(rows["name"].astype(str)))
    return rows.assign(subject=prefixed(rows["subject"]), name=names)


def daily(reports: Sequence[Report]) -> pd.DataFrame | None:
    """Every provider's days, services with their provider; None where one does not know its own."""
    if any(report.daily is None for report in reports):
        return None

    def tagged(report: Report) -> pd.DataFrame:
        assert report.daily is not None  # noqa: S101  see above
        subjects = report.daily["subject"]
        return report.daily.assign(subject=subjects.where(subjects == "", tag(report)(subjects)))

    keys = ["day", "group", "driver", "subject"]
    return stacked(reports, tagged).groupby(keys, as_index=False, sort=False)[["amount"]].sum()


def assets(reports: Sequence[Report]) -> AssetsFrame | None:
    """Every provider's assets; None where one does not know its own."""
    if any(report.assets is None for report in reports):
        return None

    def tagged(report: Report) -> pd.DataFrame:
        assert report.assets is not None  # noqa: S101  see above
        return report.assets.assign(asset_id=tag(report)(report.assets["asset_id"].astype(str)))

    return schemas.ASSETS.validate(stacked(reports, tagged), author="burn")


def use(reports: Sequence[Report]) -> UseFrame | None:
    """What was asked for and used, of every provider; None where one does not know its own."""
    if any(report.use is None for report in reports):
        return None

    def tagged(report: Report) -> pd.DataFrame:
        assert report.use is not None  # noqa: S101  see above
        ids = report.use["asset_id"].astype(str)
        return report.use.assign(asset_id=ids.where(ids == "", tag(report)(ids)))

    return schemas.USE.validate(stacked(reports, tagged), author="burn")


def split(reports: Sequence[Report]) -> pd.DataFrame | None:
    """The providers' own splits, with namespaces named as beside other clusters' namespaces."""
    having = [report for report in reports if report.namespace_split is not None]
    if not having:
        return None

    def named(report: Report) -> pd.DataFrame:
        split = report.namespace_split
        assert split is not None  # noqa: S101  see `having`
        return split.assign(namespace=f"{report.info.cluster}/" + split["namespace"].astype(str))

    return stacked(having, named)


def stacked(reports: Sequence[Report], frame: Callable[[Report], pd.DataFrame]) -> pd.DataFrame:
    """A frame of each report, in the order of the reports."""
    import pandas as pd

    return pd.concat([frame(report) for report in reports], ignore_index=True)
