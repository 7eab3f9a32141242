"""The same lines twice: a file under two names, overlapping deliveries, an export that was run again.

All lines that cost something are compared, whatever files they are in. What a later delivery
may change in a line (its invoice, its tags, an id made anew) is for the provider to leave out.
Nothing is left out of the bill: which copy is right, only the user knows.
"""

# ruff: noqa: S608 (identifiers are quoted, SQL is the provider's)
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from burn.api.bills.engine.dialect import to_dialect
from burn.api.bills.engine.unite import FILE
from burn.api.bills.queries.sql import literal
from burn.api.errors import DataError

if TYPE_CHECKING:
    import pyarrow as pa

    from burn.api.bills.engine.source import Source

FEW = 3
"""Equal lines of one file that may be so by chance, where no id tells them apart."""
OF_FILE = 0.1
"""The part of a file's lines, and of its money, from which repeats are no chance."""
OF_MONTH = 0.25
"""The same of lines with ids of their own: two versions of a month in one file or table."""
OF_DAY = 0.4
"""The same of one day's; of a day that is there twice it is a half in one file, all in two."""
_ALIKE, _EACH = "burn_alike", "burn_each"


@dataclass(frozen=True, slots=True)
class Facts:
    """What makes a line that line: SQL over the bill's relation, in DuckDB's dialect.

    Attributes:
        few: what nearly does, quick to read: time, resource, SKU, amount. Only where lines are
            alike in it, the whole is compared.
        line: all that does, of what is the same in every delivery of the line.
        day: the line's date, or a time that is written with its date first.
        amount: what was billed, an exact decimal.
        where: which lines are compared: those that cost something, and that the run counts.
        counted: the days that the run counts, over a column `day`, where `where` does not say.
        line_id: text that no two lines of one delivery share, NULL where there is none.
        exported: when a line was written, where lines have no id: it tells parts of an hour's usage
            in one delivery apart, and another delivery of the line has another.
    """

    few: Sequence[str]
    line: Sequence[str]
    day: str
    amount: str
    where: str = "TRUE"
    counted: str = "TRUE"
    line_id: str = "CAST(NULL AS VARCHAR)"
    exported: str = ""


@dataclass(slots=True)
class _Sums:
    """Lines and their money, without signs; whole and by day.

    `shared` is the lines again, of a line in several files those of one other file: what two files
    have in common, however many there are. Money and days are of those.
    """

    lines: int = 0
    shared: float = 0.0
    money: float = 0.0
    amount: float = 0.0
    days: dict[str, tuple[float, float]] = field(default_factory=dict)

    def add(self, row: dict[str, Any]) -> None:
        many, money = float(row.get("shared", row["x_lines"])), float(row["money"])
        self.lines += int(row["x_lines"])
        self.shared += many
        self.money += money
        self.amount += float(row["amount"])
        self.days[row["day"]] = (many, money)


def require_single(source: Source, facts: Facts) -> list[str]:
    """Stop when lines of the bill are there twice for certain; where they may be, say so.

    Certain are a line's own id twice in a file; and repeats that are a tenth of a file's lines and
    money, or most of a day's: in one file, or in two.

    Returns:
        Notes of lines that are repeated; none: none are.

    Raises:
        DataError: names the file or both, the days, how many lines, and what they cost.
    """
    few = _key(source, facts.few)
    keys = f"SELECT {few} AS line, COUNT(*) AS times FROM {source.relation} WHERE {facts.where} GROUP BY 1"
    if source.engine.dialect == "duckdb":
        alike = source.engine.query(f"SELECT line FROM ({keys}) AS keys WHERE times > 1")
        if not alike.num_rows:
            return []
        source.engine.register(_ALIKE, alike)
        source.engine.register(_EACH, _ask_table(source, _near(source, facts, few)))
        each = f"SELECT * FROM {_EACH} WHERE line IS NOT NULL"
        sizes = f"SELECT file, day, SUM(times) AS x_lines, SUM(money) AS money, SUM(total) AS amount FROM {_EACH} GROUP BY 1, 2"
    else:
        (counts,) = _ask(source, f"SELECT SUM(times - 1) AS again FROM ({keys}) AS keys")
        if not int(counts["again"] or 0):
            return []
        each, sizes = _each(source, facts), _sizes(source, facts)
    rows = _counted(source, facts, _ask(source, _repeats(each, facts)))
    return _judged(source, sizes, rows) if rows else []


