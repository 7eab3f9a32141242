"""From everything that lies under a bill's root to the files of the months a run needs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from burn.api import DataError
from burn.api.bills.files.local import Entry, unread
from burn.api.bills.months import Month, told
from burn_aws.files.layout import is_data, is_manifest, month_of
from burn_aws.files.manifest import Manifest, current, files_of, parse

# What AWS calls the folder of one delivery: an assembly id (UUID) or time and execution id.
_DELIVERY = re.compile(r"^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}|\d{4}-?\d{2}-?\d{2}T.*)$", re.I)


LARGEST = 64 << 20
"""Bytes of a manifest: a month of 10,000 files takes two million."""


SHRUNK = 0.5
"""A delivery smaller than this part of an earlier one of its month is doubted: months grow."""
IS_IT_WHOLE = "is it whole?"
NAMED_BY_NONE = "that no manifest names"
REPLACED = "of deliveries that were replaced"
OTHER_MONTH = "of another month"


@dataclass(frozen=True, slots=True)
class Choice:
    """The files to read.

    Attributes:
        entries: in a stable order.
        sure: every one of them is named by a manifest.
        origin: a sentence for each month.
        unread: a sentence for each file that is not read.
    """

    entries: tuple[Entry, ...]
    sure: bool
    origin: tuple[str, ...]
    unread: tuple[str, ...] = ()


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
    manifests = _manifests(entries, read)
    if not data:
        raise DataError(
            f"{root} holds no Parquet and no CSV files",
            hint="point provider.aws.bill at the folder above the months of one export",
        )
    listed = {manifest.month for manifest in manifests}
    loose = _loose(data, listed)
    months = sorted(listed | {month for month in loose if month is not None})
    keep = set(months if wanted is None else wanted)
    now = current(m for m in manifests if m.month in keep)
    empty = [manifest for manifest in now.values() if not manifest.keys]
    _require_named(empty, data)
    chosen, origin = _listed(now, manifests, data)
    more, told_of_more = _unlisted(loose, keep)
    chosen += more
    if not chosen:
        raise _nothing(root, empty, months, keep)
    rest = _left_out(data, chosen, manifests, keep)
    origin += told_of_more + (_told_left_out(rest) if manifests else [])
    return Choice(
        entries=tuple(sorted({e.path: e for e in chosen}.values(), key=lambda entry: entry.path)),
        sure=not loose,
        origin=tuple(origin),
        unread=tuple(text for why, files in rest.items() for text in unread(files, why)),
    )


def _loose(data: Sequence[Entry], listed: set[Month]) -> dict[Month | None, list[Entry]]:
    """Files of months that no manifest names; those without a month only where nothing is listed."""
    loose: dict[Month | None, list[Entry]] = {}
    for entry in data:
        month = month_of(entry.path)
        if month not in listed and not (month is None and listed):
            loose.setdefault(month, []).append(entry)
    return loose


def _unlisted(
    loose: dict[Month | None, list[Entry]], keep: set[Month]
) -> tuple[list[Entry], list[str]]:
    """Those of the wanted months, and what is said of them."""
    chosen: list[Entry] = []
    origin: list[str] = []
    for month, files in sorted(loose.items(), key=lambda item: item[0] or (0, 0)):
        if month is None or month in keep:
            _one_version(month, files)
            chosen += files
            what = "no month in the paths" if month is None else told([month])
            origin.append(f"{what}: {len(files)} files, no manifest")
    return chosen, origin


def _nothing(
    root: str, empty: Sequence[Manifest], months: Sequence[Month], keep: set[Month]
) -> DataError:
    if empty:
        return _names_nothing(empty[0], "and no file of its month is there")
    return DataError(
        f"{root} holds no bill for {told(keep)}",
        hint=f"it holds {told(months)}; choose --window among these months",
    )


def _told_left_out(rest: Mapping[str, Sequence[Entry]]) -> list[str]:
    return [
        f"not read: {len(files)} files {why} ({sum(e.size for e in files):,} bytes,"
        f" such as {files[0].path})"
        for why, files in rest.items()
        if why != OTHER_MONTH
    ]


def known_months(entries: Sequence[Entry], read: Callable[[Entry], bytes]) -> list[Month]:
    """The months that manifests and paths name, oldest first; empty when none does."""
    listed = {manifest.month for manifest in _manifests(entries, read) if manifest.keys}
    named = {month_of(entry.path) for entry in entries if is_data(entry.path)}
    return sorted(listed | {month for month in named if month is not None})


def _manifests(entries: Sequence[Entry], read: Callable[[Entry], bytes]) -> list[Manifest]:
    """The manifests of a bill among the entries."""
    found = []
    for entry in entries:
        if not is_manifest(entry.path):
            continue
        if entry.size > LARGEST:
            raise DataError(
                f"manifest {entry.path} has {entry.size:,} bytes, more than any export's",
                hint="remove it, or deliver the month again",
            )
        if (manifest := parse(entry.path, read(entry))) is not None:
            found.append(manifest)
    return found


def _listed(
    now: dict[Month, Manifest], manifests: Sequence[Manifest], data: Sequence[Entry]
) -> tuple[list[Entry], list[str]]:
    """The files of each month's current manifest, and what is said of them."""
    chosen: list[Entry] = []
    origin: list[str] = []
    for month, manifest in now.items():
        found = files_of(manifest, data)
        chosen += found
        version = f", version {manifest.version}" if manifest.version else ""
        older = {m.version for m in manifests if m.month == month} - {manifest.version}
        replaced = f"; it replaces {len(older)} earlier deliveries" if older else ""
        origin.append(f"{told([month])}: {len(found)} files of {manifest.path}{version}{replaced}")
        size = sum(entry.size for entry in found)
        before = max((_size(m, data) for m in manifests if m.month == month), default=0)
        if size < SHRUNK * before:
            origin.append(
                f"{told([month])}: the current delivery has {size:,} bytes where an earlier one has"
                f" {before:,}: {IS_IT_WHOLE}"
            )
    return chosen, origin


