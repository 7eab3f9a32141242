"""From a citation back to its figure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import unquote

from burn.history.owners import groups
from burn.questions import (
    allocation,
    budgets,
    calculate,
    diff,
    findings,
    forecast,
    invoice,
    ledger,
    over_time,
    summary,
)
from burn.questions.cite import Cite, parse, unknown
from burn.questions.figures import Figure, added
from burn.questions.paging import text

if TYPE_CHECKING:
    from burn.history.kept import Kept
    from burn.questions.desk import Desk, Seen


@dataclass(frozen=True, slots=True)
class Cited:
    """What a citation leads to.

    Attributes:
        title: what it is, for people.
    """

    title: str
    figure: Figure


def cited(desk: Desk, where: str) -> Cited:
    """Look a citation up.

    Raises:
        UsageError: it is none, or leads nowhere.
        AccessError: the person may not see what is there.
    """
    asked = parse(where)
    look = _SCOPES.get(asked.scope)
    figure = look(desk, asked, where) if look else None
    if figure is None:
        raise unknown(where)
    return Cited(_title(asked), figure)


def _run(desk: Desk, asked: Cite, where: str) -> Figure | None:
    if len(asked.words) < 2 or asked.words[1] not in _KINDS:
        return None
    by: tuple[str, ...] = ("driver",)
    if asked.words[1] == "allocation":
        by = tuple(key for key in (*asked.keys, asked.keys.get("by", "")) if groups(key))
    return _KINDS[asked.words[1]](desk.seen(asked.words[0], by=by), asked, where)


def _total(seen: Seen, asked: Cite, _: str) -> Figure | None:
    name = asked.words[2] if len(asked.words) == 3 else ""
    if name == "gap":
        return summary.gap(seen)
    found = ledger.landing(seen, name) if name in ledger.LANDINGS else None
    return found.figure if found else None


def _ledger(seen: Seen, asked: Cite, where: str) -> Figure | None:
    frame = ledger.chosen(seen, asked)
    by = asked.keys.get("by", "driver")
    if frame.empty or by not in ("driver", "group", "subject"):
        return None
    amount = _amount(ledger.grouped(frame, by, walk="order" not in asked.keys), asked)
    return None if amount is None else seen.figure(amount, ledger.basis(frame), where)


def _allocation(seen: Seen, asked: Cite, where: str) -> Figure | None:
    basis = asked.words[2] if len(asked.words) == 3 else ""
    by = asked.keys.get("by", "namespace")
    if basis not in seen.bases or not groups(by):
        return None
    cells = allocation.Cells(seen, basis, asked)
    # What costs nothing at one basis is there all the same where another has it.
    if all(allocation.chosen(seen, one, asked).empty for one in seen.bases):
        return None
    amount = _amount(cells.rows(by)[0], asked)
    return None if amount is None else seen.figure(amount, basis, where)


def _finding(seen: Seen, asked: Cite, where: str) -> Figure | None:
    found = findings.amounts(seen)
    if len(asked.words) > 2:
        number = _number(asked.words[2], len(found))
        return (
            None
            if number is None
            else findings.figure(seen, number, monthly="monthly" in asked.words[3:])
        )
    amount = _amount(found, asked)
    return None if amount is None else seen.figure(amount, seen.kept.basis, where)


def _invoice(seen: Seen, asked: Cite, where: str) -> Figure | None:
    word = asked.words[2] if len(asked.words) > 2 else ""
    steps, parts = invoice.steps(seen), invoice.parts(seen)
    if word in steps:
        return steps[word]
    if word:
        number = _number(word, len(parts))
        if number is None or "whole" in asked.words[3:]:
            return None if number is None else invoice.whole(seen, number)
        return seen.figure(parts[number][1], "billed", where)
    amount = _amount(parts, asked)
    return None if amount is None else seen.figure(amount, "billed", where)


def _diff(desk: Desk, asked: Cite, _: str) -> Figure | None:
    if len(asked.words) != 2 or "by" not in asked.keys:
        return None
    found = diff.Compared(desk, (asked.words[0], asked.words[1]), unquote(asked.keys["by"]))
    if "name" not in asked.keys:
        amount = _amount(found.changes, asked)
        keys = {"but": asked.keys["but"]} if "but" in asked.keys else {}
        return None if amount is None else found.figure(amount, **keys)
    for name, change in found.changes:
        if asked.fits("name", name):
            if "cause" not in asked.keys:
                return found.figure(change, name=name)
            cause = unquote(asked.keys["cause"])
            part = found.causes(name).get(cause)
            return None if part is None else found.figure(part, name=name, cause=cause)
    return None


def _trend(desk: Desk, asked: Cite, _: str) -> Figure | None:
    keys = {key: unquote(value) for key, value in asked.keys.items()}
    if not {"by", "every", "from"} <= set(keys):
        return None
    told = over_time.Told(
        desk, keys["by"], keys["every"], keys.get("window", ""), _mine(desk, keys)
    )
    starts = [f"{period.start:%Y-%m-%d}" for period in told.trend.periods]
    if keys["from"] not in starts:
        return None
    told.shown = starts.index(keys["from"])
    if "name" not in keys:
        amount = _amount(told.rows, asked)
        more = {"but": keys["but"]} if "but" in keys else {}
        return None if amount is None else told.figure(amount, **more)
    for name, total in told.rows:
        if asked.fits("name", name):
            if "period" not in keys:
                return told.figure(total, name=name)
            shown = starts[told.shown :]
            if keys["period"] not in shown:
                return None
            part = told.amounts(name)[shown.index(keys["period"])]
            return told.figure(part, name=name, period=keys["period"])
    return None


def _forecast(desk: Desk, asked: Cite, _: str) -> Figure | None:
    keys = {key: unquote(value) for key, value in asked.keys.items()}
    count = _number(keys.get("ahead", ""), forecast.MOST + 1)
    if not count:
        return None
    found = forecast.Looked(desk, _mine(desk, keys), count)
    month = found.made.months[-1]
    if keys.get("landing") in month.landings:
        amount = found.amounts(month, keys["landing"]).get(keys.get("part", ""))
        own = {"landing": keys["landing"], "part": keys.get("part", "")}
        return (
            None
            if amount is None
            else found.figure(amount, month, forecast.basis(keys["landing"]), **own)
        )
    for name, amount in found.drivers(month):
        if "driver" in keys and asked.fits("driver", name):
            return found.figure(amount, month, "billed", driver=name)
    rest = _amount(found.drivers(month), asked) if "but" in keys else None
    return None if rest is None else found.figure(rest, month, "billed", but=keys["but"])


def _budget(desk: Desk, asked: Cite, _: str) -> Figure | None:
    desk.seen(by=("driver",)).require_whole()
    currency = unquote(asked.keys.get("currency", ""))
    if not asked.words or currency not in {text(one.currency) for one in desk.mine()}:
        return None  # burn.toml says no currency: it is that of the reports
    return budgets.limit(desk, asked.words[0], currency)


def _calculated(desk: Desk, asked: Cite, _: str) -> Figure | None:
    return calculate.found(desk, asked)


def _mine(desk: Desk, keys: dict[str, str]) -> list[Kept]:
    """The reports that there were when the citation was made."""
    try:
        until = datetime.fromisoformat(keys.get("kept", ""))
    except ValueError:
        raise unknown(f"kept={keys.get('kept', '')}") from None
    return desk.mine(keys.get("cluster", ""), keys.get("provider", ""), until)


def _amount(
    found: list[tuple[str, Decimal]] | list[tuple[int, Decimal]], asked: Cite
) -> Decimal | None:
    """All rows of a list, or those that a page leaves out; None: the citation is malformed."""
    if "but" not in asked.keys:
        return added(amount for _, amount in found)
    first, _, last = asked.keys["but"].partition("..")
    if not (first.isdecimal() and last.isdecimal()):
        return None
    return added(amount for _, amount in [*found[: int(first)], *found[int(last) :]])


def _number(word: str, many: int) -> int | None:
    return int(word) if word.isdecimal() and len(word) < 9 and int(word) < many else None


def _title(asked: Cite) -> str:
    words = list(asked.words[1:] if asked.scope == "run" else (asked.scope, *asked.words))
    hidden = ("by", "but", "order", "kept", "cluster", "provider", "ahead")
    words += [f"{key} {unquote(value)}" for key, value in asked.keys.items() if key not in hidden]
    if "but" in asked.keys:
        words.append(f"without rows {asked.keys['but']} by {asked.keys.get('by', 'size')}")
    return text(", ".join(words), 300)


_KINDS: dict[str, Callable[[Seen, Cite, str], Figure | None]] = {
    "total": _total,
    "ledger": _ledger,
    "allocation": _allocation,
    "finding": _finding,
    "invoice": _invoice,
}
_SCOPES: dict[str, Callable[[Desk, Cite, str], Figure | None]] = {
    "run": _run,
    "diff": _diff,
    "trend": _trend,
    "forecast": _forecast,
    "budget": _budget,
    calculate.SCOPE: _calculated,
}
