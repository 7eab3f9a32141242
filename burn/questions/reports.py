"""Which reports there are."""

from __future__ import annotations

from dataclasses import dataclass

from burn.api import setting
from burn.questions.cite import cite
from burn.questions.desk import About, Desk, Seen
from burn.questions.figures import NOTHING, Figure, one
from burn.questions.kind import CLUSTER, LIMIT, OFFSET, Kind, Limit, Name, Offset
from burn.questions.paging import page


@dataclass(frozen=True, slots=True)
class Takes:
    """Parameters of `reports`."""

    cluster: Name = setting("", help=CLUSTER)
    limit: Limit = setting(10, help=LIMIT)
    offset: Offset = setting(0, help=OFFSET)


@dataclass(frozen=True, slots=True)
class Entry:
    """A kept report.

    Attributes:
        report, cluster, billed: its landings; null where some of it is hidden.
    """

    about: About
    report: Figure | None
    cluster: Figure | None
    billed: Figure | None


@dataclass(frozen=True, slots=True)
class Reports:
    """Kept reports, the newest first.

    Attributes:
        omitted: how many are not on this page.
        next: the `offset` that gives the next; null: there is none.
    """

    rows: tuple[Entry, ...]
    omitted: int
    next: int | None


def landing(seen: Seen, name: str) -> Figure:
    """One of a report's landings.

    Args:
        seen: the report.
        name: report, cluster or billed.
    """
    field, basis = {
        "report": ("report", "list"),
        "cluster": ("cluster_effective", "effective"),
        "billed": ("billed", "billed"),
    }[name]
    amount = one(getattr(seen.kept, field))
    return seen.figure(amount, basis, cite("run", seen.kept.name, "total", name))


def _answer(desk: Desk, takes: Takes) -> Reports:
    view = desk.view.by("driver")  # as their citations, and `summary`, are asked for

    def entry(seen: Seen, _: object) -> Entry:
        names = ("report", "cluster", "billed")
        found = [landing(seen, name) if seen.whole else None for name in names]
        return Entry(seen.about, *found)

    mine = [Seen(desk.shelf.loaded(kept), view) for kept in desk.mine(takes.cluster)]
    made = page([(seen, NOTHING) for seen in mine], entry, takes.offset, takes.limit)
    return Reports(made.rows, made.left, made.next)


KIND = Kind(
    "reports",
    "Which reports there are",
    "List the kept reports, newest first: cluster, window, whether the bill is final, and the totals"
    " (Kubernetes report at list price, true cluster cost, billed). Every other question takes one as `run`.",
    Takes,
    Reports,
    _answer,
)
