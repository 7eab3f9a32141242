"""How a CSV writes numbers and dates where writers differ: `1.234,56`, and day before month.

Decided for a whole file, never value by value: most values can be read either way. What a file's
values do not decide is left as it is: `sql.amount` and `sql.moment` refuse it, and a reader whose
export documents an order takes that. The head of the file says whether there is anything to
decide; few files are looked at whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from burn.api.bills.sql import NOTHING, literal, null_words, quoted

_NUMBER = r"[+-]?[0-9.,]+(?:[eE][+-]?[0-9]+)?"
_COMMA = r"[+-]?(?:(?:0|[0-9]{4,}|[0-9]{1,3}(?:\.[0-9]{3})+)?,[0-9]+|[0-9]{1,3},(?:[0-9]{1,2}|[0-9]{4,})|[0-9]{1,3}(?:\.[0-9]{3}){2,})"
"""Only a decimal comma can be meant."""
_POINT = r"[+-]?(?:(?:0|[0-9]{4,}|[0-9]{1,3}(?:,[0-9]{3})+)?\.[0-9]+|[0-9]{1,3}\.(?:[0-9]{1,2}|[0-9]{4,})|[0-9]{1,3}(?:,[0-9]{3}){2,})"
"""Only a decimal point can be meant."""
_DATE = r"([0-9]{1,2})([/.-])([0-9]{1,2})\2((?:[0-9]{2}){1,2})(?:[ T].*)?"
_DATE_SQL = r"^([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]"
_DAY_FIRST = "['%d/%m/%y', '%d/%m/%Y', '%d.%m.%y', '%d.%m.%Y', '%d-%m-%y', '%d-%m-%Y']"
"""Short years first: `%Y` takes 26 for the year 26."""

Ask = Callable[[str], Mapping[str, Any]]
"""One row of the file, for a list of select items over all its lines."""


def rewrites(rows: Sequence[Sequence[str]], ask: Ask) -> dict[str, str]:
    """SQL that writes a file's odd columns as others do: column → expression.

    Args:
        rows: the header and some lines.
        ask: counts over the whole file.
    """
    if len(rows) < 2:
        return {}
    header, *lines = rows
    values = {
        column: [v for line in lines if len(line) > at and (v := line[at].strip()) not in NOTHING]
        for at, column in enumerate(header)
    }
    return {**_numbers(values, ask), **_dates(values, ask)}


def _numbers(values: Mapping[str, Sequence[str]], ask: Ask) -> dict[str, str]:
    numeric = {column: texts for column, texts in values.items() if _all(_NUMBER, texts)}
    if not any("," in text for texts in numeric.values() for text in texts):
        return {}
    columns = [c for c, texts in numeric.items() if any(set(text) & {",", "."} for text in texts)]
    tests = {
        "odd": f"NOT REGEXP_FULL_MATCH(v, {literal(_NUMBER)})",
        "comma": f"REGEXP_FULL_MATCH(v, {literal(_COMMA)})",
        "point": f"REGEXP_FULL_MATCH(v, {literal(_POINT)})",
    }
    counts = _counts(columns, tests, ask)
    styles = {
        c: style
        for c, count in counts.items()
        if (style := (count["comma"] > 0, count["point"] > 0)) in {(True, False), (False, True)}
        and not count["odd"]
    }
    by_file = set(styles.values())
    for column, count in counts.items():
        undecided = not (count["odd"] or count["comma"] or count["point"])
        if undecided and len(by_file) == 1:
            styles[column] = next(iter(by_file))
    return {
        column: f"REPLACE(REPLACE({quoted(column)}, '.', ''), ',', '.')"
        if comma
        else f"REPLACE({quoted(column)}, ',', '')"
        for column, (comma, _) in styles.items()
    }


def _dates(values: Mapping[str, Sequence[str]], ask: Ask) -> dict[str, str]:
    dated = {column: texts for column, texts in values.items() if _all(_DATE, texts)}
    if not dated:
        return {}
    orders = {column: _order(_pairs(texts)) for column, texts in dated.items()}
    if not _agreed(orders.values()):
        parts = [
            f"LIST(DISTINCT REGEXP_EXTRACT({quoted(c)}, {literal(_DATE_SQL)}, ['a', 'b']))"
            for c in dated
        ]
        row = ask(", ".join(f"{sql} AS c{n}" for n, sql in enumerate(parts)))
        pairs = [
            [(int(p["a"]), int(p["b"])) for p in row[f"c{n}"] if p["a"]] for n in range(len(dated))
        ]
        orders = {column: _order(pairs[n]) for n, column in enumerate(dated)}
    by_file = _agreed(orders.values())
    made = {}
    for column, texts in dated.items():
        order = "day" if "." in texts[0] else orders[column] or by_file
        if order == "day":
            day = f"SPLIT_PART(SPLIT_PART({quoted(column)}, ' ', 1), 'T', 1)"
            iso = f"STRFTIME(TRY_STRPTIME({day}, {_DAY_FIRST}), '%Y-%m-%d')"
            made[column] = f"COALESCE({iso}, {quoted(column)})"
    return made


def _order(pairs: Iterable[tuple[int, int]]) -> str:
    """`day` or `month` first, `both` where values contradict each other, or nothing.

    Days of one month, whose number is the same in all and whose place is the month's, decide too:
    a bill is of a month, and not of one day in each of several.
    """
    both = set(pairs)
    firsts, seconds = {a for a, _ in both}, {b for _, b in both}
    signs = {
        *(("day",) if any(a > 12 for a in firsts) else ()),
        *(("month",) if any(b > 12 for b in seconds) else ()),
    }
    if len(signs) == 2:
        return "both"
    if signs:
        return "day" if "day" in signs else "month"
    if len(firsts) == 1 and len(seconds) > 2:
        return "month"
    if len(seconds) == 1 and len(firsts) > 2:
        return "day"
    return ""


def _agreed(orders: Iterable[str]) -> str:
    known = {order for order in orders if order in {"day", "month"}}
    return next(iter(known)) if len(known) == 1 else ""


def _pairs(texts: Sequence[str]) -> list[tuple[int, int]]:
    matches = (re.fullmatch(_DATE, text) for text in texts)
    return [(int(match[1]), int(match[3])) for match in matches if match]


def _all(pattern: str, texts: Sequence[str]) -> bool:
    return bool(texts) and all(re.fullmatch(pattern, text) for text in texts)


def _counts(
    columns: Sequence[str], tests: Mapping[str, str], ask: Ask
) -> dict[str, dict[str, int]]:
    items = [
        f"COUNT(*) FILTER (WHERE {test.replace('(v,', f'(TRIM({null_words(quoted(c))}),')}) AS {key}_{n}"
        for n, c in enumerate(columns)
        for key, test in tests.items()
    ]
    row = ask(", ".join(items))
    return {c: {key: int(row[f"{key}_{n}"]) for key in tests} for n, c in enumerate(columns)}
