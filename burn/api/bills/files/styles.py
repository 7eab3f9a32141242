"""How a CSV writes numbers and dates where writers differ: `1.234,56`, and day before month.

Decided for a whole file, never value by value: most values can be read either way. What a file's
values do not decide is left as it is, and `sql.amount` and `sql.moment` refuse it. The head of the
file says whether there is anything to decide; few files are looked at whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from burn.api.bills.files.dates import Ask, decided
from burn.api.bills.queries.sql import NOTHING, literal, null_words, quoted

_NUMBER = r"[+-]?[0-9.,]+(?:[eE][+-]?[0-9]+)?"
_COMMA = r"[+-]?(?:(?:0|[0-9]{4,}|[0-9]{1,3}(?:\.[0-9]{3})+)?,[0-9]+|[0-9]{1,3},(?:[0-9]{1,2}|[0-9]{4,})|[0-9]{1,3}(?:\.[0-9]{3}){2,})"
"""Only a decimal comma can be meant."""
_POINT = r"[+-]?(?:(?:0|[0-9]{4,}|[0-9]{1,3}(?:,[0-9]{3})+)?\.[0-9]+|[0-9]{1,3}\.(?:[0-9]{1,2}|[0-9]{4,})|[0-9]{1,3}(?:,[0-9]{3}){2,})"
"""Only a decimal point can be meant."""


@dataclass(frozen=True, slots=True)
class Styles:
    """How a file's odd columns are read.

    Attributes:
        rewrites: column → SQL that writes it as others do.
        undecided: column → a date in it that can be read both ways; the file is not read by it.
    """

    rewrites: Mapping[str, str] = field(default_factory=dict)
    undecided: Mapping[str, str] = field(default_factory=dict)


def styles(rows: Sequence[Sequence[str]], ask: Ask, path: PurePath) -> Styles:
    """How a file writes numbers and dates.

    Args:
        rows: the header and some lines.
        ask: counts over the whole file.
        path: the file's, as it was delivered.
    """
    if len(rows) < 2:
        return Styles()
    header, *lines = rows
    values = {
        column: [v for line in lines if len(line) > at and (v := line[at].strip()) not in NOTHING]
        for at, column in enumerate(header)
    }
    dates, undecided = decided(values, ask, path)
    return Styles(_numbers(values, ask) | dates, undecided)


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
