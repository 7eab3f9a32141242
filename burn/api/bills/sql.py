"""Words of SQL: exact money, quoted names, text that may spell out nothing.

DuckDB's dialect; `to_dialect` translates it.
"""

from __future__ import annotations

from collections.abc import Mapping

MONEY = "DECIMAL(38, 12)"
NO_MONEY = f"CAST(NULL AS {MONEY})"


def quoted(name: str) -> str:
    """An identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A string literal."""
    return "'" + text.replace("'", "''") + "'"


def null_words(value: str) -> str:
    """NULL for what CSV writers put where there is nothing."""
    return f"CASE WHEN {value} IN ('', 'NULL', 'None') THEN NULL ELSE {value} END"


def is_text(kind: str) -> bool:
    """Whether an engine's type is text."""
    return kind.lower().startswith(("varchar", "string", "char", "text"))


def as_text(column: str, columns: Mapping[str, str]) -> str:
    """A column as text, cast only where it is not text already."""
    return quoted(column) if is_text(columns[column]) else f"CAST({quoted(column)} AS VARCHAR)"