def _counted(source: Source, facts: Facts, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if facts.counted == "TRUE" or not rows:
        return rows
    days = ", ".join(f"({literal(day)})" for day in sorted({str(row["day"]) for row in rows}))
    known = _ask(source, f"SELECT day FROM (VALUES {days}) AS days (day) WHERE {facts.counted}")
    counted = {row["day"] for row in known}
    return [row for row in rows if row["day"] in counted]


def _judged(source: Source, sizes: str, rows: Sequence[dict[str, Any]]) -> list[str]:
    files: dict[str, _Sums] = {}
    for row in _ask(source, sizes):
        files.setdefault(row["file"], _Sums()).add(row)
    pairs: dict[tuple[str, str, str], _Sums] = {}
    for row in rows:
        key = (row["one"], row["other"], row["told_by"])
        pairs.setdefault(key, _Sums()).add(row)
    notes = []
    # The largest first: what it says explains the others.
    for (one, other, told_by), again in sorted(pairs.items(), key=lambda pair: -pair[1].lines):
        smaller = min(files[one], files[other], key=lambda sums: sums.lines)
        name, second = (source.files.get(file, "the bill") for file in (one, other))
        place = f"in {name}" if one == other else f"in {name} and in {second}"
        told = f"{again.lines:,} of {smaller.lines:,} lines {place}, {_period(again)}"
        part = OF_MONTH if told_by == "others" else OF_FILE
        if told_by == "id" or _certain(again, smaller, part, two=other != one):
            raise DataError(
                f"the same lines twice: {told}, are there more than once: {again.amount:,.2f} would"
                " be counted again",
                hint="keep one copy: two deliveries of one month, or one file under two names,"
                " double it; with the manifests in place burn reads only the current delivery",
            )
        if told_by == "facts":
            notes.append(f"{told}, are there more than once: {again.amount:,.2f} is counted again")
    return notes


def _certain(again: _Sums, file: _Sums, part: float, *, two: bool) -> bool:
    if again.shared < FEW and not (two and 2 * again.shared >= file.lines):
        return False
    if again.shared >= part * file.lines and again.money >= part * file.money:
        return True
    for day, (many, money) in again.days.items():
        all_lines, all_money = file.days.get(day, (0, 0.0))
        if many >= FEW and many >= OF_DAY * all_lines and money >= OF_DAY * all_money:
            return True
    return False


def number(value: str, *, text: bool) -> str:
    """A number to compare, whatever digits a writer gave it."""
    return f"TRY_CAST({value} AS DOUBLE)" if text else value


def time(value: str, *, text: bool) -> str:
    """An instant to compare, without the fractions that some writers add."""
    return f"REPLACE(SUBSTR({value}, 1, 19), 'T', ' ')" if text else value


def _period(sums: _Sums) -> str:
    first, last = min(sums.days), max(sums.days)
    return f"of {first}" if first == last else f"of {first} to {last}"


_OWN = (
    "CASE WHEN COUNT(own) = COUNT(*) THEN 1 ELSE 0 END AS by_id,"
    " CASE WHEN COUNT(own) = COUNT(*) THEN COUNT(DISTINCT own) ELSE COUNT(*) END AS apart"
)
"""Whether lines have ids or times of their own, and how many they are by those."""


def _near(source: Source, facts: Facts, few: str) -> str:
    """Lines that are alike, and the sums of all the others of each file and day, in one pass."""
    lines = (
        f"SELECT *, {few} IN (SELECT line FROM {_ALIKE}) AS burn_near"
        f" FROM {source.relation} WHERE {facts.where}"
    )
    told = (
        f"SELECT {_file(source)} AS file, {_day(facts)} AS day, {facts.amount} AS amount,"
        f" CASE WHEN burn_near THEN {_key(source, facts.line)} END AS line,"
        f" CASE WHEN burn_near THEN {facts.exported or facts.line_id} END AS own"
        f" FROM ({lines}) AS lines"
    )
    return (
        f"SELECT file, line, day, MIN(amount) AS amount, COUNT(*) AS times, {_OWN},"
        " SUM(ABS(amount)) AS money, SUM(amount) AS total"
        f" FROM ({told}) AS told WHERE amount <> 0 GROUP BY file, line, day"
    )


def _each(source: Source, facts: Facts) -> str:
    """Every line with how often it is there, in each file."""
    lines = (
        f"SELECT {_file(source)} AS file, {_key(source, facts.line)} AS line, {_day(facts)} AS day,"
        f" {facts.amount} AS amount, {facts.exported or facts.line_id} AS own"
        f" FROM {source.relation} WHERE {facts.where}"
    )
    return (
        f"SELECT file, line, MIN(day) AS day, MIN(amount) AS amount, COUNT(*) AS times, {_OWN}"
        f" FROM ({lines}) AS lines WHERE amount <> 0 GROUP BY 1, 2"
    )


def _repeats(each: str, facts: Facts) -> str:
    """Per file, or two, and day: lines beyond the first.

    They are told by an id; by facts; by facts in spite of ids of their own, as in two versions of a
    month.
    """
    same = "facts" if facts.exported else "id"
    within = (
        f"SELECT file AS one, file AS other, '{same}' AS told_by, day, amount,"
        " CASE WHEN by_id = 1 THEN times - apart ELSE 0 END AS again, 1 AS others"
        " FROM each_line UNION ALL"
        " SELECT file AS one, file AS other, CASE WHEN by_id = 1 THEN 'others' ELSE 'facts' END"
        " AS told_by, day, amount, CASE WHEN by_id = 1 THEN apart ELSE times END - 1 AS again,"
        " 1 AS others FROM each_line"
    )
    across = (
        "SELECT MIN(file) AS one, MAX(file) AS other, 'facts' AS told_by, MIN(day) AS day,"
        " MIN(amount) AS amount, SUM(apart) - MAX(apart) AS again,"
        " COUNT(*) - 1 AS others FROM each_line GROUP BY line HAVING COUNT(*) > 1"
    )
    return (
        f"WITH each_line AS ({each}) SELECT one, other, told_by, day, SUM(again) AS x_lines,"
        " SUM(again / others) AS shared, SUM(again * ABS(amount) / others) AS money,"
        " SUM(again * amount) AS amount"
        f" FROM ({within} UNION ALL {across}) AS repeats WHERE again > 0 GROUP BY 1, 2, 3, 4"
        " ORDER BY 1, 2, 3, 4"
    )


def _sizes(source: Source, facts: Facts) -> str:
    return (
        "SELECT file, day, COUNT(*) AS x_lines, SUM(ABS(amount)) AS money, SUM(amount) AS amount"
        f" FROM (SELECT {_file(source)} AS file, {_day(facts)} AS day, {facts.amount} AS amount"
        f" FROM {source.relation} WHERE {facts.where}) AS lines WHERE amount <> 0 GROUP BY 1, 2"
    )


def _file(source: Source) -> str:
    return FILE if source.parts else "''"


def _day(facts: Facts) -> str:
    return f"SUBSTR(CAST({facts.day} AS VARCHAR), 1, 10)"


def _key(source: Source, values: Sequence[str]) -> str:
    if source.engine.dialect == "duckdb":
        return f"HASH({', '.join(values)})"
    texts = ", '|', ".join(f"COALESCE(CAST({value} AS VARCHAR), '')" for value in values)
    return f"CONCAT({texts})"


def _ask(source: Source, sql: str) -> list[dict[str, Any]]:
    return list(_ask_table(source, sql).to_pylist())


def _ask_table(source: Source, sql: str) -> pa.Table:
    return source.engine.query(to_dialect(sql, source.engine.dialect))
