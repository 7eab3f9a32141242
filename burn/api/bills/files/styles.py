"""How a CSV writes numbers and dates where writers differ: `1.234,56`, and day before month.

Decided for a whole file, never value by value: most values can be read either way. What a file's
values do not decide is left as it is, and a bill is not read by it. The head of the file says
whether there is anything to decide; few files are looked at whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from burn.api.bills.files.dates import Ask, decided
from burn.api.bills.files.numbers import decided_numbers
from burn.api.bills.queries.sql import NOTHING


@dataclass(frozen=True, slots=True)
class Styles:
    """How a file's odd columns are read.

    Attributes:
        rewrites: column → SQL that writes it as others do.
        undecided: column → a date or number in it that can be read both ways; the file is not read
            by it.
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
    dates, open_dates = decided(values, ask, path)
    numbers, open_numbers = decided_numbers(values, ask)
    return Styles(numbers | dates, open_numbers | open_dates)
