"""From everything that lies under a bill's root to the files of the months a run needs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from burn.api import DataError
from burn.api.bills.files import Entry
from burn.api.bills.months import Month, told
from burn_aws.files.layout import is_data, is_manifest, month_of
from burn_aws.files.manifest import Manifest, current, files_of, parse

# What AWS calls the folder of one delivery: an assembly id (UUID) or time and execution id.
_DELIVERY = re.compile(r"^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}|\d{4}-?\d{2}-?\d{2}T.*)$", re.I)


@dataclass(frozen=True, slots=True)
class Choice:
    """The files to read.

    Attributes:
        entries: in a stable order.
        sure: every one of them is named by a manifest.
        origin: a sentence for each month.
    """

    entries: tuple[Entry, ...]
    sure: bool
    origin: tuple[str, ...]


def choose(
    entries: Sequence[Entry],
    read: Callable[[Entry], bytes],
    wanted: Iterable[Month] | None,
    *,
    root: str,
) -> Choice:
    """Pick the current version of each wanted month.

    Args:
        entries: everything under the root.
        read: gives a manifest's content.
        wanted: months to read; None means all.
        root: the bill as the user named it, for messages.

    Raises:
        DataError: no bill there, or no telling which version of a month holds.
    """
    data = [entry for entry in entries if is_data(entry.path)]
    parsed = (parse(e.path, read(e)) for e in entries if is_manifest(e.path))
    manifests = [manifest for manifest in parsed if manifest is not None]
    if not data:
        raise DataError(
            f"{root} holds no Parquet and no CSV files",
            hint="point provider.aws.bill at the folder above the months of one export",
        )
    listed = {manifest.month for manifest in manifests}
    named = {key.rpartition("/")[2] for manifest in manifests for key in manifest.keys}
    loose: dict[Month | None, list[Entry]] = {}
    ignored = 0
    for entry in data:
        month = month_of(entry.path)
        if month in listed or (month is None and manifests):
            ignored += int(month is None and entry.name not in named)
            continue
        loose.setdefault(month, []).append(entry)
    months = sorted(listed | {month for month in loose if month is not None})
    keep = set(months if wanted is None else wanted)
    chosen, origin = _listed(current(m for m in manifests if m.month in keep), data)
    for month, found in sorted(loose.items(), key=lambda item: item[0] or (0, 0)):
        if month is None or month in keep:
            _one_version(month, found)
            chosen += found
            what = "no month in the paths" if month is None else told([month])
            origin.append(f"{what}: {len(found)} files, no manifest")
    if not chosen:
        raise DataError(
            f"{root} holds no bill for {told(keep)}",
            hint=f"it holds {told(months)}; choose --window among these months",
        )
    if ignored:
        origin.append(f"not read: {ignored} files that no manifest names")
    distinct = tuple(sorted({entry.path: entry for entry in chosen}.values(), key=lambda e: e.path))
    return Choice(distinct, not loose, tuple(origin))


def known_months(entries: Sequence[Entry], read: Callable[[Entry], bytes]) -> list[Month]:
    """The months that manifests and paths name, oldest first; empty when none does."""
    parsed = (parse(e.path, read(e)) for e in entries if is_manifest(e.path))
    listed = {manifest.month for manifest in parsed if manifest is not None}
    named = {month_of(entry.path) for entry in entries if is_data(entry.path)}
    return sorted(listed | {month for month in named if month is not None})


def _listed(
    manifests: dict[Month, Manifest], data: Sequence[Entry]
) -> tuple[list[Entry], list[str]]:
    chosen: list[Entry] = []
    origin: list[str] = []
    for month, manifest in manifests.items():
        found = files_of(manifest, data)
        chosen += found
        version = f", version {manifest.version}" if manifest.version else ""
        origin.append(f"{told([month])}: {len(found)} files of {manifest.path}{version}")
    return chosen, origin


def _one_version(month: Month | None, found: Sequence[Entry]) -> None:
    """Refuse files that are two versions of one month: their sum would count money twice."""
    label = "the bill" if month is None else told([month])
    places: dict[str, set[str]] = {}
    for entry in found:
        places.setdefault(entry.name, set()).add(entry.folder)
    twice = sorted(name for name, folders in places.items() if len(folders) > 1)
    deliveries = sorted({p for e in found for p in e.folder.split("/") if _DELIVERY.match(p)})
    if (month is not None and twice) or len(deliveries) > 1:
        both = deliveries[:2] if len(deliveries) > 1 else sorted(places[twice[0]])[:2]
        raise DataError(
            f"{label} is there in several versions ({' and '.join(both)}) and has no manifest",
            hint="keep one version, or copy the export's Manifest.json files too",
        )
