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

from burn.api.bills.months import Month

DATA_SUFFIXES = (".parquet", ".csv", ".csv.gz", ".csv.zip", ".zip")
MANIFEST_SUFFIX = "manifest.json"

_PERIODS = (
    re.compile(r"(?:^|/)billing_period=(?P<year>\d{4})-(?P<month>\d{2})(?:/|$)", re.IGNORECASE),
    re.compile(r"(?:^|/)year=(?P<year>\d{4})/month=(?P<month>\d{1,2})(?:/|$)", re.IGNORECASE),
    re.compile(r"(?:^|/)(?P<year>\d{4})(?P<month>\d{2})\d{2}-\d{8}(?:/|$)"),
)
_NOT_A_BILL = ("cost_and_usage_data_status/", "/metadata/", "/_temporary/")


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
