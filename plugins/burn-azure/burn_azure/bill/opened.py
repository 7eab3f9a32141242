"""From chosen deliveries to one relation for each dataset: exports of one dataset are added."""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see bill/lines/table.py)
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from burn.api import DataError
from burn.api.bills.engine.duck import DuckDbEngine
from burn.api.bills.engine.source import Source
from burn.api.bills.files.local import Files
from burn.api.bills.files.places import require_disjoint
from burn.api.bills.files.scratch import Scratch
from burn.api.bills.months import Month
from burn_azure.bill.lines.kinds import kind_of_lines
from burn_azure.bill.lines.layouts import recognise
from burn_azure.bill.lines.table import Table
from burn_azure.files.choose import Dataset, Delivery
from burn_azure.files.cut import cut
from burn_azure.files.spans import told_days
from burn_azure.files.trim import trimmed


@dataclass(frozen=True, slots=True)
class Opened:
    """One dataset's lines; `kind` is empty when nothing but its lines can tell it.

    `written` says when the runs of a month were asked for, as far as manifests tell; `notes` what
    was not read.
    """

    kind: str
    source: Source
    written: Mapping[Month, datetime] = field(default_factory=dict)
    notes: Sequence[str] = ()


@dataclass(slots=True)
class _Export:
    """The files of one export of one place, ready to be opened."""

    name: str
    paths: list[Path] = field(default_factory=list)
    left: list[tuple[str, dict[date, int]]] = field(default_factory=list)


def opened(found: Iterable[tuple[Files, Dataset]], scratch: Scratch) -> list[Opened]:
    """One relation for each dataset, whatever number of exports and places it is in.

    Raises:
        AccessError: a place cannot be read.
        DataError: a file is damaged, or two exports hold one subscription's day.
    """
    listed = list(found)
    kinds: dict[str, list[tuple[Dataset, list[_Export]]]] = {}
    for store, dataset in listed:
        exports = _exports(store, dataset, scratch)
        kind = dataset.kind
        if not kind and len(listed) > 1:
            paths = [path for export in exports for path in export.paths]
            kind = kind_of_lines(Table.of(DuckDbEngine(scratch).open(paths, (), recognise)))
        kinds.setdefault(kind, []).append((dataset, exports))
    return [_opened(kind, kinds[kind], scratch) for kind in sorted(kinds)]


def _opened(kind: str, parts: Sequence[tuple[Dataset, list[_Export]]], scratch: Scratch) -> Opened:
    exports = [export for _, mine in parts for export in mine]
    if len(exports) > 1:
        held: dict[str, set[tuple[str, str]]] = {}
        for one in exports:
            again = " (named again)" * (one.name in held)
            held[one.name + again] = _held(one, scratch)
        require_disjoint(held, "provider.azure.bill")
    paths = [path for export in exports for path in export.paths]
    origin = [text for dataset, _ in parts for text in dataset.origin]
    source = DuckDbEngine(scratch).open(paths, origin, recognise)
    notes = [text for dataset, _ in parts for text in dataset.notes]
    left = [item for one in exports for item in one.left if item[1]]
    notes += _told_left(left, source) if left else []
    source = replace(source, unread=tuple(text for dataset, _ in parts for text in dataset.unread))
    return Opened(kind, source, _written([dataset for dataset, _ in parts]), notes)


def _exports(store: Files, dataset: Dataset, scratch: Scratch) -> list[_Export]:
    made: dict[str, _Export] = {}
    for delivery in dataset.deliveries:
        export = made.setdefault(delivery.export, _Export(_name(store, delivery)))
        paths = [trimmed(path, scratch) for path in store.fetch(delivery.entries)]
        if delivery.kept is not None:
            paths, left = cut(paths, delivery.kept, scratch)
            export.left.append((delivery.name, left))
        export.paths += paths
    return list(made.values())


def _name(store: Files, delivery: Delivery) -> str:
    return f"{store.root}: {delivery.name}"


def _held(export: _Export, scratch: Scratch) -> set[tuple[str, str]]:
    """Day and subscription of an export's lines; those of no subscription are left out."""
    table = Table.of(DuckDbEngine(scratch).open(export.paths, (), recognise))
    account = f"REGEXP_EXTRACT(LOWER({table.text('account')}), '[^/]*$')"
    lines = table.source.engine.query(
        f"SELECT DISTINCT CAST(CAST({table.day('date')} AS DATE) AS VARCHAR) AS day, "
        f"{account} AS account FROM {table.source.relation} WHERE {account} <> ''"
    )
    return {(str(row["day"]), str(row["account"])) for row in lines.to_pylist()}


def _told_left(left: Sequence[tuple[str, dict[date, int]]], source: Source) -> list[str]:
    """Notes of the lines that newer runs replace.

    Args:
        left: run, and how many of its lines of which days are not read.
        source: what is read.

    Raises:
        DataError: the newer run has no line of a day.
    """
    day = f"CAST({Table.of(source).day('date')} AS DATE)"
    days = source.engine.query(f"SELECT DISTINCT {day} AS day FROM {source.relation}").to_pylist()
    read = {row["day"] for row in days}
    for run, lines in left:
        if gone := lines.keys() - read:
            raise DataError(
                f"{run} has {sum(lines[day] for day in gone):,} lines of {told_days(gone)}, and the"
                " newer run that covers those days has none",
                hint="move the run that is not whole out of provider.azure.bill",
            )
    return [
        f"{sum(lines.values()):,} lines of {told_days(lines)} in {run} are replaced by those of newer runs"
        for run, lines in left
    ]


def _written(datasets: Sequence[Dataset]) -> dict[Month, datetime]:
    """When the oldest of the exports of a month was asked for; none where one does not say."""
    out: dict[Month, datetime] = {}
    if any(dataset.months is None for dataset in datasets):
        return out
    for month in sorted({month for one in datasets for month in one.months or ()}):
        times = [one.written.get(month) for one in datasets if month in (one.months or ())]
        if all(times):
            out[month] = min(at for at in times if at)
    return out
