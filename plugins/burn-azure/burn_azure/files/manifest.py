"""An export's `manifest.json`: which run made which files, for which month, of which dataset.

Source: Microsoft Learn, "Tutorial: Create and manage Cost Management exports".
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from burn.api import DataError
from burn.api.bills.months import Month

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
        month: what the run covers.
        submitted: when it was asked for; a later run replaces an earlier one.
        run: its id.
        blobs: names and sizes of its files.
    """

    path: str
    export: str
    kind: str
    month: Month
    submitted: str
    run: str
    blobs: tuple[tuple[str, int], ...]


def parse(path: str, content: bytes) -> Manifest:
    """Read a manifest.

    Raises:
        DataError: it is none of Cost Management's.
    """
    try:
        told: dict[str, Any] = json.loads(content.decode("utf-8-sig"))
        run, export = told["runInfo"], told["exportConfig"]
        start = str(run["startDate"])
        return Manifest(
            path=path,
            export=str(export.get("exportName") or path.rpartition("/")[0]),
            kind=KINDS.get(str(export["type"]).lower(), ""),
            month=(int(start[:4]), int(start[5:7])),
            submitted=str(run.get("submittedTime", "")),
            run=str(run.get("runId", "")),
            blobs=tuple(
                (str(blob["blobName"]), int(blob.get("byteCount", 0))) for blob in told["blobs"]
            ),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(
            f"{path} is no manifest of a Cost Management export: {type(error).__name__} {error}",
            hint="is it still being written? run the export again",
        ) from error


def current(manifests: list[Manifest]) -> list[Manifest]:
    """The newest run of each export and month."""
    newest: dict[tuple[str, str, Month], Manifest] = {}
    for one in sorted(manifests, key=lambda m: (m.submitted, m.path)):
        newest[one.export, one.kind, one.month] = one
    return sorted(newest.values(), key=lambda m: (m.kind, m.month, m.path))
