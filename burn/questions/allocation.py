"""Who carries the cost: by namespace, workload, owner, team, resource or cluster, of any part of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

from annotated_types import MaxLen

from burn.api import UsageError, setting
from burn.history.owners import DIMENSIONS, groups, named, require_dimension
from burn.plugin.messages import did_you_mean
from burn.questions.cite import Cite, cite
from burn.questions.desk import About, Desk, Seen
from burn.questions.figures import NOTHING, Figure, added
from burn.questions.kind import CLUSTER, LIMIT, OFFSET, RUN, Kind, Limit, Name, Offset
from burn.questions.paging import Omitted, page, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from burn.questions.explain import Explained
    from burn.questions.explain import Takes as ExplainTakes

_LIST = "list"
_BY = f"{', '.join(DIMENSIONS)}, or a dimension, as team"
Where = Annotated[dict[str, Name], MaxLen(2 * len(DIMENSIONS))]


@dataclass(frozen=True, slots=True)
class Takes:
    """Parameters of `allocation`."""

    run: Name = setting("latest", help=RUN)
    by: Name = setting("namespace", help=f"one row per {_BY}")
    where: Where = setting({}, help='only of these, e.g. {"namespace": "shop"}; keys as `by`')
    basis: Name = setting("", help="list, effective or billed; empty: the report's")
    cluster: Name = setting("", help=CLUSTER)
    limit: Limit = setting(25, help=LIMIT)
    offset: Offset = setting(0, help=OFFSET)


@dataclass(frozen=True, slots=True)
class Row:
    """What one of them costs.

    Attributes:
        name: in brackets: what nobody carries, `(idle)`, `(shared)`.
        listed: the same at list price, as a Kubernetes report has it.
    """

    name: str
    figure: Figure
    listed: Figure | None


@dataclass(frozen=True, slots=True)
class Allocation:
    """Rows, the largest first; with what is omitted they add up to the total."""

    about: About
    by: str
    rows: tuple[Row, ...]
    omitted: Omitted
    total: Figure
    listed: Figure | None
    notes: tuple[str, ...] = field(default=())


def dimension(name: str) -> str:
    """A dimension that there is.

    Raises:
        UsageError: there is none of this name.
    """
    if not groups(name):
        meant = did_you_mean(name, list(DIMENSIONS))
        hint = f"{meant} there are {_BY}".strip()
        raise UsageError(f"cost cannot be asked for by `{text(name, 60)}`", hint=hint)
    return name


def of_basis(seen: Seen, name: str) -> str:
    """A basis that the report has; empty: its own.

    Raises:
        UsageError: it has no such.
    """
    basis = name or seen.kept.basis
    if basis not in seen.bases:
        has = ", ".join(seen.bases)
        raise UsageError(f"the report has no `{text(basis, 60)}` cost", hint=f"it has {has}")
    return basis


def chosen(seen: Seen, basis: str, asked: Cite) -> pd.DataFrame:
    """The cells at a basis that a citation is about."""
    frame = seen.cells(basis)
    for key in asked.keys:
        if groups(key):
            frame = frame[asked.fitting(key, named(frame, key))]
    return frame


def summed(frame: pd.DataFrame, by: str) -> dict[str, Decimal]:
    """Amounts by name."""
    sums = frame["exact"].groupby(named(frame, by), observed=True).sum()
    return {str(name): total for name, total in sums.items()}


def largest(sums: Mapping[str, Decimal]) -> list[tuple[str, Decimal]]:
    """The largest first; those of nobody last."""
    return sorted(sums.items(), key=lambda item: (item[0][:1] == "(", -abs(item[1]), item[0]))


def address(seen: Seen, basis: str, amount: Decimal, keys: Mapping[str, str]) -> Figure:
    """An amount of the allocation, at its address."""
    return seen.figure(amount, basis, cite("run", seen.kept.name, "allocation", basis, **keys))


class Cells:
    """A report's cells that fit filters, at a basis and at list price, and their addresses."""

    def __init__(self, seen: Seen, basis: str, where: Mapping[str, str] | Cite) -> None:
        self.seen, self.basis = seen, basis
        self.where = {} if isinstance(where, Cite) else dict(where)
        quoted = {key: cite(value) for key, value in self.where.items()}
        asked = where if isinstance(where, Cite) else Cite("run", (), quoted)
        self.frame = chosen(seen, basis, asked)
        self.listed = chosen(seen, _LIST, asked) if _LIST in seen.bases else None

    def figure(self, amount: Decimal, basis: str, **keys: str) -> Figure:
        """A figure of these cells, at its address."""
        return address(self.seen, basis, amount, {**self.where, **keys})

    def total(self, basis: str = "") -> Figure | None:
        """All of them; at list price: null where the report has none."""
        frame = self.listed if basis == _LIST else self.frame
        return None if frame is None else self.figure(added(frame["exact"]), basis or self.basis)

    def known(self, by: str) -> set[str]:
        """The names that there are."""
        found = {str(one) for one in named(self.frame, by).unique()}
        return found | (
            {str(one) for one in named(self.listed, by).unique()}
            if self.listed is not None
            else set()
        )

    def rows(self, by: str) -> tuple[list[tuple[str, Decimal]], dict[str, Decimal] | None]:
        """Names and amounts, and those at list price."""
        listed = None if self.listed is None else summed(self.listed, by)
        sums = dict.fromkeys(listed or {}, NOTHING) | summed(self.frame, by)
        return largest(sums), listed

    def omitted(
        self, rest: Decimal, left: int, following: int | None, by: str, shown: range
    ) -> Omitted:
        """What a page of rows leaves out."""
        figure = self.figure(rest, self.basis, by=by, but=f"{shown.start}..{shown.stop}")
        return Omitted(left, figure, following)


