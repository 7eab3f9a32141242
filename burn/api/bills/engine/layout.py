"""What a provider says of one file's columns: which export it is, and where each fact is in it.

Columns are recognised file by file, never over a union of files: months of one bill may spell a
fact differently, and a column that one file lacks must not be read as empty in it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from burn.api.errors import DataError


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """How a file is counted before it is read: SQL over its own columns, in DuckDB's dialect.

    Nothing here may come from the code that reads the bill: the count is there to check it.

    Attributes:
        amount: what a line was billed; a number, or the text of one.
        added: what is billed besides on the line, of another column: a decimal, never NULL.
        amount_column: own column name of the amount, for messages.
        month: a date in the billing month, or the month; few values, lines are grouped by it.
        currency: of the amount.
        filled: own column name → SQL that is NULL on a line that cannot be read for want of it,
            such as its date. The amount need not be named here.
        numbers: own column name → its SQL, and SQL that is true on lines that must have it; what is
            there and no number is refused on every line.
        exempt: SQL that is true on lines that the format documents to have no amount.
        month_of: the text of a value of `month` → `YYYY-MM`.
    """

    amount: str
    amount_column: str
    month: str
    currency: str
    filled: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    exempt: str = "FALSE"
    added: str = ""
    month_of: Callable[[str], str] = lambda text: text[:7]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One file's columns in the provider's own terms.

    Attributes:
        name: the export, for messages, e.g. `FOCUS 1.2`.
        family: files of one family can be read together; others are refused.
        columns: the bill's column name → the file's own; of several, the first that is not empty
            on a line is taken. Columns that are not named keep their name.
        raw: how the file is counted.
    """

    name: str
    family: str
    columns: Mapping[str, tuple[str, ...]]
    raw: Raw


Recognise = Callable[[Mapping[str, str]], Layout]
"""A file's own columns (name → DuckDB's type) → its layout.

Raises DataError, without the file's name, when no export fits, a required column is missing, or
two columns hold one fact.
"""


def spelled(
    columns: Collection[str],
    facts: Mapping[str, Sequence[str]],
    squash: Callable[[str], str],
    *,
    coalesced: Collection[str] = (),
) -> dict[str, tuple[str, ...]]:
    """Each fact that a file knows, with its own columns for it.

    Args:
        columns: the file's own.
        facts: fact → the names it can have, best first.
        squash: what two spellings of one name have in common.
        coalesced: facts whose several names are alternatives, to be taken value by value.

    Raises:
        DataError: two columns for a fact that is not `coalesced`, or two spellings of one name.
    """
    by_squashed: dict[str, list[str]] = {}
    for column in columns:
        by_squashed.setdefault(squash(column), []).append(column)
    known: dict[str, tuple[str, ...]] = {}
    for fact, names in facts.items():
        keys = dict.fromkeys(squash(name) for name in names)
        spellings = [by_squashed[key] for key in keys if key in by_squashed]
        twice = next((own for own in spellings if len(own) > 1), None)
        if twice is None and len(spellings) > 1 and fact not in coalesced:
            twice = [own[0] for own in spellings]
        if twice:
            raise DataError(
                f"has two columns for one fact: {' and '.join(f'`{name}`' for name in twice)}",
                hint="drop the one that the export did not write",
            )
        if spellings:
            known[fact] = tuple(own[0] for own in spellings)
    return known


def of_file(name: str, columns: Mapping[str, str], recognise: Recognise) -> Layout:
    """The layout of one file; the error of one that is not recognised names it."""
    try:
        return recognise(columns)
    except DataError as error:
        raise DataError(f"{name}: {error.message}", hint=error.hint) from error


def require_one_family(layouts: Mapping[str, Layout]) -> None:
    """Two families of exports in one place would count the bill twice, or lose one of them.

    Args:
        layouts: by a file that has each.

    Raises:
        DataError: names a file of each.
    """
    families = {layout.family: (file, layout.name) for file, layout in layouts.items()}
    if len(families) > 1:
        listed = " and ".join(f"{file} ({name})" for file, name in sorted(families.values()))
        raise DataError(
            f"the bill mixes formats: {listed}",
            hint="two exports of one month would double it; keep one export in the place",
        )
