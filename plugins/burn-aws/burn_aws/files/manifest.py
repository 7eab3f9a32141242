"""An export's manifest: which files are the current version of one month.

Legacy CUR: `assemblyId`, `billingPeriod.start`, `reportName`, `reportKeys` (keys in the bucket).
Data Exports: `executionId`, `dataFiles` (keys or s3:// URIs); the month is in the path.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from burn.api import DataError
from burn.api.bills.files.local import Entry
from burn.api.bills.months import Month
from burn_aws.files.layout import month_of

_COMPACT = re.compile(r"^(\d{4})-?(\d{2})-?\d{2}")


@dataclass(frozen=True, slots=True)
class Manifest:
    """One manifest.

    Attributes:
        path: where it lies, below the bill's root.
        export: the export it belongs to: name and folder.
        month: the billing month.
        version: assembly or execution id.
        keys: the files it names, as bucket keys.
    """

    path: str
    export: str
    month: Month
    version: str
    keys: tuple[str, ...]


def parse(path: str, text: bytes) -> Manifest | None:
    """Read one manifest; None when the JSON is no manifest of a bill (another tool's file).

    Raises:
        DataError: it is no JSON.
    """
    try:
        content = json.loads(text)
    except RecursionError as error:
        raise DataError(
            f"manifest {path} is nested too deep to be an export's",
            hint="remove it, or deliver again",
        ) from error
    except ValueError as error:
        raise DataError(
            f"manifest {path} is not JSON: {error}",
            hint="the export may be in the middle of a delivery; wait and repeat",
        ) from error
    if not isinstance(content, dict):
        return None
    files = content.get("reportKeys", content.get("dataFiles"))
    month = month_of(path) or _stated_month(content)
    if not isinstance(files, list) or month is None:
        return None
    name = path.rpartition("/")[2].rpartition("-")[0] or str(content.get("reportName", ""))
    return Manifest(
        path=path,
        export=f"{_root(path)}{name}",
        month=month,
        version=str(content.get("assemblyId") or content.get("executionId") or ""),
        keys=tuple(_key(str(file), path) for file in files),
    )


def current(manifests: Iterable[Manifest]) -> dict[Month, Manifest]:
    """The manifest of each month's current version.

    The one nearest to the month's folder is rewritten with each delivery. Where only those of
    the single deliveries are left, Data Exports puts the time first in a delivery's folder.

    Raises:
        DataError: a month has several exports, or versions that nothing puts in order.
    """
    months: dict[Month, list[Manifest]] = {}
    for manifest in manifests:
        months.setdefault(manifest.month, []).append(manifest)
    return {month: _current(month, found) for month, found in sorted(months.items())}


def files_of(manifest: Manifest, entries: Iterable[Entry]) -> list[Entry]:
    """The entries that a manifest names.

    A folder may be a copy of the bucket from any level, so an entry is the named one when one
    of the two paths ends with the other.

    Raises:
        DataError: a named file is not there.
    """
    by_name: dict[str, list[Entry]] = {}
    for entry in entries:
        by_name.setdefault(entry.name, []).append(entry)
    found: list[Entry] = []
    for key in manifest.keys:
        same = by_name.get(key.rpartition("/")[2], [])
        fits = [
            e for e in same if f"/{key}".endswith(f"/{e.path}") or f"/{e.path}".endswith(f"/{key}")
        ]
        if not fits:
            raise DataError(
                f"manifest {manifest.path} names {key}, which is not there",
                hint="the month is being written or was copied in part; wait or copy it again",
            )
        found.append(max(fits, key=lambda entry: len(entry.path)))
    return found


def _current(month: Month, found: list[Manifest]) -> Manifest:
    exports = sorted({manifest.export for manifest in found})
    label = f"{month[0]}-{month[1]:02d}"
    if len(exports) > 1:
        raise DataError(
            f"{label} is there twice, from the exports {' and '.join(exports[:3])}",
            hint="point provider.aws.bill at the folder of one export",
        )
    top = min(manifest.path.count("/") for manifest in found)
    nearest = sorted((m for m in found if m.path.count("/") == top), key=lambda m: m.path)
    if len(nearest) > 1 and not all(_delivered(manifest) for manifest in nearest):
        raise DataError(
            f"{label} has {len(nearest)} versions, and nothing says which is the current one",
            hint=f"keep one of {nearest[0].path} and {nearest[-1].path}, or copy the manifest above them",
        )
    return nearest[-1]


def _delivered(manifest: Manifest) -> bool:
    folder = manifest.path.split("/")[-2] if "/" in manifest.path else ""
    return re.match(r"\d{4}-?\d{2}-?\d{2}T", folder) is not None


def _root(path: str) -> str:
    """The part of the path above the month and above `metadata`."""
    parts = path.split("/")[:-1]
    for at, part in enumerate(parts):
        if part == "metadata" or month_of(part) is not None or part.lower().startswith("year="):
            return "/".join([*parts[:at], ""])
    return "/".join([*parts, ""]) if parts else ""


def _stated_month(content: dict[str, object]) -> Month | None:
    period = content.get("billingPeriod")
    start = period.get("start") if isinstance(period, dict) else None
    found = _COMPACT.match(str(start or ""))
    return (int(found[1]), int(found[2])) if found else None


def _key(file: str, path: str) -> str:
    """A file's key in its bucket.

    Raises:
        DataError: a bucket or a folder is named, and no file.
    """
    key = file.removeprefix("s3://").partition("/")[2] if file.startswith("s3://") else file
    key = key.lstrip("/")
    if not key or key.endswith("/"):
        raise DataError(
            f"manifest {path} names `{file}`, which is no file",
            hint="the manifest is damaged: copy it again, or wait for the next delivery",
        )
    return key
