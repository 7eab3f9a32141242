"""What does not fit, in a bill's own terms: file and column of a value, file and line of a CSV.

Looked for after a query has failed, so that reading costs nothing for it.
"""

# ruff: noqa: S608 (identifiers are quoted and values are literals)
from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from burn.api.bills.files.copies import renamed
from burn.api.bills.files.local import damaged
from burn.api.bills.queries.sql import MONEY, is_text, literal, null_words, quoted
from burn.api.errors import DataError

if TYPE_CHECKING:
    import duckdb

_VALUE = re.compile(r"""["'](.*?)["'](?: to [A-Z]|, expected|$)|value (\S*) to """)
_HINT = "take the file as the cloud delivered it; a spreadsheet or script may have rewritten it"


def misfit(
    db: duckdb.DuckDBPyConnection, error: Exception, sql: str, files: Mapping[str, str]
) -> DataError:
    """The error for a value that could not be converted.

    Args:
        db: where the query failed.
        error: DuckDB's.
        sql: the query.
        files: each file's name → SQL that reads it alone, for FROM.
    """
    first = str(error).strip().splitlines()[0]
    match = _VALUE.search(first)
    text = (match[1] or match[2]) if match else ""
    time = "timestamp" in first.lower() or " date" in first.lower()
    for name, lines in files.items():
        for column, kind in _columns(db, lines).items():
            if quoted(column).lower() not in sql.lower():
                continue
            counted = _count(db, lines, column, kind, text, time=time)
            if counted:
                many = "a value" if counted == 1 else f"{counted:,} values"
                kinds = "no time" if time else "no number"
                return DataError(
                    f"{name}: `{column}` holds {many} that {'is' if counted == 1 else 'are'}"
                    f" {kinds} burn can read, such as {text!r}",
                    hint=_HINT,
                )
    return DataError(f"a value of the bill does not fit: {first[:200]}", hint=_HINT)


def broken(error: Exception, files: Mapping[str, str]) -> DataError:
    """The error for a CSV whose lines are not what they must be, or for a file that is not whole."""
    text = renamed(str(error))
    named = re.search(r'^ *file = (.*)$|file "(.*?)"', text, re.MULTILINE)
    name = (named[1] or named[2]) if named else next(iter(files), "") if len(files) == 1 else ""
    at = re.search(r"CSV Error on Line: ([0-9]+)", text)
    counts = re.search(r"Expected Number of Columns: ([0-9]+) Found: ([0-9]+)", text)
    where = f"{name}, line {int(at[1]):,}" if at else name
    if counts:
        return DataError(
            f"{where} has {counts[2]} values where the header has {counts[1]} names",
            hint="export it again: a value with the delimiter in it needs quotes",
        )
    if "CSV" in text or "sniffing" in text:
        reason = next((line for line in text.splitlines() if "quote" in line.lower()), "")
        return DataError(
            f"{where or 'a bill file'} is no CSV that can be read"
            + (f": {reason.strip()[:200]}" if at and reason else ""),
            hint="lines of other lengths, or a quote that is not closed? export it again",
        )
    line = text.strip().splitlines()[0][:300]
    return damaged(line if not name or name in line else f"{name}: {line}")


def _columns(db: duckdb.DuckDBPyConnection, lines: str) -> dict[str, str]:
    described = db.execute(f"DESCRIBE SELECT * FROM {lines}").fetchall()
    return {str(name): str(kind).lower() for name, kind, *_ in described}


def _count(
    db: duckdb.DuckDBPyConnection, lines: str, column: str, kind: str, text: str, *, time: bool
) -> int:
    """Values that do not fit, if the text is one of them."""
    own = quoted(column)
    if is_text(kind):
        value = null_words(own)
        target = "TIMESTAMPTZ" if time else MONEY
        unfit = f"{value} IS NOT NULL AND TRY_CAST({value} AS {target}) IS NULL"
        same = f"{own} = {literal(text)} OR STARTS_WITH({own}, {literal(text)})"
    elif kind in {"double", "float"} and not time:
        unfit = f"{own} IS NOT NULL AND TRY_CAST({own} AS {MONEY}) IS NULL"
        same = "TRUE"
    else:
        return 0
    row: Any = db.execute(
        f"SELECT COUNT(*) FILTER (WHERE {unfit}), COUNT(*) FILTER (WHERE ({unfit}) AND ({same}))"
        f" FROM {lines}"
    ).fetchone()
    return int(row[0]) if row[1] else 0
