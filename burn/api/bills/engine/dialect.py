"""The same query for another engine, through sqlglot: DuckDB's words, each as the engine has it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from burn.api.bills.engine.source import Dialect

if TYPE_CHECKING:
    from sqlglot import exp


def to_dialect(sql: str, dialect: Dialect) -> str:
    """DuckDB's text in the engine's own words; an error where the engine has none."""
    if dialect == "duckdb":
        return sql
    import sqlglot

    tree = sqlglot.parse_one(sql, read="duckdb")
    for words in _WORDS[dialect]:
        tree = tree.transform(words, copy=False)
    return tree.sql(dialect=dialect, unsupported_level=sqlglot.ErrorLevel.RAISE)


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


def _list_aggregate(node: exp.Expression) -> exp.Expression:
    """`LIST_SUM([value FOR u IN array IF test])`: a subquery over UNNEST; LIST_MAX as well.

    DuckDB takes such a subquery too, but joins it back to all lines: the list is far faster there.
    """
    from sqlglot import exp

    if isinstance(node, exp.ArrayMax):
        aggregate, made = "MAX", node.this
    elif isinstance(node, exp.Anonymous) and node.name.upper() == "LIST_SUM":
        aggregate, made = "SUM", node.expressions[0]
    else:
        return node
    (each,) = made.expressions
    return _lines_of(each, exp.func(aggregate, each.this)).subquery()


def _list(node: exp.Expression) -> exp.Expression:
    """Any other `[value FOR u IN array IF test]` is an array made by a subquery."""
    from sqlglot import exp

    each = node.expressions[0] if isinstance(node, exp.Array) and node.expressions else None
    if not isinstance(each, exp.Comprehension):
        return node
    return exp.Array(expressions=[_lines_of(each, each.this)])


def _lines_of(each: exp.Expression, value: exp.Expr) -> exp.Select:
    from sqlglot import exp

    element = exp.TableAlias(columns=[each.expression])
    array = exp.Unnest(expressions=[each.args["iterator"]], alias=element)
    return exp.select(value).from_(array).where(each.args.get("condition"))


def _from_json(node: exp.Expression) -> exp.Expression:
    """`FROM_JSON(text, '[{"field":"VARCHAR", …}]')`: BigQuery takes the fields out one by one."""
    from sqlglot import exp

    if not isinstance(node, exp.FromJson):
        return node
    (shape,) = json.loads(node.expression.name)
    fields = ", ".join(f"JSON_VALUE(one, '$.{name}') AS {name}" for name in shape)
    # PARSE_JSON fails on damaged text; the extractors alone might take it for nothing.
    parsed = "PARSE_JSON(@text, wide_number_mode => 'round')"
    made: exp.Expression = exp.maybe_parse(
        f"ARRAY(SELECT AS STRUCT {fields} FROM UNNEST(JSON_QUERY_ARRAY({parsed})) AS one)",  # noqa: S608 (fields of ours)
        dialect="bigquery",
    )
    for place in made.find_all(exp.Parameter):
        place.replace(node.this)
    return made


def _json_text(node: exp.Expression) -> exp.Expression:
    """`CAST(TO_JSON(value) AS VARCHAR)`: BigQuery casts no JSON to text."""
    from sqlglot import exp

    inner = node.this if isinstance(node, exp.Cast) else None
    if isinstance(inner, exp.Anonymous) and inner.name.upper() == "TO_JSON":
        return exp.Anonymous(this="TO_JSON_STRING", expressions=inner.expressions)
    return node


_WORDS: dict[str, tuple[Callable[[exp.Expression], exp.Expression], ...]] = {
    "athena": (_lookup,),
    "bigquery": (_datetime, _list_aggregate, _list, _from_json, _json_text),
}
