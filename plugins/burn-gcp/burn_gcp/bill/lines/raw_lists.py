"""A file's credits and labels as they stand in it, for its own count: not read as the bill is read."""

from __future__ import annotations

from dataclasses import dataclass, field

from burn.api import DataError
from burn.api.bills.queries.sql import MONEY, is_text, literal

FIELDS = {"credits": ("name", "type", "amount"), "labels": ("key", "value")}
"""What an element of a list has."""
_AMOUNT = r"""["'][Aa]mount["'] *: *["']?[-+0-9.eE]+"""
"""The number in `"amount": -1.5`, quoted or not, with what is before it."""
_NAMED = r"""["'][Aa]mount["'] *:"""

_VALUE = f"TRY_CAST(u.amount AS {MONEY})"


@dataclass(frozen=True, slots=True)
class RawList:
    """SQL over a file's own columns.

    Attributes:
        filled: own column → SQL that is NULL on a line with an element that cannot be read.
        added: the sum of the elements' amounts, never NULL; empty: they have none.
    """

    filled: dict[str, str] = field(default_factory=dict)
    added: str = ""


def raw_list(fact: str, path: str, sql: str, kind: str) -> RawList:
    """How a file's credits are added up, and which elements of a list lack something.

    Args:
        fact: credits or labels.
        path: the column's own name.
        sql: the column.
        kind: the engine's type of it: a list of structs, JSON, or its text.

    Raises:
        DataError: the structs lack a field.
    """
    if is_text(kind) or kind == "json":
        text = sql if is_text(kind) else f"CAST(TO_JSON({sql}) AS VARCHAR)"
        return _of_text(path, text) if fact == "credits" else RawList()
    if not kind.endswith("[]"):
        return RawList()
    if not kind.startswith("struct"):  # empty lists, or elements of several shapes
        return RawList(added=_sum(sql) if fact == "credits" else "")
    _require_fields(fact, path, kind)
    if fact == "labels":
        # A label may be empty, but no cluster's name is.
        odd = "u.value IS NULL OR u.key IS NULL OR u.key = '' OR (u.value = '' AND u.key LIKE 'goog-k8s-%')"
        return RawList({f"{path}.key": _unless(sql, odd)})
    no_amount, no_type = f"{_VALUE} IS NULL", "u.type IS NULL OR u.type = ''"
    # Both are looked for at once: lists are dear to go through.
    either = f"{no_amount} OR {no_type}"
    return RawList(
        {
            f"{path}.amount": _unless(sql, either, no_amount),
            f"{path}.type": _unless(sql, either, no_type),
        },
        _sum(sql),
    )


def _sum(sql: str) -> str:
    total = f"LIST_SUM([{_VALUE} FOR u IN {sql} IF TRUE])"
    return f"COALESCE(CASE WHEN ARRAY_LENGTH({sql}) > 0 THEN {total} END, 0)"


def _of_text(path: str, text: str) -> RawList:
    amounts = f"REGEXP_EXTRACT_ALL({text}, {literal(_AMOUNT)})"
    number = f"TRY_CAST(REGEXP_EXTRACT(u, '[-+0-9.eE]+$') AS {MONEY})"
    total = f"LIST_SUM([{number} FOR u IN {amounts} IF TRUE])"
    named = f"REGEXP_EXTRACT_ALL({text}, {literal(_NAMED)})"
    some = f"LENGTH({text}) > 4"  # neither [], null nor [{}]
    odd = f"ARRAY_LENGTH({named}) <> ARRAY_LENGTH({amounts})"
    return RawList(
        {f"{path}.amount": f"CASE WHEN {some} AND {odd} THEN NULL ELSE '1' END"},
        f"COALESCE(CASE WHEN {some} THEN {total} END, 0)",
    )


def _unless(sql: str, *tests: str) -> str:
    """NULL where an element is odd by all of these, the first one looked at; most lists are empty."""
    some = [f"ARRAY_LENGTH([1 FOR u IN {sql} IF {odd}]) > 0" for odd in tests]
    return f"CASE WHEN ARRAY_LENGTH({sql}) > 0 AND {' AND '.join(some)} THEN NULL ELSE '1' END"


def _require_fields(fact: str, path: str, kind: str) -> None:
    import duckdb

    known = {str(name).lower() for name, _ in duckdb.sqltype(kind.removesuffix("[]")).children}
    missing = [f"{path}.{name}" for name in FIELDS[fact] if name not in known]
    if missing:
        raise DataError(
            f"the bill lacks the field{'s' * (len(missing) > 1)} {', '.join(missing)}",
            hint="export the table whole; a view may rename or drop no column",
        )
