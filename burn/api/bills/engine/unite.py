"""The SQL that brings files of different columns to one relation."""

# ruff: noqa: S608 (identifiers are quoted)
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from burn.api.bills.engine.layout import Layout
from burn.api.bills.queries.sql import MONEY, is_text, null_words, quoted

FILE = "burn_file"
"""The column that says which file a line is of."""
_TEXT = "varchar"
_NUMBERS = ("tinyint", "smallint", "integer", "bigint", "hugeint", "decimal", "double", "float")
_TIMES = ("timestamp", "date")
_NESTED = ("struct", "[]", "list")


@dataclass(frozen=True, slots=True)
class Part:
    """Files with equal columns.

    Attributes:
        relation: a view of them as they are, and `burn_file`.
        kind: parquet, csv or json.
        files: their paths, as in `burn_file`.
        columns: their own columns → DuckDB's types.
        layout: what the provider says of them; None: it was not asked.
    """

    relation: str
    kind: str
    files: tuple[str, ...]
    columns: Mapping[str, str]
    layout: Layout | None = None


def united(parts: Sequence[Part]) -> str:
    """One SELECT over all parts: columns renamed to the bill's, types brought together by name."""
    named = [_named(part) for part in parts]
    types: dict[str, list[str]] = {}
    for columns in named:
        for name, (_, kind) in columns.items():
            types.setdefault(name.lower(), []).append(kind)
    selects = []
    for part, columns in zip(parts, named, strict=True):
        items = [
            f"{_as(sql, kind, types[name.lower()])} AS {quoted(name)}"
            for name, (sql, kind) in columns.items()
        ]
        selects.append(f"SELECT {', '.join([*items, FILE])} FROM {part.relation}")
    return " UNION ALL BY NAME ".join(selects)


def _named(part: Part) -> dict[str, tuple[str, str]]:
    """The bill's column name → SQL and type, over the part's own columns."""
    renamed = {} if part.layout is None else part.layout.columns
    taken = {own.lower() for columns in renamed.values() for own in columns}
    found = {
        name: (quoted(name), kind)
        for name, kind in part.columns.items()
        if name.lower() not in taken
    }
    for name, own in renamed.items():
        kinds = [part.columns[column] for column in own]
        kind = kinds[0] if len(set(kinds)) == 1 else _common(kinds)
        values = [_as(quoted(c), k, kinds) for c, k in zip(own, kinds, strict=True)]
        if is_text(kind):
            values = [*(null_words(value) for value in values[:-1]), values[-1]]
        found[name] = (values[0] if len(own) == 1 else f"COALESCE({', '.join(values)})", kind)
    return found


def _as(sql: str, kind: str, kinds: Sequence[str]) -> str:
    """The value in the type that all of these can be read from."""
    if len(set(kinds)) == 1:
        return sql
    common = _common(kinds)
    if not common or kind == common:
        return sql
    if common != _TEXT:
        return f"CAST({sql} AS {common})"
    if kind.startswith("map"):
        return f"CAST(TO_JSON({sql}) AS VARCHAR)"
    # Through an exact decimal, so that the text of a float is no power of ten.
    return f"CAST({f'CAST({sql} AS {MONEY})' if kind in ('double', 'float') else sql} AS VARCHAR)"


def _common(kinds: Sequence[str]) -> str:
    """The type that types meet in; empty: lists and structs, which the engine must unite."""
    if any(nested in kind for kind in kinds for nested in _NESTED):
        return ""
    if all(kind.startswith(_NUMBERS) for kind in kinds):
        return MONEY
    if all(kind.startswith(_TIMES) for kind in kinds):
        return "TIMESTAMP"
    return _TEXT
