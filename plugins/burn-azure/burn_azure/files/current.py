"""Which runs of an export hold: day by day the newest one, and what is said of the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import combinations
from pathlib import PurePosixPath

from burn.api import DataError
from burn_azure.files.manifest import Manifest
from burn_azure.files.spans import told_days

SHOWN = 5
"""How many names a sentence lists."""


@dataclass(slots=True)
class Current:
    """The runs of one export that are read.

    Attributes:
        kept: each with the days of it that no newer run covers, newest first.
        superseded: runs that newer ones cover whole.
        notes: what the reader has to know of them.
    """

    kept: list[tuple[Manifest, frozenset[date]]] = field(default_factory=list)
    superseded: list[Manifest] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def current(runs: Sequence[Manifest]) -> Current:
    """For each day the newest run that covers it.

    Args:
        runs: of one export.

    Raises:
        DataError: two runs cover a day, and nothing says which is newer.
    """
    out = Current()
    written = [run for run in runs if run.blobs]
    out.notes += [f"{run} names no file: the run wrote nothing" for run in runs if not run.blobs]
    newest = sorted(written, key=lambda run: (_at(run), run.path), reverse=True)
    _require_order(newest)
    taken: dict[date, Manifest] = {}
    for run in newest:
        own = run.days - taken.keys()
        if own:
            out.kept.append((run, own))
        else:
            out.superseded.append(run)
        for newer in dict.fromkeys(taken[day] for day in sorted(run.days - own)):
            if _less(newer, run):
                out.notes.append(
                    f"{newer} of {newer.submitted} replaces {run} of {run.submitted}, and is smaller:"
                    " was it cut off?"
                )
        taken |= dict.fromkeys(own, run)
    return out


def told_superseded(runs: Sequence[Manifest]) -> str:
    """A sentence that lists them."""
    more = f" and {len(runs) - SHOWN} more" if len(runs) > SHOWN else ""
    return f"superseded by newer runs: {', '.join(map(str, runs[:SHOWN]))}{more}"


def _at(run: Manifest) -> datetime:
    return run.at or datetime.min.replace(tzinfo=UTC)


def _less(newer: Manifest, older: Manifest) -> bool:
    """Whether a newer run of the same days holds less."""
    if newer.days != older.days:
        return False
    endings = [{PurePosixPath(name).suffix for name, _ in run.blobs} for run in (newer, older)]
    if endings[0] == endings[1] and newer.size and older.size:
        return newer.size < older.size
    return 0 < newer.rows < older.rows


def _require_order(runs: Sequence[Manifest]) -> None:
    """Runs of one instant that cover one day: a copy of the same run, or no telling which holds."""
    for one, other in combinations(runs, 2):
        if _at(one) != _at(other):
            continue
        both = one.days & other.days
        copied = one.run == other.run and one.run and one.blobs == other.blobs
        if both and not copied:
            raise DataError(
                f"{told_days(both)} is in two runs, and nothing says which is newer: {one} and {other}",
                hint="move one of them out of provider.azure.bill",
            )