def _size(manifest: Manifest, data: Sequence[Entry]) -> int:
    """Bytes of a delivery; none where its files are gone."""
    try:
        return sum(entry.size for entry in files_of(manifest, data))
    except DataError:
        return 0


def _left_out(
    data: Sequence[Entry],
    chosen: Sequence[Entry],
    manifests: Sequence[Manifest],
    keep: set[Month],
) -> dict[str, list[Entry]]:
    """The files that are not read, by why."""
    read = {entry.path for entry in chosen}
    keys = {key.rpartition("/")[2] for manifest in manifests for key in manifest.keys}
    found: dict[str, list[Entry]] = {}
    for entry in data:
        if entry.path in read:
            continue
        if month_of(entry.path) not in {None, *keep}:
            why = OTHER_MONTH
        else:
            why = REPLACED if entry.name in keys else NAMED_BY_NONE
        found.setdefault(why, []).append(entry)
    return found


def doubts(origin: Iterable[str]) -> list[str]:
    """What of an origin a reader must see: it can mean that lines are missing."""
    return [line for line in origin if IS_IT_WHOLE in line or NAMED_BY_NONE in line]


def _require_named(empty: Sequence[Manifest], data: Sequence[Entry]) -> None:
    """Refuse a manifest that names nothing beside files of its month."""
    for manifest in empty:
        files = [entry for entry in data if month_of(entry.path) == manifest.month]
        if files:
            raise _names_nothing(
                manifest, f"though {len(files)} files of its month are there ({files[0].path}, …)"
            )


def _names_nothing(manifest: Manifest, but: str) -> DataError:
    return DataError(
        f"manifest {manifest.path} of {told([manifest.month])} names no file, {but}",
        hint="the month is being delivered or its manifest is damaged: wait for the next delivery",
    )


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
