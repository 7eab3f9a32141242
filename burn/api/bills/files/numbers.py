"""How a CSV writes numbers: `1,234.56` or `1.234,56`; a value such as `1,234` may be either.

Decided for a whole file. What a comma is, and what a point is, must be shown by a value that can be
meant in one way only: in the column itself, else in another column by the same sign. That another
column has decimal points says nothing of a comma: spreadsheets and scripts rewrite some columns and
leave others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from burn.api.bills.files.dates import Ask
from burn.api.bills.queries.sql import literal, null_words, quoted

_NUMBER = r"[+-]?[0-9.,]+(?:[eE][+-]?[0-9]+)?"
_PLAIN = (
    r"[+-]?(?:(?:0|[0-9]{{4,}}|[0-9]{{1,3}}(?:{group}[0-9]{{3}})+)?{point}[0-9]+"
    r"|[0-9]{{1,3}}{point}(?:[0-9]{{1,2}}|[0-9]{{4,}})|[0-9]+{point}[0-9]+[eE][+-]?[0-9]+"
    r"|[0-9]{{1,3}}(?:{group}[0-9]{{3}}){{2,}})"
)
"""What can be meant in one way only, by the sign before its decimals and that between thousands."""
_COMMA = _PLAIN.format(point=",", group=r"\.")
_POINT = _PLAIN.format(point=r"\.", group=",")

_ROLES = ("decimal", "grouping")
_BY_COMMA = {",": {"decimal"}, ".": {"grouping"}}
_BY_POINT = {",": {"grouping"}, ".": {"decimal"}}


def decided_numbers(
    values: Mapping[str, Sequence[str]], ask: Ask
) -> tuple[dict[str, str], dict[str, str]]:
    """SQL that writes a file's numbers as `1234.56`, and the columns that nothing decides.

    A column that contradicts itself is left as it is: the reader refuses its decimal commas.

    Args:
        values: column → its values in the file's head, without empty ones.
        ask: looks at the whole file; asked where the head has a number with a comma.

    Returns:
        Column → expression; column → a number in it that can be read both ways.
    """
    numeric = {c: texts for c, texts in values.items() if all(map(is_number, texts))}
    if not any("," in text for texts in numeric.values() for text in texts):
        return {}, {}
    counts = _counts(list(numeric), ask)
    shown = {key for count in counts.values() if not count["odd"] for key in count if count[key]}
    rewrites, undecided = {}, []
    for column, count in counts.items():
        own = {
            sign: {role for role in _ROLES if count[f"{role} {sign}"]}
            or {role for role in _ROLES if f"{role} {sign}" in shown}
            for sign in (",", ".")
            if any(count[f"{what} {sign}"] for what in (*_ROLES, "open"))
        }
        if count["odd"] or not own:
            continue
        if all(own[sign] == _BY_COMMA[sign] for sign in own):
            rewrites[column] = f"REPLACE(REPLACE({quoted(column)}, '.', ''), ',', '.')"
        elif all(own[sign] == _BY_POINT[sign] for sign in own):
            if "," in own:
                rewrites[column] = f"REPLACE({quoted(column)}, ',', '')"
        elif count["open ,"] or count["open ."]:
            undecided.append(column)
    return rewrites, _examples(undecided, ask)


def is_number(text: str) -> bool:
    """Whether a text is a number, whatever its signs mean."""
    return re.fullmatch(_NUMBER, text) is not None


def _tests(value: str) -> dict[str, str]:
    """What a value shows → SQL; the texts are looked at closely only where they have the sign."""
    tests = {"odd": f"NOT REGEXP_FULL_MATCH({value}, {literal(_NUMBER)})"}
    for sign in (",", "."):
        patterns = {
            "decimal": _COMMA if sign == "," else _POINT,
            "grouping": _POINT if sign == "," else _COMMA,
            "open": rf"[+-]?[1-9][0-9]{{0,2}}[{sign}][0-9]{{3}}",
        }
        for what, pattern in patterns.items():
            tests[f"{what} {sign}"] = (
                f"CASE WHEN CONTAINS({value}, '{sign}')"
                f" THEN REGEXP_FULL_MATCH({value}, {literal(pattern)}) ELSE FALSE END"
            )
    return tests


def _value(column: str) -> str:
    return f"TRIM({null_words(quoted(column))})"


def _counts(columns: Sequence[str], ask: Ask) -> dict[str, dict[str, int]]:
    tests = [_tests(_value(column)) for column in columns]
    row = ask(
        ", ".join(
            f'COUNT(*) FILTER (WHERE {test}) AS "{n} {what}"'
            for n, each in enumerate(tests)
            for what, test in each.items()
        )
    )
    return {
        column: {what: int(row[f"{n} {what}"]) for what in tests[n]}
        for n, column in enumerate(columns)
    }


def _examples(columns: Sequence[str], ask: Ask) -> dict[str, str]:
    """A value of each column that can be read both ways."""
    if not columns:
        return {}
    items = []
    for n, column in enumerate(columns):
        tests = _tests(_value(column))
        odd = f"({tests['open ,']}) OR ({tests['open .']})"
        items.append(f"MIN({_value(column)}) FILTER (WHERE {odd}) AS c{n}")
    row = ask(", ".join(items))
    return {column: str(row[f"c{n}"]) for n, column in enumerate(columns)}
