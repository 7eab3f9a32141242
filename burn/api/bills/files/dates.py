"""Dates that writers order differently: `10/05/2026` is of October or of May.

Decided for a whole file: by a day beyond the twelfth, by the months that the dates are of, by the
billing period that a column, a folder or the file's name says. A column that nothing decides is
left as it is, and a bill is not read by it.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from pathlib import PurePath
from typing import Any

from burn.api.bills.queries.sql import literal, quoted

Ask = Callable[[str], Mapping[str, Any]]
"""One row of the file, for a list of select items over all its lines."""
Spans = list[tuple[date, date]]
Parts = tuple[int, int, int]
"""The numbers of a date as they stand, the year last."""

_DATE = r"([0-9]{1,2})([/.-])([0-9]{1,2})\2((?:[0-9]{2}){1,2})(?:[ T].*)?"
_SQL = r"^([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4}|[0-9]{2})"
_FORMS = {
    # Short years first: `%Y` takes 26 for the year 26.
    "day": "['%d/%m/%y', '%d/%m/%Y', '%d.%m.%y', '%d.%m.%Y', '%d-%m-%y', '%d-%m-%Y']",
    "month": "['%m/%d/%y', '%m/%d/%Y', '%m-%d-%y', '%m-%d-%Y']",
}
NAMED = re.compile(r"date|period|time", re.IGNORECASE)
"""Columns that may hold dates, by their names."""
_BILLED = re.compile(r"bill.*(period|month)|invoice.*month", re.IGNORECASE)
_RANGE = re.compile(r"(?<!\d)(20\d\d)(\d\d)(\d\d)-(20\d\d)(\d\d)(\d\d)(?!\d)")
_MONTH = re.compile(r"(?<!\d)(20\d\d)[-_]?(0[1-9]|1[0-2])(?![-_]?\d)")
_STATED = re.compile(r"(20\d\d)-?(0[1-9]|1[0-2])(?:-?\d\d)?(?!\d).*")


def decided(
    values: Mapping[str, Sequence[str]], ask: Ask, path: PurePath
) -> tuple[dict[str, str], dict[str, str]]:
    """SQL that writes a file's dates as `2026-10-31`, and the columns that nothing decides.

    Args:
        values: column → its values in the file's head, without empty ones.
        ask: looks at the whole file; asked where the head does not decide.
        path: the file's, as it was delivered.

    Returns:
        Column → expression; column → a date in it that can be read both ways.
    """
    dated = {column: _dates(column, texts) for column, texts in values.items()}
    dated = {column: texts for column, texts in dated.items() if texts}
    if not dated:
        return {}, {}
    orders: dict[str, str] = {c: _order(map(_parts, texts)) for c, texts in dated.items()}
    orders |= {column: "day" for column, texts in dated.items() if "." in texts[0]}
    by_file = _agreed(orders.values())
    if not by_file and not all(orders.values()):
        every = _whole_columns(list(dated), ask)
        orders |= {c: _order(every[c]) for c, order in orders.items() if not order}
        spans = _stated(values, ask) or _spans_of_path(path)
        by_file = _agreed(orders.values()) or _by_period(every, spans)
    orders = {column: order or by_file for column, order in orders.items()}
    # Nothing in the head of the file, and dates later.
    empty = [column for column, texts in values.items() if not texts and NAMED.search(column)]
    orders |= dict.fromkeys(empty, by_file)
    written = {c: _written(c, order) for c, order in orders.items() if order in _FORMS}
    return written, {c: dated[c][0] for c, order in orders.items() if c in dated and not order}


def _written(column: str, order: str) -> str:
    own = quoted(column)
    day = f"SPLIT_PART(SPLIT_PART({own}, ' ', 1), 'T', 1)"
    parsed = f"COALESCE(STRFTIME(TRY_STRPTIME({day}, {_FORMS[order]}), '%Y-%m-%d'), {own})"
    first, second = ("4, 2", "1, 2") if order == "day" else ("1, 2", "4, 2")
    # Most dates are of ten signs, and taken apart in a third of the time.
    plain = (
        f"SUBSTR({own}, 7, 4) || '-' || SUBSTR({own}, {first}) || '-' || SUBSTR({own}, {second})"
    )
    return (
        f"CASE WHEN {own} LIKE '__/__/____' THEN {plain} WHEN {own} LIKE '____-__-__%' THEN {own}"
        f" ELSE {parsed} END"
    )


def _order(dates: Iterable[Parts]) -> str:
    """`day` or `month` first, `both` where values contradict each other, or nothing.

    Days of one month, whose number is the same in all and whose place is the month's, decide too:
    a bill is of a month, and not of one day in each of several.
    """
    found = set(dates)
    firsts, seconds = {a for a, _, _ in found}, {b for _, b, _ in found}
    large = {"day": any(a > 12 for a in firsts), "month": any(b > 12 for b in seconds)}
    signs = [order for order, told in large.items() if told]
    if signs:
        return "both" if len(signs) == 2 else signs[0]
    if len(firsts) == 1 and len(seconds) > 2:
        return "month"
    if len(seconds) == 1 and len(firsts) > 2:
        return "day"
    return "month" if found and all(a == b for a, b, _ in found) else ""


def _agreed(orders: Iterable[str]) -> str:
    known = {order for order in orders if order in _FORMS}
    return next(iter(known)) if len(known) == 1 else ""


def _by_period(every: Mapping[str, Collection[Parts]], spans: Spans) -> str:
    """The order in which the dates lie in the billing period; nothing: in none, or in both."""
    starts = [d for c, dates in every.items() if _BILLED.search(c) and _starts(c) for d in dates]
    ends = [c for c in every if _BILLED.search(c) and not _starts(c)]
    if starts and not ends:  # a period that ends by the twelfth is no calendar month
        firsts = {
            order for order, at in (("month", 1), ("day", 0)) if all(d[at] == 1 for d in starts)
        }
        if len(firsts) == 1:
            return next(iter(firsts))
        if firsts:
            spans = [_of_month(year, 1) for _, _, year in starts]
    fits = [
        [order for order in _FORMS if dates and all(_inside(d, order, spans) for d in dates)]
        for dates in every.values()
    ]
    return _agreed(orders[0] for orders in fits if len(orders) == 1)


def _starts(column: str) -> bool:
    return "end" not in column.lower().replace("calendar", "")


def _inside(parts: Parts, order: str, spans: Spans) -> bool:
    first, second, year = parts
    month, day = (second, first) if order == "day" else (first, second)
    try:
        at = date(year, month, day)
    except ValueError:
        return False
    return any(start <= at <= end for start, end in spans)


def _whole_columns(columns: Sequence[str], ask: Ask) -> dict[str, set[Parts]]:
    named = f"{literal(_SQL)}, ['a', 'b', 'c']"
    items = [
        f"LIST(DISTINCT REGEXP_EXTRACT({quoted(c)}, {named})) AS c{n}"
        for n, c in enumerate(columns)
    ]
    row = ask(", ".join(items))
    return {
        column: {(int(p["a"]), int(p["b"]), _year(p["c"])) for p in row[f"c{n}"] if p["a"]}
        for n, column in enumerate(columns)
    }


def _stated(values: Mapping[str, Sequence[str]], ask: Ask) -> Spans:
    """The billing months that a column names in a form that can be read one way only."""
    columns = [
        column
        for column, texts in values.items()
        if texts and _BILLED.search(column) and all(_STATED.fullmatch(text) for text in texts)
    ]
    if not columns:
        return []
    items = [f"LIST(DISTINCT {quoted(c)}) AS c{n}" for n, c in enumerate(columns)]
    row = ask(", ".join(items))
    texts = {text for n in range(len(columns)) for text in row[f"c{n}"] if text}
    matches = [match for text in texts if (match := _STATED.fullmatch(text))]
    return [_of_month(int(match[1]), int(match[2])) for match in matches]


def _spans_of_path(path: PurePath) -> Spans:
    """The days or month that the file's name, or the nearest folder that has one, says."""
    for name in (path.name, *(folder.name for folder in path.parents)):
        if found := _RANGE.search(name):
            years = [int(text) for text in found.groups()]
            try:
                return [(date(*years[:3]), date(*years[3:]))]
            except ValueError:
                continue
        if month := _MONTH.search(name):
            return [_of_month(int(month[1]), int(month[2]))]
    return []


def _of_month(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _dates(column: str, texts: Sequence[str]) -> list[str]:
    """The dates of a column of dates; other texts in it are the reader's to refuse."""
    found = [text for text in texts if re.fullmatch(_DATE, text)]
    return found if len(found) == len(texts) or NAMED.search(column) else []


def _parts(text: str) -> Parts:
    match = re.fullmatch(_DATE, text)
    assert match  # noqa: S101  `_dates` has matched it
    return int(match[1]), int(match[3]), _year(match[4])


def _year(text: str) -> int:
    return int(text) + 2000 * (len(text) == 2)
