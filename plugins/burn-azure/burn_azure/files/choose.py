"""From everything below a bill's root to the files of the datasets and months a run needs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from burn.api import DataError
from burn.api.bills.files import Entry
from burn.api.bills.months import Month, told
from burn_azure.files.manifest import Manifest, current, parse

DATA = (".csv", ".csv.gz", ".parquet", ".zip")
_MONTH = re.compile(
    r"(?:^|[/_])(\d{4})(\d{2})\d{2}-\d{8}(?:/|$)|(?:^|[/_])(\d{4})-(\d{2})(?:[/_.-]|$)"
)
_RUN = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.I)


@dataclass(slots=True)
class Dataset:
    """The files of one dataset.

    Attributes:
        kind: actual, amortized, focus; empty: only the lines can tell.
        entries: the files, in a stable order.
        origin: a sentence for each month.
        months: those of the files, as far as paths and manifests say.
        written: when the run of a month was asked for, by its manifest.
    """

    kind: str
    entries: list[Entry] = field(default_factory=list)
    origin: list[str] = field(default_factory=list)
    months: set[Month] = field(default_factory=set)
    written: dict[Month, datetime] = field(default_factory=dict)


def choose(
    entries: Sequence[Entry],
    read: Callable[[Entry], bytes],
    wanted: Iterable[Month] | None,
    *,
    root: str,
) -> list[Dataset]:
    """Pick the current run of each dataset and wanted month.

    Args:
        entries: everything under the root.
        read: gives a manifest's content.
        wanted: months to read; None means all.
        root: the bill as the user named it, for messages.

    Raises:
        DataError: no bill there, or no telling which run of a month holds.
    """
    data = [entry for entry in entries if entry.path.lower().endswith(DATA)]
    manifests = [parse(e.path, read(e)) for e in entries if e.name.lower() == "manifest.json"]
    if not data:
        raise DataError(
            f"{root} holds no CSV and no Parquet files",
            hint="point provider.azure.bill at the folder of the exports",
        )
    keep = None if wanted is None else set(wanted)
    found: dict[str, Dataset] = {}
    for one in current([m for m in manifests if m.kind]):
        if keep is None or keep & set(one.months):
            _add_run(found.setdefault(one.kind, Dataset(one.kind)), one, data)
    held = {m.path.rpartition("/")[0] for m in manifests}
    loose = [entry for entry in data if not any(_below(entry, folder) for folder in held)]
    groups: dict[tuple[str, Month | None], list[Entry]] = {}
    for entry in loose:
        month = month_of(entry.path)
        if keep is None or month is None or month in keep:
            groups.setdefault((kind_of(entry.path), month), []).append(entry)
    for (kind, month), files in sorted(
        groups.items(), key=lambda item: (item[0][0], item[0][1] or (0, 0))
    ):
        _one_run(files, root)
        dataset = found.setdefault(kind, Dataset(kind))
        dataset.entries += files
        dataset.months |= {month} if month else set()
        when = told([month]) if month else "no month in the paths"
        dataset.origin.append(f"{when}: {len(files)} files, no manifest ({root})")
    if not found:
        raise DataError(
            f"{root} holds no bill for {told(keep or [])}",
            hint="choose --window among the months of the export",
        )
    for dataset in found.values():
        _single_export(dataset, current([m for m in manifests if m.kind == dataset.kind]))
    return [found[kind] for kind in sorted(found)]


def known_months(entries: Sequence[Entry], read: Callable[[Entry], bytes]) -> list[Month]:
    """The months that manifests and paths name, oldest first; empty when none does."""
    listed = {
        month
        for e in entries
        if e.name.lower() == "manifest.json" and (one := parse(e.path, read(e))).kind
        for month in one.months
    }
    named = {month_of(e.path) for e in entries if e.path.lower().endswith(DATA)}
    return sorted(listed | {month for month in named if month is not None})


def month_of(path: str) -> Month | None:
    """The month a path names: `…/20261001-20261031/…` or `…/2026-10/…`."""
    found = None
    for match in _MONTH.finditer(path):
        year, month = (int(text) for text in match.groups() if text)
        found = (year, month) if 1 <= month <= 12 else found
    return found


def kind_of(path: str) -> str:
    """The dataset a path names; empty when it names none."""
    low = path.lower()
    if re.search("amorti[sz]ed", low):
        return "amortized"
    return "actual" if "actual" in low else "focus" if "focus" in low else ""


def _below(entry: Entry, folder: str) -> bool:
    return not folder or entry.path.startswith(folder + "/")


def _add_run(dataset: Dataset, one: Manifest, data: Sequence[Entry]) -> None:
    """A run's files, found by the end of the blob's name: the root may be anywhere above them."""
    folder = one.path.rpartition("/")[0]
    for name, size in one.blobs:
        # The manifest lies beside its files, wherever the folder was copied to.
        path = "/".join(part for part in (folder, name.rpartition("/")[2]) if part)
        entry = next((e for e in data if e.path in {path, name}), None)
        if entry is None:
            raise DataError(
                f"{one.path} names {name}, which is not there",
                hint="copy the whole folder of the run, or wait until it is written",
            )
        if size and entry.size and size != entry.size:
            raise DataError(
                f"{entry.path} has {entry.size:,} bytes where its manifest says {size:,}",
                hint="it is truncated or was changed; copy it again",
            )
        dataset.entries.append(entry)
    dataset.months |= set(one.months)
    if one.at:
        dataset.written |= dict.fromkeys(one.months, one.at)
    dataset.origin.append(
        f"{told(one.months)}: {len(one.blobs)} files of {one.path}, run {one.run} of {one.submitted}"
    )


def _one_run(files: Sequence[Entry], root: str) -> None:
    """Refuse files that are two runs of one month: their sum would count money twice."""
    runs = {match[0] for entry in files if (match := _RUN.search(entry.path))}
    if len(runs) > 1:
        raise DataError(
            f"{root} holds {len(runs)} runs of one month and no manifest says which is current",
            hint="point provider.azure.bill at one run, or switch file partitioning on in the export",
        )


def _single_export(dataset: Dataset, manifests: Sequence[Manifest]) -> None:
    names = sorted({one.export for one in manifests})
    if len(names) > 1:
        raise DataError(
            f"there are {len(names)} exports of {dataset.kind} cost: {', '.join(names[:3])}",
            hint="point provider.azure.bill at one of them",
        )
