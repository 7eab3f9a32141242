"""From everything below a bill's root to the deliveries of the datasets and months a run needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from burn.api import DataError
from burn.api.bills.files.local import Entry, unread
from burn.api.bills.months import Month, told
from burn_azure.files.current import SHOWN, current, told_superseded
from burn_azure.files.loose import LooseFiles, loose_files
from burn_azure.files.manifest import Manifest, parse
from burn_azure.files.spans import days_of_month, months_of, told_days

DATA = (".csv", ".csv.gz", ".parquet", ".zip")
REPLACED = "of a run that newer ones replace"
NAMED_BY_NONE = "that no manifest names"
OTHER_MONTH = "of another month"


@dataclass(frozen=True, slots=True)
class Delivery:
    """Files that were written together.

    Attributes:
        name: what messages call it: its manifest, or its folder.
        export: who wrote it; the deliveries of one export never hold a day twice.
        entries: the files, in a stable order.
        kept: days that are read of it; None: all lines, whatever their day.
    """

    name: str
    export: str
    entries: tuple[Entry, ...]
    kept: frozenset[date] | None = None


@dataclass(slots=True)
class Dataset:
    """The deliveries of one dataset.

    Attributes:
        kind: actual, amortized, focus; empty: only the lines can tell.
        deliveries: what is read.
        origin: a sentence for each.
        notes: what the reader has to know of what is not read.
        unread: a sentence for each file that is not read.
        months: those of the files, as far as paths and manifests say; None: not known.
        written: when the runs of a whole month were asked for, by their manifests.
    """

    kind: str
    deliveries: list[Delivery] = field(default_factory=list)
    origin: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    months: set[Month] | None = field(default_factory=set)
    written: Mapping[Month, datetime] = field(default_factory=dict)

    @property
    def entries(self) -> list[Entry]:
        """The files of all deliveries."""
        return [entry for one in self.deliveries for entry in one.entries]


def choose(
    entries: Sequence[Entry],
    read: Callable[[Entry], bytes],
    wanted: Iterable[Month] | None,
    *,
    root: str,
) -> list[Dataset]:
    """Pick the deliveries of each dataset that hold for the wanted months.

    Args:
        entries: everything under the root.
        read: gives a manifest's content.
        wanted: months to read; None means all.
        root: the bill as the user named it, for messages.

    Raises:
        DataError: no bill there, or no telling which delivery of a day holds.
    """
    data = [entry for entry in entries if entry.path.lower().endswith(DATA)]
    manifests = _manifests(entries, read)
    if not data:
        told_of = f" ({manifests[0]} names no file)" if manifests else ""
        raise DataError(
            f"{root} holds no CSV and no Parquet files{told_of}",
            hint="point provider.azure.bill at the folder of the exports",
        )
    keep = None if wanted is None else set(wanted)
    found = _by_kind(manifests, data, keep)
    held = {m.path.rpartition("/")[0] for m in manifests}
    for loose in loose_files([e for e in data if not _inside(e, held)], root, keep):
        _add_loose(found.setdefault(loose.kind, Dataset(loose.kind)), loose, root)
    if not found:
        raise _nothing(root, manifests, keep)
    first = next(iter(found.values()))
    if unnamed := _unnamed(data, manifests, held):
        first.notes.append(unnamed)
    taken = {entry.path for dataset in found.values() for entry in dataset.entries}
    rest = [entry for entry in data if entry.path not in taken]
    for why, files in _left_out(rest, manifests, keep).items():
        first.unread += unread(files, why)
    return [found[kind] for kind in sorted(found)]


def _by_kind(
    manifests: Sequence[Manifest], data: Sequence[Entry], keep: set[Month] | None
) -> dict[str, Dataset]:
    """The datasets that manifests name, as far as they are of the wanted months."""
    found = {}
    for kind in sorted({m.kind for m in manifests if m.kind}):
        mine = [
            m for m in manifests if m.kind == kind and (keep is None or keep & months_of(m.days))
        ]
        dataset = _of_manifests(kind, mine, data)
        if dataset.deliveries:
            found[kind] = dataset
    return found


def _nothing(root: str, manifests: Sequence[Manifest], keep: set[Month] | None) -> DataError:
    empty = [m for m in manifests if m.kind and not m.blobs]
    told_of = f": {empty[0]} names no file" if empty else ""
    return DataError(
        f"{root} holds no bill for {told(keep or [])}{told_of}",
        hint="is the export still being written?"
        if empty
        else "choose --window among the months of the export",
    )


def _left_out(
    rest: Iterable[Entry], manifests: Sequence[Manifest], keep: set[Month] | None
) -> dict[str, list[Entry]]:
    """The files that are not read, by why."""
    found: dict[str, list[Entry]] = {}
    for entry in rest:
        run = next((m for m in manifests if _inside(entry, {m.path.rpartition("/")[0]})), None)
        if run is None or (keep is not None and not keep & months_of(run.days)):
            why = OTHER_MONTH
        elif entry.name in {name.rpartition("/")[2] for name, _ in run.blobs}:
            why = REPLACED
        else:
            why = NAMED_BY_NONE
        found.setdefault(why, []).append(entry)
    return found


def known_months(entries: Sequence[Entry], read: Callable[[Entry], bytes]) -> list[Month]:
    """The months that manifests and paths name, oldest first; empty when none does."""
    manifests = _manifests(entries, read)
    listed = {month for m in manifests if m.kind for month in months_of(m.days)}
    data = [e for e in entries if e.path.lower().endswith(DATA)]
    held = {m.path.rpartition("/")[0] for m in manifests}
    loose = loose_files([e for e in data if not _inside(e, held)], "", None)
    return sorted(listed | {month for one in loose for month in months_of(one.days or ())})


def _manifests(entries: Sequence[Entry], read: Callable[[Entry], bytes]) -> list[Manifest]:
    return [parse(e.path, read(e)) for e in entries if e.name.lower() == "manifest.json"]


def _inside(entry: Entry, folders: set[str]) -> bool:
    return any(not folder or entry.path.startswith(folder + "/") for folder in folders)


def _of_manifests(kind: str, manifests: Sequence[Manifest], data: Sequence[Entry]) -> Dataset:
    dataset = Dataset(kind)
    owners: dict[date, list[Manifest]] = {}
    for export in sorted({m.export for m in manifests}):
        runs = current([m for m in manifests if m.export == export])
        for run, days in sorted(runs.kept, key=lambda item: (min(item[1]), item[0].path)):
            entries = tuple(_entries(run, data))
            part = None if days == run.days else days
            dataset.deliveries.append(Delivery(run.path, export, entries, part))
            dataset.origin.append(
                f"{told_days(days)}: {len(entries)} files of {run.path}, run {run.run} of {run.submitted}"
            )
            for day in days:
                owners.setdefault(day, []).append(run)
        dataset.origin += [told_superseded(runs.superseded)] if runs.superseded else []
        dataset.notes += runs.notes
    dataset.months = months_of(owners)
    dataset.written = _written(owners)
    return dataset


def _written(owners: Mapping[date, Sequence[Manifest]]) -> dict[Month, datetime]:
    """Of each month that is covered whole: when the oldest of its runs was asked for."""
    out = {}
    for month in months_of(owners):
        days = days_of_month(month)
        times = [run.at for day in days for run in owners.get(day, ())]
        if days <= owners.keys() and all(times):
            out[month] = min(at for at in times if at)
    return out


def _entries(run: Manifest, data: Sequence[Entry]) -> Iterable[Entry]:
    """A run's files, found by the end of the blob's name: the root may be anywhere above them."""
    folder = run.path.rpartition("/")[0]
    for name, size in run.blobs:
        # The manifest lies beside its files, wherever the folder was copied to.
        last = name.rpartition("/")[2]
        path = "/".join(part for part in (folder, last) if part)
        entry = next(
            (e for e in data if e.path in {path, name} or name.endswith(f"/{e.path}")), None
        )
        if entry is None:
            other = next((e.path for e in data if e.name == last), "")
            raise DataError(
                f"{run.path} names {name}, which is not there" + f"; is it {other}?" * bool(other),
                hint="copy the whole folder of the run, or wait until it is written",
            )
        if size and entry.size and size != entry.size:
            raise DataError(
                f"{entry.path} has {entry.size:,} bytes where its manifest says {size:,}",
                hint="it is truncated or was changed; copy it again",
            )
        yield entry


def _add_loose(dataset: Dataset, loose: LooseFiles, root: str) -> None:
    """Files without a manifest, beside runs of the same dataset: only if no day is in both."""
    held = [one for one in dataset.deliveries if one.name.endswith("manifest.json")]
    if held and (loose.days is None or dataset.months is None):
        both = "they"
    else:
        months = dataset.months or set()
        both = told(months & months_of(loose.days or ())) if held else ""
    if both:
        raise DataError(
            f"{loose.entries[0].path} lies beside the runs of {held[0].name} and no manifest names it:"
            f" {both} would be counted twice",
            hint="move one of them out of provider.azure.bill",
        )
    dataset.deliveries.append(Delivery(loose.name, loose.export, loose.entries))
    when = told_days(loose.days) if loose.days else "no month in the paths"
    dataset.origin.append(f"{when}: {len(loose.entries)} files, no manifest ({root})")
    known = loose.days is not None and dataset.months is not None
    dataset.months = (dataset.months or set()) | months_of(loose.days or ()) if known else None
    dataset.written = {
        month: at
        for month, at in dataset.written.items()
        if month not in months_of(loose.days or ())
    }


def _unnamed(data: Sequence[Entry], manifests: Sequence[Manifest], held: set[str]) -> str:
    """Files in the folder of a run that its manifest does not name; empty: there is none."""
    named = {name.rpartition("/")[2] for m in manifests for name, _ in m.blobs}
    others = {m.path.rpartition("/")[0] for m in manifests if not m.kind}
    left = [
        f"{e.path} ({e.size:,} bytes)"
        for e in data
        if _inside(e, held - others) and not _inside(e, others) and e.name not in named
    ]
    more = f" and {len(left) - SHOWN} more" if len(left) > SHOWN else ""
    return (
        f"no manifest names these files, so they are not read: {', '.join(left[:SHOWN])}{more}"
        * bool(left)
    )
