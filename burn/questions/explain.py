"""What is behind a driver, a resource or a namespace."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from burn.api import UsageError, setting
from burn.api.drivers import DRIVERS
from burn.plugin.messages import did_you_mean
from burn.questions.cite import Cite, cite
from burn.questions.desk import About, Desk, Seen
from burn.questions.figures import Figure, added
from burn.questions.kind import CLUSTER, LIMIT, OFFSET, RUN, Kind, Limit, Name, Offset, required
from burn.questions.ledger import basis, chosen, grouped
from burn.questions.paging import Omitted, page, text
from burn.view.evidence import evidence
from burn.view.waterfall import known

What = Literal["", "driver", "resource", "namespace"]


@dataclass(frozen=True, slots=True)
class Takes:
    """Parameters of `explain`."""

    of: Name = required("a driver, a namespace, or a resource by its id or name")
    what: What = setting("", help="which of them it is; empty: whichever has this name")
    run: Name = setting("latest", help=RUN)
    cluster: Name = setting("", help=CLUSTER)
    limit: Limit = setting(15, help=LIMIT)
    offset: Offset = setting(0, help=OFFSET)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the amount: a subject of a driver, a driver of a resource, a workload of a namespace.

    Attributes:
        listed: the same at list price; null where the ledger says it.
    """

    name: str
    title: str
    figure: Figure
    listed: Figure | None
    evidence: str


@dataclass(frozen=True, slots=True)
class Explained:
    """What is behind it.

    Attributes:
        what: driver, resource or namespace.
        why, action: why money sits here, and what to do; empty where nothing general is known.
        total: all of it.
        listed: the same at list price, as a Kubernetes report has it; null where the ledger says it.
    """

    about: About
    what: str
    name: str
    title: str
    why: str
    action: str
    total: Figure
    listed: Figure | None
    rows: tuple[Part, ...]
    omitted: Omitted


def _answer(desk: Desk, takes: Takes) -> Explained:
    if takes.what == "driver" or (not takes.what and _driver(takes.of) in DRIVERS):
        return _of_ledger(desk.seen(takes.run, takes.cluster, by=("driver",)), takes, "driver")
    if takes.what != "resource":
        found = _namespace(desk, takes)
        if found:
            return found
    return _of_ledger(desk.seen(takes.run, takes.cluster, by=("driver",)), takes, "resource")


def _driver(name: str) -> str:
    """By name, or as `group/name` as the ledger is written about."""
    group, _, last = name.rpartition("/")
    return last if not group or (last in DRIVERS and DRIVERS[last].group == group) else name


def _of_ledger(seen: Seen, takes: Takes, what: str) -> Explained:
    frame = seen.ledger
    if what == "driver":
        name, by = _driver(takes.of), "subject"
        rows = frame[frame["driver"] == name]
        where: tuple[tuple[str, ...], dict[str, str]] = (
            ("run", seen.kept.name, "ledger", name),
            {},
        )
        names = {*map(str, frame["driver"].unique()), *DRIVERS}
        if rows.empty and name not in DRIVERS:
            raise _no(what, takes.of, names)
    else:
        name, by = _subject(seen, takes.of), "driver"
        where = (("run", seen.kept.name, "ledger"), {"subject": name})
        rows = chosen(seen, Cite("run", where[0][1:], {"subject": cite(name)}))
    found = grouped(rows, by)

    def row(key: str, amount: Decimal) -> Part:
        part = rows[rows[by] == key]
        title = str(part["name"].iloc[0]) or key
        if by == "driver":
            title = known(key, str(part["group"].iloc[0])).title
            address = cite(*where[0], key, **where[1])
        else:
            address = cite(*where[0], subject=key)
        figure = seen.figure(amount, basis(part), address)
        return Part(text(key), text(title), figure, None, text(str(evidence(part)), 300))

    made = page(found, row, takes.offset, takes.limit)
    but = cite(*where[0], **where[1], by=by, but=f"{takes.offset}..{takes.offset + len(made.rows)}")
    words = known(name, "") if what == "driver" else None
    of = basis(rows)
    return Explained(
        about=seen.about,
        what=what,
        name=text(name),
        title=text(words.title if words else str(rows["name"].iloc[0]) or name),
        why=words.why if words else "",
        action=words.advice if words else "",
        total=seen.figure(added(rows["exact"]), of, cite(*where[0], **where[1])),
        listed=None,
        rows=made.rows,
        omitted=Omitted(made.left, seen.figure(made.rest, of, but), made.next),
    )


def _subject(seen: Seen, name: str) -> str:
    """The subject of the ledger that is called so.

    Raises:
        UsageError: none is, or several are.
    """
    frame = seen.ledger
    subjects, names = frame["subject"].astype(str), frame["name"].astype(str)
    if (subjects == name).any():
        return name
    found = sorted(set(subjects[names == name]))
    if not found:
        raise _no("driver, namespace or resource", name, {*subjects, *names} - {""})
    if len(found) > 1:
        listed = ", ".join(text(one, 80) for one in found[:5])
        raise UsageError(
            f"several resources are called `{text(name, 60)}`", hint=f"name one: {listed}"
        )
    return found[0]


def _no(what: str, name: str, known_names: set[str]) -> UsageError:
    meant = did_you_mean(name, sorted(known_names))
    shown = text(name, 60)
    return UsageError(f"there is no {what} `{shown}` in this report", hint=text(meant, 200) or None)


def _namespace(desk: Desk, takes: Takes) -> Explained | None:
    from burn.questions import allocation

    return allocation.explained(desk, takes)


KIND = Kind(
    "explain",
    "What is behind a driver, resource or namespace",
    "What a driver means, why money sits there, what to do, and which subjects it is made of; which drivers"
    " a node, volume or other resource has; or what a namespace costs, by workload.",
    Takes,
    Explained,
    _answer,
)
