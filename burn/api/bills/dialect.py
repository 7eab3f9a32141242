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
    words = _datetime if dialect == "bigquery" else _lookup
    return tree.transform(words).sql(dialect=dialect)


def _lookup(node: exp.Expression) -> exp.Expression:
    """`map['key']`: NULL for a missing key in DuckDB, an error in Athena; ELEMENT_AT is NULL."""
    from sqlglot import exp

    if isinstance(node, exp.Bracket) and len(node.expressions) == 1:
        return exp.Anonymous(this="ELEMENT_AT", expressions=[node.this, node.expressions[0]])
    return node


def _datetime(node: exp.Expression) -> exp.Expression:
    """A naive timestamp is a DATETIME in BigQuery, which has a difference of its own for it."""
    from sqlglot import exp

    if isinstance(node, exp.DateDiff):
        return exp.DatetimeDiff(**node.args)
    return node
