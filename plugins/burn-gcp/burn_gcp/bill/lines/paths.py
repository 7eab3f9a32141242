"""The fields of an export by their dotted paths, `service.description`, nested or flattened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from burn.api.bills.queries.sql import quoted


def fields(columns: Mapping[str, str]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Every field's dotted path, its SQL and type: of columns, and of structs in them."""
    import duckdb

    for name, kind in columns.items():
        yield name, (quoted(name), kind)
        if kind.startswith("struct") and not kind.endswith("[]"):
            yield from _nested(name, quoted(name), duckdb.sqltype(kind))


def _nested(path: str, sql: str, kind: Any) -> Iterator[tuple[str, tuple[str, str]]]:
    for field, inner in kind.children:
        name, deeper = f"{path}.{field}", f"{sql}.{quoted(field)}"
        yield name, (deeper, str(inner).lower())
        if inner.id == "struct":
            yield from _nested(name, deeper, inner)
