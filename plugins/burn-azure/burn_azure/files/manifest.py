"""An export's `manifest.json`: which run made which files, for which days, of which dataset.

Source: Microsoft Learn, "Tutorial: Create and manage Cost Management exports".
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from burn.api import DataError
from burn_azure.files.spans import days_of, told_days

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
        export: its resource id, else its name, else its folder.
        kind: actual, amortized, focus; empty for a dataset that is no cost.
        days: what the run covers, at least one.
        submitted: when it was asked for; a later run replaces an earlier one.
        run: its id.
        blobs: names and sizes of its files; none, where the run wrote nothing.
        rows: how many lines they have; 0 where it does not say.
    """

    path: str
    export: str
    kind: str
    days: frozenset[date]
    submitted: str
    run: str
    blobs: tuple[tuple[str, int], ...]
    rows: int

    @property
    def at(self) -> datetime | None:
        """`submitted` as an instant; None where it is none."""
        try:
            found = datetime.fromisoformat(self.submitted)
        except ValueError:
            return None
        return found if found.tzinfo else found.replace(tzinfo=UTC)

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(size for _, size in self.blobs)

    def __str__(self) -> str:
        return f"{self.path} ({told_days(self.days)}, {self.size:,} bytes)"


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
        # An export's name is unique in its scope only.
        name = export.get("resourceId") or export.get("exportName") or path.rpartition("/")[0]
        return Manifest(
            path=path,
            export=str(name).lower(),
            kind=KINDS.get(str(export["type"]).lower(), ""),
            days=days_of(date.fromisoformat(start[:10]), date.fromisoformat(end[:10])),
            submitted=str(run.get("submittedTime", "")),
            run=str(run.get("runId", "")),
            blobs=tuple(
                (str(blob["blobName"]), int(blob.get("byteCount", 0))) for blob in said["blobs"]
            ),
            rows=sum(int(blob.get("dataRowCount") or 0) for blob in said["blobs"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DataError(
            f"{path} is no manifest of a Cost Management export: {type(error).__name__} {error}",
            hint="is it still being written? run the export again",
        ) from error
