"""Answers as sentences and small tables in whole cents, each line with its citation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from burn.api.money import count, money


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table.

    Attributes:
        amount: with its currency.
        more: what is behind it; may be empty.
        cite: where it is looked up.
    """

    label: str
    amount: str
    more: str = ""
    cite: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """An answer for people.

    Attributes:
        sentences: before the table.
        lines: its rows.
        after: what else must be known.
    """

    sentences: tuple[str, ...]
    lines: tuple[Line, ...] = ()
    after: tuple[str, ...] = ()


Answer = Mapping[str, Any]


def told(question: str, answer: Answer) -> Told:
    """An answer of the registry, in words.

    Args:
        question: its name.
        answer: what `Desk.ask` gave.
    """
    return _TOLD[question](answer)


def amount(figure: Mapping[str, str]) -> str:
    """A figure in whole cents."""
    return money(int(round(Decimal(figure["amount"]), 2) * 100), figure["currency"])


def _table(
    answer: Answer, label: Callable[[Any], str], more: Callable[[Any], str] = lambda _: ""
) -> tuple[Line, ...]:
    """The rows, what is left out, and the total; each rounded alone, to be what its citation says."""
    lines = [
        Line(label(row), amount(row["figure"]), more(row), row["figure"]["cite"])
        for row in answer["rows"]
    ]
    omitted, total = answer["omitted"], answer["total"]
    if omitted["rows"]:
        left = omitted["amount"]
        lines.append(Line(f"{omitted['rows']:,} more", amount(left), "", left["cite"]))
    return (*lines, Line("= all", amount(total), "", total["cite"]))


def _of(about: Mapping[str, str]) -> str:
    return f"{about['cluster'] or about['provider']}, {about['window']}, {about['state']}"


def _summary(answer: Answer) -> Told:
    return Told((f"{_of(answer['about'])}.", answer["sentence"], answer["detail"]))


def _ledger(answer: Answer) -> Told:
    lines = _table(answer, lambda row: row["title"])
    return Told(("From the report to the bill, the largest reasons first:",), lines)


def _explain(answer: Answer) -> Told:
    head = (
        f"{answer['title']}: {amount(answer['total'])} ({answer['what']}; {_of(answer['about'])})."
    )
    told_more = [answer[word] for word in ("why", "action") if answer[word]]
    if answer["listed"]:
        told_more.append(f"The Kubernetes report says {amount(answer['listed'])}.")
    return Told(
        (head, *told_more), _table(answer, lambda row: row["title"], lambda row: row["evidence"])
    )


def _allocation(answer: Answer) -> Told:
    def more(row: Any) -> str:
        return f"report {amount(row['listed'])}" if row["listed"] else ""

    head = f"Who carries the cost, by {answer['by']} ({_of(answer['about'])}):"
    return Told((head,), _table(answer, lambda row: row["name"], more), tuple(answer["notes"]))


def _findings(answer: Answer) -> Told:
    rows = answer["rows"]
    if not rows:
        return Told((f"No finding: nothing stands out to act on ({_of(answer['about'])}).",))
    lines = [
        Line(
            f"{row['title']}: {row['subject']}",
            amount(row["monthly"]),
            row["action"],
            row["monthly"]["cite"],
        )
        for row in rows
    ]
    after = (*answer["notes"], *_more(answer["omitted"]["rows"], "finding"))
    return Told((f"What to act on, a month ({_of(answer['about'])}):",), tuple(lines), after)


def _more(left: int, noun: str) -> tuple[str, ...]:
    """How many a list leaves out; nothing of none."""
    return (count(left, f"more {noun}"),) if left else ()


def _diff(answer: Answer) -> Told:
    def more(row: Any) -> str:
        return ", ".join(f"{one['cause']} {amount(one['figure'])}" for one in row["causes"])

    head = (
        f"From {_of(answer['before'])} to {_of(answer['after'])}: {amount(answer['total'])}"
        f" by {answer['by']}."
    )
    why = (f"{cause}: {text}" for cause, text in answer["causes"].items())
    return Told((head,), _table(answer, lambda row: row["title"], more), (*why, *answer["notes"]))


