"""What the path of an export file says: its month, its kind, the version it belongs to.

Layouts, from the AWS Data Exports user guide (export delivery; report versions):

    legacy CUR, new versions   REPORT/20261001-20261101/ASSEMBLY/REPORT-00001.csv.gz
    legacy CUR, overwritten    REPORT/20261001-20261101/REPORT-00001.csv.gz
    legacy CUR for Athena      REPORT/REPORT/year=2026/month=10/REPORT-00001.snappy.parquet
    Data Exports, overwritten  EXPORT/data/BILLING_PERIOD=2026-10/EXPORT-00001.snappy.parquet
    Data Exports, new versions EXPORT/data/BILLING_PERIOD=2026-10/EXECUTION/EXPORT-00001.csv.gz
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from burn.api import Window

Month = tuple[int, int]
DATA_SUFFIXES = (".parquet", ".csv", ".csv.gz", ".csv.zip", ".zip")
MANIFEST_SUFFIX = "manifest.json"

_PERIODS = (
    re.compile(r"(?:^|/)billing_period=(?P<year>\d{4})-(?P<month>\d{2})(?:/|$)", re.IGNORECASE),
    re.compile(r"(?:^|/)year=(?P<year>\d{4})/month=(?P<month>\d{1,2})(?:/|$)", re.IGNORECASE),
    re.compile(r"(?:^|/)(?P<year>\d{4})(?P<month>\d{2})\d{2}-\d{8}(?:/|$)"),
)
_NOT_A_BILL = ("cost_and_usage_data_status/", "/metadata/", "/_temporary/")


@dataclass(frozen=True, slots=True)
class Entry:
    """One stored file: path below the bill's root, and what names this version of it."""

    path: str
    size: int
    version: str = ""

    @property
    def folder(self) -> str:
        """The path without the file's name."""
        return self.path.rpartition("/")[0]

    @property
    def name(self) -> str:
        """The file's name alone."""
        return self.path.rpartition("/")[2]


def month_of(path: str) -> Month | None:
    """The billing month that a path names, if it names one."""
    for pattern in _PERIODS:
        if found := pattern.search(path):
            return int(found["year"]), int(found["month"])
    return None


def is_data(path: str) -> bool:
    """Whether the path looks like a file of bill lines."""
    low = path.lower()
    hidden = any(part.startswith((".", "_")) for part in low.split("/"))
    return low.endswith(DATA_SUFFIXES) and not hidden and not any(m in low for m in _NOT_A_BILL)


def is_manifest(path: str) -> bool:
    """Whether the path looks like an export's manifest."""
    return path.lower().endswith(MANIFEST_SUFFIX)


def kind_of(path: str) -> str:
    """How a file is read: parquet, csv or zip."""
    low = path.lower()
    return "parquet" if low.endswith(".parquet") else "zip" if low.endswith(".zip") else "csv"


def months_near(window: Window) -> list[Month]:
    """Months whose bill can hold lines of the window: those it overlaps, and their neighbours.

    A line can be billed one month late, and a monthly subscription that began in the month
    before reaches into this one.
    """
    first = window.start.replace(day=1, hour=0) - timedelta(days=1)
    last = window.end - timedelta(microseconds=1)
    stop = (last.year, last.month)
    months = [(first.year, first.month)]
    while months[-1] <= stop:
        months.append(following(months[-1]))
    return months


def following(month: Month) -> Month:
    """The month after."""
    year, number = month
    return (year + 1, 1) if number == 12 else (year, number + 1)


def start_of(month: Month) -> datetime:
    """The month's first instant."""
    return datetime(month[0], month[1], 1, tzinfo=UTC)


def told(months: Iterable[Month]) -> str:
    """Months for a message."""
    return ", ".join(f"{year}-{month:02d}" for year, month in sorted(months))
