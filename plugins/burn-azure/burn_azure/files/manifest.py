"""An export's `manifest.json`: which run made which files, for which month, of which dataset.

Source: Microsoft Learn, "Tutorial: Create and manage Cost Management exports".
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from burn.api import DataError
from burn.api.bills.months import Month, told

KINDS = {
    "actualcost": "actual",
    "usage": "actual",
    "amortizedcost": "amortized",
    "focuscost": "focus",
}


@dataclass(frozen=True, slots=True)
class Manifest:
    """One run of an export.

    Attributes:
        path: where the manifest lies.
        export: its name, or its folder when it has none.
        kind: actual, amortized, focus; empty for a dataset that is no cost.
        months: what the run covers, at least one.
        submitted: when it was asked for; a later run replaces an earlier one.
        run: its id.
        blobs: names and sizes of its files.
    """

    path: str
    export: str
    kind: str
    months: tuple[Month, ...]
    submitted: str
    run: str
    blobs: tuple[tuple[str, int], ...]

    @property
    def at(self) -> datetime | None:
        """`submitted` as an instant; None where it is none."""
        try:
            found = datetime.fromisoformat(self.submitted)
        except ValueError:
            return None
        return found if found.tzinfo else found.replace(tzinfo=UTC)


def parse(path: str, content: bytes) -> Manifest:
    """Read a manifest.

    Raises:
        DataError: it is none of Cost Management's.
    """
    try:
        said: dict[str, Any] = json.loads(content.decode("utf-8-sig"))
        run, export = said["runInfo"], said["exportConfig"]
        start = str(run["startDate"])
        end = str(run.get("endDate") or start)
        return Manifest(
            path=path,
            export=str(export.get("exportName") or path.rpartition("/")[0]),
            kind=KINDS.get(str(export["type"]).lower(), ""),
            months=_months((int(start[:4]), int(start[5:7])), (int(end[:4]), int(end[5:7]))),
            submitted=str(run.get("submittedTime", "")),
            run=str(run.get("runId", "")),
            blobs=tuple(
                (str(blob["blobName"]), int(blob.get("byteCount", 0))) for blob in said["blobs"]
            ),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(
            f"{path} is no manifest of a Cost Management export: {type(error).__name__} {error}",
            hint="is it still being written? run the export again",
        ) from error


def current(manifests: list[Manifest]) -> list[Manifest]:
    """The newest run of each export and span of months.

    Raises:
        DataError: runs of several months overlap others: their sum would count money twice.
    """
    newest: dict[tuple[str, str, tuple[Month, ...]], Manifest] = {}
    for one in sorted(manifests, key=lambda m: (m.submitted, m.path)):
        newest[one.export, one.kind, one.months] = one
    held: dict[tuple[str, str, Month], Manifest] = {}
    for one in newest.values():
        for month in one.months:
            other = held.setdefault((one.export, one.kind, month), one)
            if other is not one:
                raise DataError(
                    f"{told([month])} is in two runs of {one.export}: {other.path} and {one.path}",
                    hint="keep the runs of single months, or the one of several, and move the other",
                )
    return sorted(newest.values(), key=lambda m: (m.kind, m.months, m.path))


def _months(first: Month, last: Month) -> tuple[Month, ...]:
    """Every month from first to last; the first alone where last lies before it."""
    count = (last[0] - first[0]) * 12 + last[1] - first[1]
    at = first[0] * 12 + first[1] - 1
    return tuple(((at + n) // 12, (at + n) % 12 + 1) for n in range(max(count, 0) + 1))