def _trend(answer: Answer) -> Told:
    periods = answer["periods"]
    newest = periods[-1]
    doubt = "" if newest["final"] and newest["complete"] else ", which can still change"
    head = f"The newest {answer['every']} begins {newest['start']}{doubt}; before it:"
    lines = []
    for row in answer["rows"]:
        figures = [{**row["figure"], "amount": value} for value in row["amounts"]]
        cite = f"{row['figure']['cite']}/period={newest['start']}"
        past = ", ".join(map(amount, reversed(figures[-4:-1])))
        lines.append(Line(row["name"], amount(figures[-1]), past, cite))
    left = answer["omitted"]["rows"] if answer["omitted"] else 0
    return Told((head,), tuple(lines), (*answer["notes"], *_more(left, answer["by"])))


def _forecast(answer: Answer) -> Told:
    month = answer["month"]
    lines = []
    for row in month["landings"]:
        bounds = f"{amount(row['low'])} to {amount(row['high'])}" if row["low"] else ""
        lines.append(Line(row["name"], amount(row["total"]), bounds, row["total"]["cite"]))
    head = f"{month['month']}, forecast from final days {answer['first']} to {answer['last']}:"
    return Told((head,), tuple(lines), tuple(answer["notes"]))


def _budgets(answer: Answer) -> Told:
    lines = []
    for row in answer["rows"]:
        fired = ", ".join(f"{one['percent']:g} % {one['state']}" for one in row["fired"])
        more = f"of {amount(row['budget'])} a {row['every']}"
        more += "" if row["complete"] else ", not all of its days are kept"
        more += f", reached: {fired}" if fired else ""
        lines.append(Line(row["name"], amount(row["spent"]), more, row["spent"]["cite"]))
    head = "Budgets, in the newest period that is kept:" if lines else "No budget is set."
    notes = answer["notes"] if lines else ()
    return Told(
        (head, *_gap(answer["gap"])), tuple(lines), (*notes, *_more(answer["omitted"], "budget"))
    )


def _gap(gap: Any) -> tuple[str, ...]:
    """That it is over its limit; nothing where it is not."""
    if not gap:
        return ()
    return (
        f"The cluster's cost is {gap['percent']:g} % off the report that begins {gap['period']}, over the limit of"
        f" {gap['limit_percent']:g} %.",
    )


def _invoice(answer: Answer) -> Told:
    steps = (
        ("billed", "Billed"),
        ("other_time", "Other time"),
        ("other_invoices", "Other invoices"),
        ("invoiced", "= invoiced"),
    )
    lines = [
        Line(title, amount(answer[name]), "", answer[name]["cite"])
        for name, title in steps
        if answer[name]
    ]
    months = ", ".join(answer["months"])
    return Told(
        (f"From the bill to the invoices of {months or 'its months'}:",),
        tuple(lines),
        tuple(answer["notes"]),
    )


def _missing(answer: Answer) -> Told:
    found: list[str] = []
    if answer["provisional_from"]:
        found.append(f"The bill can still change from {answer['provisional_from']} on.")
    if answer["hours_missing"]:
        found.append(f"Metrics are missing for {answer['hours_missing']:g} hours.")
    for word, name in (("not_seen", "not seen"), ("unknown", "of unknown coverage")):
        if answer[word]:
            found.append(f"Kinds of things {name}: {', '.join(answer[word])}.")
    files = len(answer["not_read"]) + answer["omitted_files"]
    if files:
        found.append(f"{count(files, 'file')} of the bill were not read.")
    head = found or [f"Nothing is known to be missing ({_of(answer['about'])})."]
    return Told(tuple(head), after=_sentences(answer["notes"]))


def _sentences(notes: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"{note[:1].upper()}{note[1:]}" for note in notes)


_TOLD: dict[str, Callable[[Answer], Told]] = {
    "summary": _summary,
    "ledger": _ledger,
    "explain": _explain,
    "allocation": _allocation,
    "findings": _findings,
    "diff": _diff,
    "trend": _trend,
    "forecast": _forecast,
    "budgets": _budgets,
    "invoice": _invoice,
    "missing": _missing,
}