def require_named(cells: Cells, where: Iterable[str]) -> None:
    """Refuse a filter that fits nothing: most likely it is misspelt."""
    for key in where:
        rest = {k: v for k, v in cells.where.items() if k != key}
        names = Cells(cells.seen, cells.basis, rest).known(key)
        if cells.where[key] not in names:
            shown = text(cells.where[key], 60)
            meant = text(did_you_mean(cells.where[key], sorted(names)), 200)
            raise UsageError(f"there is no {key} `{shown}` in what you may see", hint=meant or None)


def _answer(desk: Desk, takes: Takes) -> Allocation:
    by = dimension(takes.by)
    asked = [by, *map(dimension, takes.where)]
    seen = desk.seen(takes.run, takes.cluster, by=asked)
    for name in asked:
        require_dimension([seen.cells(basis) for basis in seen.bases], name)
    cells = Cells(seen, of_basis(seen, takes.basis), takes.where)
    if cells.frame.empty:
        require_named(cells, takes.where)
    found, listed = cells.rows(by)

    def row(name: str, amount: Decimal) -> Row:
        at_list = None
        if listed is not None:
            at_list = cells.figure(listed.get(name, NOTHING), _LIST, **{by: name})
        return Row(text(name), cells.figure(amount, cells.basis, **{by: name}), at_list)

    made = page(found, row, takes.offset, takes.limit)
    shown = range(takes.offset, takes.offset + len(made.rows))
    total = cells.total()
    assert total is not None  # noqa: S101  there is always a basis
    several = "cluster" not in asked and cells.frame["cluster"].nunique() > 1
    note = "several clusters are summed: ask by cluster, or for one of them with `where`"
    return Allocation(
        about=seen.about,
        by=by,
        rows=made.rows,
        omitted=cells.omitted(made.rest, made.left, made.next, by, shown),
        total=total,
        listed=cells.total(_LIST),
        notes=(note,) if several else (),
    )


def explained(desk: Desk, takes: ExplainTakes) -> Explained | None:
    """A namespace by its workloads; None: what is asked for may be something else.

    Raises:
        UsageError: a namespace is asked for, and there is none of this name.
    """
    from burn.questions.explain import Explained, Part

    seen = desk.seen(takes.run, takes.cluster, by=("namespace", "workload"))
    cells = Cells(seen, seen.kept.basis, {"namespace": takes.of})
    total, by = cells.total(), "workload"
    if total is None or (cells.frame.empty and (cells.listed is None or cells.listed.empty)):
        if takes.what or not seen.whole:
            require_named(cells, cells.where)
        return None
    found, listed = cells.rows(by)

    def row(name: str, amount: Decimal) -> Part:
        at_list = listed and cells.figure(listed.get(name, NOTHING), _LIST, **{by: name})
        return Part(
            text(name),
            text(name),
            cells.figure(amount, cells.basis, **{by: name}),
            at_list or None,
            "",
        )

    made = page(found, row, takes.offset, takes.limit)
    shown = range(takes.offset, takes.offset + len(made.rows))
    return Explained(
        about=seen.about,
        what="namespace",
        name=text(takes.of),
        title=text(takes.of),
        why="",
        action="",
        total=total,
        listed=cells.total(_LIST),
        rows=made.rows,
        omitted=cells.omitted(made.rest, made.left, made.next, by, shown),
    )


KIND = Kind(
    "allocation",
    "Who carries the cost",
    "What each namespace, workload, owner, resource or cluster costs at what was truly paid, beside what the"
    " Kubernetes report says; all of it or a part (`where`). Adds up to the cluster's cost.",
    Takes,
    Allocation,
    _answer,
)
