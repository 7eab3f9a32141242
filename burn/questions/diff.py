"""What changed between two kept reports, each change with its causes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from burn.api import UsageError, setting
from burn.history.causes import CAUSES
from burn.history.diff import Diff as Made
from burn.history.diff import diff, notes
from burn.history.owners import DIMENSIONS, diff_by, groups
from burn.questions import allocation, ledger
from burn.questions.cite import Cite, cite
from burn.questions.desk import About, Desk, Seen
from burn.questions.figures import NOTHING, Figure, added, exact
from burn.questions.kind import CLUSTER, LIMIT, OFFSET, RUN, Kind, Limit, Name, Offset, required
from burn.questions.paging import Omitted, page, text
from burn.view.waterfall import known

if TYPE_CHECKING:
    from burn.history.kept import Kept

DRIVER = "driver"
_BY = f"{DRIVER}, {', '.join(DIMENSIONS)}, or a dimension, as team"


@dataclass(frozen=True, slots=True)
class Takes:
    """Parameters of `diff`."""

    before: Name = required(f"the earlier report: {RUN}")
    after: Name = setting("latest", help="the later one")
    by: Name = setting(DRIVER, help=f"one row per {_BY}")
    cluster: Name = setting("", help=CLUSTER)
    limit: Limit = setting(12, help=LIMIT)
    offset: Offset = setting(0, help=OFFSET)


@dataclass(frozen=True, slots=True)
class Cause:
    """A part of a change."""

    cause: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Row:
    """What changed of one of them.

    Attributes:
        figure: after − before; `causes` add up to it.
    """

    name: str
    title: str
    figure: Figure
    before: Figure
    after: Figure
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class Diff:
    """Changes, the largest first; with what is omitted they add up to the total.

    Attributes:
        total: by driver: of what was billed; else of the cluster's cost, or what is seen of it.
        causes: what the words of causes mean.
    """

    before: About
    after: About
    by: str
    total: Figure
    rows: tuple[Row, ...]
    omitted: Omitted
    causes: dict[str, str]
    notes: tuple[str, ...]


class Compared:
    """Two reports as one person sees them, compared by a dimension."""

    def __init__(self, desk: Desk, runs: tuple[str, str], by: str, cluster: str = "") -> None:
        if by != DRIVER and not groups(by):
            raise UsageError(f"nothing is compared by `{text(by, 60)}`", hint=f"by {_BY}")
        self.by, self._desk = by, desk
        self.before, self.after = (desk.seen(run, cluster, by=(by,)) for run in runs)
        if self.before.kept.subject != self.after.kept.subject:
            raise UsageError(
                "the reports are of different clusters or providers",
                hint="compare two runs of one cluster; `reports` lists them",
            )

    @cached_property
    def sides(self) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
        """Amounts of both reports by name."""
        a, b = (self._sums(seen) for seen in (self.before, self.after))
        return a, b

    @cached_property
    def changes(self) -> list[tuple[str, Decimal]]:
        """After − before by name, the largest change first."""
        a, b = self.sides
        sums = {name: b.get(name, NOTHING) - a.get(name, NOTHING) for name in {*a, *b}}
        moved = {name: value for name, value in sums.items() if value or name in self.caused}
        return sorted(moved.items(), key=lambda item: (-abs(item[1]), item[0]))

    def causes(self, name: str) -> dict[str, Decimal]:
        """Parts of a change, which add up to it."""
        a, b = self.sides
        parts = self.caused.get(name, {})
        change = b.get(name, NOTHING) - a.get(name, NOTHING)
        amounts = exact(list(parts.values()), change)
        return {cause: amount for cause, amount in zip(parts, amounts, strict=True) if amount}

    @cached_property
    def caused(self) -> dict[str, dict[str, float]]:
        """Amounts of causes by name, as the comparison has them."""
        rows = self.made.rows
        keys = "driver" if self.by == DRIVER else "subject"
        sums: Mapping[Any, float] = rows.groupby([keys, "cause"])["amount"].sum().to_dict()
        found: dict[str, dict[str, float]] = {}
        order = list(CAUSES)
        for (name, cause), amount in sorted(sums.items(), key=lambda i: order.index(i[0][1])):
            found.setdefault(str(name), {})[str(cause)] = float(amount)
        return found

    @cached_property
    def made(self) -> Made:
        """The comparison, of what is seen."""
        runs = (self.before.kept, self.after.kept)
        key = ("diff", self.by, *(kept.name for kept in runs))
        return self._desk.once(key, lambda: self._compared(*runs))

    def _compared(self, a: Kept, b: Kept) -> Made:
        history = self._desk.history((self.by,))
        before, after = history.load(a), history.load(b)
        return diff(before, after) if self.by == DRIVER else diff_by(before, after, self.by)

    def figure(self, amount: Decimal, **keys: str) -> Figure:
        """A change of these reports."""
        words = ("diff", self.before.kept.name, self.after.kept.name)
        keys = {"by": self.by, **keys}
        window = f"{self.before.kept.window} to {self.after.kept.window}"
        of = self.after.figure(amount, self.basis(keys.get("name", "")), cite(*words, **keys))
        return Figure(of.amount, of.currency, of.basis, window, of.cite)

    def basis(self, name: str) -> str:
        """At which cost a name is compared."""
        if self.by != DRIVER:
            return self.after.kept.basis
        for seen in (self.after, self.before):
            rows = seen.ledger[seen.ledger["driver"] == name]
            if name and len(rows):
                return ledger.basis(rows)
        return "billed"

    def side(self, seen: Seen, amount: Decimal, name: str) -> Figure:
        """What a name costs in one of them."""
        if self.by == DRIVER:
            return seen.figure(
                amount, self.basis(name), cite("run", seen.kept.name, "ledger", name)
            )
        return allocation.address(seen, seen.kept.basis, amount, {self.by: name})

    def _sums(self, seen: Seen) -> dict[str, Decimal]:
        if self.by == DRIVER:
            rows = ledger.chosen(seen, Cite("run", ("", "ledger"), {}))
            return dict(ledger.grouped(rows, DRIVER))
        return allocation.summed(seen.cells(seen.kept.basis), self.by)


def _answer(desk: Desk, takes: Takes) -> Diff:
    found = Compared(desk, (takes.before, takes.after), takes.by, takes.cluster)
    a, b = found.sides

    def row(name: str, change: Decimal) -> Row:
        causes = found.causes(name).items()
        return Row(
            name=text(name),
            title=text(known(name, "").title if takes.by == DRIVER else name),
            figure=found.figure(change, name=name),
            before=found.side(found.before, a.get(name, NOTHING), name),
            after=found.side(found.after, b.get(name, NOTHING), name),
            causes=tuple(Cause(c, found.figure(part, name=name, cause=c)) for c, part in causes),
        )

    made = page(found.changes, row, takes.offset, takes.limit)
    but = f"{takes.offset}..{takes.offset + len(made.rows)}"
    used = {one.cause for shown in made.rows for one in shown.causes}
    told = notes(*(found.made.before, found.made.after))
    return Diff(
        before=found.before.about,
        after=found.after.about,
        by=takes.by,
        total=found.figure(added(change for _, change in found.changes)),
        rows=made.rows,
        omitted=Omitted(made.left, found.figure(made.rest, but=but), made.next),
        causes={cause: why for cause, why in CAUSES.items() if cause in used},
        notes=tuple(text(note, 400) for note in told),
    )


KIND = Kind(
    "diff",
    "What changed between two reports",
    "What changed from one kept report to another, by driver, namespace, workload, owner or resource, and why:"
    " new, gone, calendar, usage, price, and so on. Closes exactly.",
    Takes,
    Diff,
    _answer,
)
