"""Files that no manifest names: what their paths say of dataset, days and run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from burn.api import DataError
from burn.api.bills.files.local import Entry
from burn.api.bills.months import Month
from burn_azure.files.spans import days_of, days_of_month, months_of, told_days

_SPAN = re.compile(r"(?:^|[/_-])(\d{8})-(\d{8})(?:[/_.]|$)")
_MONTH = re.compile(r"(?:^|[/_])(\d{4})-(\d{2})(?:[/_.-]|$)")
_RUN = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.I)


@dataclass(frozen=True, slots=True)
class LooseFiles:
    """Files of one dataset, folder and span.

    Attributes:
        kind: actual, amortized, focus; empty: only the lines can tell.
        export: the folder above the span.
        days: those of the span; None: the paths name none.
        entries: the files.
    """

    kind: str
    export: str
    days: frozenset[date] | None
    entries: tuple[Entry, ...]

    @property
    def name(self) -> str:
        """What messages call it."""
        return self.entries[0].folder or self.entries[0].path


def loose_files(entries: Iterable[Entry], root: str, keep: set[Month] | None) -> list[LooseFiles]:
    """The files by dataset, folder and span; only those of the wanted months.

    Raises:
        DataError: two runs or spans hold one day, and no manifest says which is current.
    """
    groups: dict[tuple[str, str, frozenset[date] | None], list[Entry]] = {}
    for entry in entries:
        days, folder = span_of(entry.path)
        if keep is None or days is None or keep & months_of(days):
            groups.setdefault((kind_of(entry.path), folder, days), []).append(entry)
    found = [
        LooseFiles(kind, export, days, tuple(files))
        for (kind, export, days), files in groups.items()
    ]
    found.sort(key=lambda one: (one.kind, one.export, min(one.days or {date.min})))
    for one in found:
        _require_one_run(one.entries, root)
    for at, one in enumerate(found):
        for other in found[at + 1 :]:
            _require_apart(one, other)
    return found


def span_of(path: str) -> tuple[frozenset[date] | None, str]:
    """The days that a path names, and the folder that they are in.

    `…/20261001-20261031/…` or `…/2026-10/…`; no days where it names none.
    """
    folder = path.rpartition("/")[0]
    spans = [*_SPAN.finditer(path)]
    for match in reversed(spans):
        try:
            first, last = (date.fromisoformat(text) for text in match.groups())
        except ValueError:
            continue
        return days_of(first, last), _above(path, match.start(), folder)
    for match in reversed([*_MONTH.finditer(path)]):
        year, month = int(match[1]), int(match[2])
        if 1 <= month <= 12 and year:
            return days_of_month((year, month)), _above(path, match.start(), folder)
    return None, folder


def kind_of(path: str) -> str:
    """The dataset a path names; empty when it names none."""
    low = path.lower()
    if re.search("amorti[sz]ed", low):
        return "amortized"
    return "actual" if "actual" in low else "focus" if "focus" in low else ""


def _above(path: str, start: int, folder: str) -> str:
    """The folder above a span: spans in one folder are of one export."""
    return path[:start].rpartition("/")[0] if start > len(folder) else path[:start]


def _require_one_run(files: Sequence[Entry], root: str) -> None:
    """Refuse files that are two runs of one span: their sum would count money twice."""
    runs = {match[0] for entry in files if (match := _RUN.search(entry.path))}
    if len(runs) > 1:
        raise DataError(
            f"{root} holds {len(runs)} runs of one month and no manifest says which is current",
            hint="point provider.azure.bill at one run, or switch file partitioning on in the export",
        )


def _require_apart(one: LooseFiles, other: LooseFiles) -> None:
    if (one.kind, one.export) != (other.kind, other.export):
        return
    both = (one.days or frozenset()) & (other.days or frozenset())
    if both:
        raise DataError(
            f"{told_days(both)} is in {one.name} and in {other.name}, and no manifest says which is"
            " current",
            hint="move one of them out of provider.azure.bill",
        )
