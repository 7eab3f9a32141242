"""Each file of a bill counted by itself, from its own columns, before anything else is done with it.

It shares nothing with the code that reads a bill: what a reader loses between the files and its
frame is missing beside this count, see `burn.validation.rows_accounted`.
"""

# ruff: noqa: S608 (identifiers are quoted, SQL is the provider's)
from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from burn.api.bills.checks.raw_numbers import counted
from burn.api.bills.engine.dialect import to_dialect
from burn.api.bills.engine.unite import FILE
from burn.api.bills.queries.sql import literal
from burn.api.counted import FileCount
from burn.api.errors import DataError

if TYPE_CHECKING:
    from burn.api.bills.engine.layout import Raw
    from burn.api.bills.engine.source import Engine, Source


def census(source: Source) -> tuple[FileCount, ...]:
    """The rows and amounts of each file that was opened with a layout.

    Returns:
        One count per file, billing month and currency, in that order.

    Raises:
        DataError: a line without an amount, or without another value no line can be read without;
            one month in files of two kinds.
    """
    counts: list[FileCount] = []
    kinds: dict[str, dict[str, str]] = {}
    for part in source.parts:
        if part.layout is None:
            continue
        found = _counted(source.engine, part.relation, part.layout.raw, FILE, source.files)
        counts += found
        for one in found:
            kinds.setdefault(one.month, {}).setdefault(part.kind, one.file)
    for month, files in sorted(kinds.items()):
        if len(files) > 1:
            listed = " and ".join(sorted(files.values()))
            raise DataError(
                f"the bill of {month} is there in two kinds of file: {listed}",
                hint="two copies of one month would double it; keep one of them",
            )
    return tuple(sorted(counts, key=lambda one: (one.file, one.month, one.currency)))


def table_census(
    engine: Engine, relation: str, raw: Raw, name: str, where: str = "TRUE"
) -> tuple[FileCount, ...]:
    """The same for a table of a warehouse, by a query of its own; `name` stands for the file.

    Args:
        engine: runs the query.
        relation: ready for FROM.
        raw: how the table is counted.
        name: what the counts call it.
        where: which rows are read at all (partitions).
    """
    return tuple(_counted(engine, f"{relation} WHERE {where}", raw, "''", {"": name}))


def _counted(
    engine: Engine, relation: str, raw: Raw, file: str, names: Mapping[str, str]
) -> list[FileCount]:
    # A text that is no number has no amount.
    amount = counted(raw.amount)
    lacks = {raw.amount_column: f"{amount} IS NULL AND NOT COALESCE({raw.exempt}, FALSE)"}
    lacks |= {column: f"{value} IS NULL" for column, value in raw.filled.items()}
    lacks |= {
        column: f"{counted(value)} IS NULL AND ({value} IS NOT NULL OR COALESCE({needed}, FALSE))"
        for column, (value, needed) in raw.numbers.items()
    }
    texts = {raw.amount_column: raw.amount, **raw.filled}
    texts |= {column: value for column, (value, _) in raw.numbers.items()}
    items = {
        "file": file,
        "month": raw.month,
        "currency": raw.currency,
        "x_lines": "COUNT(*)",
        "priced": f"COUNT({amount})",
        "amount": f"SUM({amount}{f' + {raw.added}' if raw.added else ''})",
    }
    items |= {f"lacks_{at}": _count(test) for at, test in enumerate(lacks.values())}
    listed = ", ".join(f"{sql} AS {name}" for name, sql in items.items())
    rows = _ask(engine, f"SELECT {listed} FROM {relation} GROUP BY 1, 2, 3")
    for at, (column, test) in enumerate(lacks.items()):
        odd = [row for row in rows if int(row[f"lacks_{at}"])]
        if odd:
            path = str(min(odd, key=lambda row: names[str(row["file"])])["file"])
            many = sum(int(row[f"lacks_{at}"]) for row in odd if str(row["file"]) == path)
            here = f"({test}) AND {file} = {literal(path)}"
            text = _example(engine, relation, here, texts[column])
            raise _lacking(names[path], many, column, text)
    return _by_month(rows, raw, names)


def _by_month(
    rows: Sequence[Mapping[str, Any]], raw: Raw, names: Mapping[str, str]
) -> list[FileCount]:
    """The groups of a query, which may hold a date a group, by file, month and currency."""
    counts: dict[tuple[str, str, str], FileCount] = {}
    for row in rows:
        month = "" if row["month"] is None else raw.month_of(str(row["month"]))
        key = (names[str(row["file"])], month, str(row["currency"] or ""))
        so_far = counts.get(key)
        counts[key] = FileCount(
            file=key[0],
            month=key[1],
            currency=key[2],
            rows=int(row["x_lines"]) + (so_far.rows if so_far else 0),
            priced=int(row["priced"]) + (so_far.priced if so_far else 0),
            amount=Decimal(str(row["amount"] or 0)) + (so_far.amount if so_far else 0),
        )
    return list(counts.values())


def _example(engine: Engine, relation: str, test: str, value: str) -> str:
    """The text of one line that fails the test; empty where it has none."""
    glue = "AND" if " WHERE " in relation else "WHERE"
    sql = f"SELECT CAST({value} AS VARCHAR) AS text FROM {relation} {glue} {test} LIMIT 1"
    rows = _ask(engine, sql)
    return str(rows[0]["text"] or "") if rows else ""


def _lacking(file: str, many: int, column: str, text: str) -> DataError:
    lines = "1 line has" if many == 1 else f"{many:,} lines have"
    what = f"`{text}`, which is no number," if text else "nothing"
    return DataError(
        f"{file}: {lines} {what} in `{column}`",
        hint="deliver the file again with this column whole; nothing is not taken for zero",
    )


def _count(test: str) -> str:
    return f"SUM(CASE WHEN {test} THEN 1 ELSE 0 END)"


def _ask(engine: Engine, sql: str) -> list[dict[str, Any]]:
    return list(engine.query(to_dialect(sql, engine.dialect)).to_pylist())
