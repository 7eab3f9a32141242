"""The ledger: from the report to the bill, by group, driver or subject."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from burn.api import UsageError, setting
from burn.api.drivers import GROUP_TITLES
from burn.api.vocabulary import LEDGER_GROUPS
from burn.plugin.messages import did_you_mean
from burn.questions.cite import Cite, cite
from burn.questions.desk import About, Desk, Seen
from burn.questions.figures import Figure, added, basis_of, one
from burn.questions.kind import CLUSTER, LIMIT, OFFSET, RUN, Kind, Limit, Name, Offset
from burn.questions.paging import Omitted, page, text
from burn.view.evidence import evidence
from burn.view.waterfall import known

if TYPE_CHECKING:
    import pandas as pd

By = Literal["driver", "group", "subject"]
INVOICE = LEDGER_GROUPS[-1]
LANDINGS = {
    "report": ("report", "Kubernetes report at list price"),
    "cluster": ("cluster_effective", "Cluster, effective cost"),
    "account": ("account_effective", "With what is outside the cluster"),
    "billed": ("billed", "Billed"),
    "invoice": ("invoice", "Invoices of the window's months"),
    "residual": ("residual", "What the ledger leaves unexplained"),
}
"""Totals of a report: its field, and what it is called."""
_BASES = {"report": "list", "cluster": "effective", "account": "effective"}


@dataclass(frozen=True, slots=True)
class Takes:
    """Parameters of `ledger`."""

    run: Name = setting("latest", help=RUN)
    by: By = setting("driver", help="one row per driver (reason), group of them, or subject")
    group: Name = setting("", help=f"only this group: {', '.join(LEDGER_GROUPS)}")
    driver: Name = setting("", help="only this driver")
    largest: bool = setting(False, help="largest first, not as walked")
    cluster: Name = setting("", help=CLUSTER)
    limit: Limit = setting(25, help=LIMIT)
    offset: Offset = setting(0, help=OFFSET)


@dataclass(frozen=True, slots=True)
class Landing:
    """A total on the way."""

    name: str
    title: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the ledger.

    Attributes:
        name: the driver, group or subject, as it is asked for.
        title: for people.
        evidence: what it rests on: how many subjects, bill lines, quantities, and how sure it is.
    """

    name: str
    title: str
    group: str
    figure: Figure
    evidence: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """Rows that lead from landing to landing; with what is omitted they add up to the total."""

    about: About
    landings: tuple[Landing, ...]
    rows: tuple[Row, ...]
    omitted: Omitted
    total: Figure


def landing(seen: Seen, name: str) -> Landing | None:
    """A total of the report; None where it has none."""
    field, title = LANDINGS[name]
    value = getattr(seen.facts.totals, field)
    if value is None:
        return None
    where = cite("run", seen.kept.name, "total", name)
    return Landing(name, title, seen.figure(one(value), _BASES.get(name, "billed"), where))


def landings(seen: Seen) -> tuple[Landing, ...]:
    """All that the report has, in order."""
    return tuple(found for name in LANDINGS if (found := landing(seen, name)))


def chosen(seen: Seen, asked: Cite) -> pd.DataFrame:
    """The ledger's rows that a citation is about; without a group, those up to what was billed."""
    frame = seen.ledger
    keys = dict(asked.keys)
    if len(asked.words) > 2:
        keys["driver"] = cite(asked.words[2])
    asked = Cite(asked.scope, asked.words, keys)
    for column in ("group", "driver", "subject"):
        if column in keys:
            frame = frame[asked.fitting(column, frame[column].astype(str))]
    if not {"group", "driver"} & set(keys):
        frame = frame[frame["group"] != INVOICE]
    return frame


def grouped(frame: pd.DataFrame, by: str, *, walk: bool = True) -> list[tuple[str, Decimal]]:
    """Keys and amounts, the largest first; groups, and drivers in them, as they are walked."""
    sums = {
        str(key): total for key, total in frame.groupby(by, observed=True)["exact"].sum().items()
    }
    if by == "group" and walk:
        return sorted(sums.items(), key=lambda item: LEDGER_GROUPS.index(item[0]))
    order = {}
    if by == "driver" and walk:
        groups = frame.groupby("driver", observed=True)["group"].first()
        order = {str(d): LEDGER_GROUPS.index(g) for d, g in groups.items()}
    return sorted(sums.items(), key=lambda i: (order.get(i[0], 0), -abs(i[1]), i[0]))


def basis(frame: pd.DataFrame) -> str:
    """Of a sum of rows: that of the group that is walked last."""
    groups = [LEDGER_GROUPS.index(group) for group in frame["group"].astype(str).unique()]
    return basis_of(LEDGER_GROUPS[max(groups, default=0)])


def _answer(desk: Desk, takes: Takes) -> Ledger:
    seen = desk.seen(takes.run, takes.cluster, by=("driver",))
    for word, listed in (("group", LEDGER_GROUPS), ("driver", None)):
        value = getattr(takes, word)
        names = listed or sorted(map(str, seen.ledger["driver"].unique()))
        if value and value not in names:
            hint = f"{did_you_mean(value, list(names))} it has {', '.join(names)}".strip()
            raise UsageError(f"the ledger has no {word} `{text(value, 60)}`", hint=hint)
    keys = {word: value for word in ("group", "driver") if (value := getattr(takes, word))}
    where = ("run", seen.kept.name, "ledger")
    frame = chosen(seen, Cite("run", where[1:], {k: cite(v) for k, v in keys.items()}))
    found = grouped(frame, takes.by, walk=not takes.largest)

    def row(key: str, amount: Decimal) -> Row:
        part = frame[frame[takes.by] == key]
        group = str(part["group"].iloc[0])
        titles = {
            "group": GROUP_TITLES.get(key, key),
            "driver": known(key, group).title,
            "subject": str(part["name"].iloc[0]) or key,
        }
        address = (
            cite(*where, key) if takes.by == "driver" else cite(*where, **{**keys, takes.by: key})
        )
        figure = seen.figure(amount, basis(part), address)
        return Row(text(key), text(titles[takes.by]), group, figure, text(str(evidence(part)), 300))

    made = page(found, row, takes.offset, takes.limit)
    of = basis(frame)
    end = takes.offset + len(made.rows)
    order = {"order": "largest"} if takes.largest else {}
    but = cite(*where, **keys, **order, by=takes.by, but=f"{takes.offset}..{end}")
    return Ledger(
        seen.about,
        landings(seen),
        made.rows,
        Omitted(made.left, seen.figure(made.rest, of, but), made.next),
        seen.figure(added(frame["exact"]), of, cite(*where, **keys)),
    )


KIND = Kind(
    "ledger",
    "The walk from the report to the bill",
    "Why the bill differs from the Kubernetes report: every reason (driver) with its amount, adding up"
    " from the report's total to what was billed. Narrow it by group or driver, or ask by subject.",
    Takes,
    Ledger,
    _answer,
)
