"""The same query for another engine, through sqlglot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api.bills.engine import Dialect

if TYPE_CHECKING:
    from sqlglot import exp


def to_dialect(sql: str, dialect: Dialect) -> str:
    """DuckDB's text in the engine's own words."""
    if dialect == "duckdb":
        return sql
    import sqlglot

    tree = sqlglot.parse_one(sql, read="duckdb")
    return tree.transform(_lookup).sql(dialect=dialect)


def _lookup(node: exp.Expression) -> exp.Expression:
    """`map['key']`: NULL for a missing key in DuckDB, an error in Athena; ELEMENT_AT is NULL."""
    from sqlglot import exp

    if isinstance(node, exp.Bracket) and len(node.expressions) == 1:
        return exp.Anonymous(this="ELEMENT_AT", expressions=[node.this, node.expressions[0]])
    return node
