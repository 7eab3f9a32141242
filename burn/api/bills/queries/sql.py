"""Words of SQL: exact money, quoted names, text that may spell out nothing.

DuckDB's dialect; `to_dialect` translates it.
"""

from __future__ import annotations

from collections.abc import Mapping

from burn.api.errors import DataError

NOTHING = ("", "NULL", "null", "None", "none", "N/A", "n/a", "NaN", "nan", "-", "\\N")
"""What writers of CSV put where there is nothing; none is longer than four characters."""
MONEY = "DECIMAL(38, 12)"
NO_MONEY = f"CAST(NULL AS {MONEY})"


def quoted(name: str) -> str:
    """An identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A string literal."""
    return "'" + text.replace("'", "''") + "'"


def null_words(value: str) -> str:
    """NULL for what CSV writers put where there is nothing, see `NOTHING`."""
    return f"CASE WHEN LENGTH({value}) <= 4 AND {value} IN ({_WORDS}) THEN NULL ELSE {value} END"


def amount(value: str, kind: str) -> str:
    """An exact decimal, NULL for nothing; what is no number is an error of the engine's.

    Text may be `1.0E-10`, and `1,234.56`, which is no other number with a comma for its decimals
    (`styles` tells those apart, a file at a time). NaN and infinity fit no decimal.

    Args:
        value: SQL of the value.
        kind: the engine's type of it.
    """
    return f"CAST({_digits(value) if is_text(kind) else value} AS {MONEY})"


def real(value: str, kind: str) -> str:
    """A float, with every digit that one holds, refused where `amount` is: for prices."""
    if not is_text(kind) and kind.lower() not in {"double", "float", "real"}:
        return f"CAST({value} AS DOUBLE)"
    own = _digits(value) if is_text(kind) else value
    number = f"CAST({own} AS DOUBLE)"
    # What is not finite, or larger, fits no decimal: an error, as for an amount. The difference
    # is 0 of all that is finite; a file's statistics do not know of NaN.
    exact = f"CAST(CAST({own} AS {MONEY}) AS DOUBLE)"
    return (
        f"CASE WHEN {number} - {number} = 0 AND ABS({number}) < 1e25 THEN {number} ELSE {exact} END"
    )


def moment(value: str, kind: str) -> str:
    """An instant, naive UTC, NULL for nothing; an offset is honoured.

    Args:
        value: SQL of the value.
        kind: the engine's type of it.

    Raises:
        DataError: the column holds numbers; seconds, milliseconds and a spreadsheet's days look
            alike.
    """
    if is_text(kind):
        text = null_words(value)
        utc = f"{value} LIKE '%Z' OR {value} LIKE '% UTC'"
        written = f"REPLACE(SUBSTR({text}, 1, 19), 'T', ' ')"
        return (
            f"CASE WHEN {utc} THEN CAST({written} AS TIMESTAMP)"
            f" ELSE CAST(CAST({text} AS TIMESTAMPTZ) AS TIMESTAMP) END"
        )
    if not kind.lower().startswith(("date", "timestamp")):
        raise DataError(
            f"the column {value} holds {kind}, which is no time",
            hint="export it as a timestamp, or as text such as 2026-10-01T00:00:00Z",
        )
    return f"CAST({value} AS TIMESTAMP)"


def _digits(value: str) -> str:
    return (
        f"CASE WHEN LENGTH({value}) <= 4 AND {value} IN ({_WORDS}) THEN NULL"
        f" WHEN {value} LIKE '%,%' AND REGEXP_MATCHES({value}, {literal(_GROUPED)})"
        f" THEN REPLACE({value}, ',', '') ELSE {value} END"
    )


def is_text(kind: str) -> bool:
    """Whether an engine's type is text."""
    return kind.lower().startswith(("varchar", "string", "char", "text"))


def as_text(column: str, columns: Mapping[str, str]) -> str:
    """A column as text, cast only where it is not text already."""
    return quoted(column) if is_text(columns[column]) else f"CAST({quoted(column)} AS VARCHAR)"


_WORDS = ", ".join(map(literal, NOTHING))
_GROUPED = "^[+-]?[0-9]{1,3}(,[0-9]{3})+[.][0-9]+$"
