"""An export's fields as typed SQL: money as exact decimals, time as naive UTC, text never null.

DuckDB's dialect; `to_dialect` makes it BigQuery's, lists and JSON too. CSV holds everything as
text, arrays as JSON: they are cast here, so that no digit passes through a float that was not
one before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from burn.api import Window
from burn.api.bills.engine.source import Source
from burn.api.bills.engine.unite import FILE
from burn.api.bills.queries import span, terms
from burn.api.bills.queries.sql import MONEY, NO_MONEY, amount, is_text, literal, moment, null_words
from burn_gcp.bill.lines.formats import Format, detect
from burn_gcp.bill.lines.paths import fields

_JSON = {
    "labels": '[{"key":"VARCHAR","value":"VARCHAR"}]',
    "credits": '[{"name":"VARCHAR","amount":"VARCHAR","full_name":"VARCHAR","id":"VARCHAR","type":"VARCHAR"}]',
}
ZERO = f"CAST(0 AS {MONEY})"


@dataclass(frozen=True, slots=True)
class Table:
    """A source whose format is known, with accessors that yield SQL for a fact of a line.

    Attributes:
        paths: every field's dotted path → its SQL and the engine's type.
    """

    source: Source
    format: Format
    paths: Mapping[str, tuple[str, str]]

    @classmethod
    def of(cls, source: Source) -> Table:
        """Detect the format; raises DataError when none fits."""
        paths = dict(fields(source.columns))
        return cls(source, detect({name: kind for name, (_, kind) in paths.items()}), paths)

    @property
    def file(self) -> str:
        """Which file a line is of; a warehouse's table is one."""
        return FILE if self.source.parts else "''"

    @property
    def formats(self) -> tuple[tuple[str, Format], ...]:
        """One of the files of equal columns, and what they are: one may lack a column that another has.

        A warehouse's table has no file.
        """
        names = self.source.files
        parts = [
            (min(names[file] for file in part.files), dict(fields(part.columns)))
            for part in self.source.parts
        ] or [("", dict(self.paths))]
        return tuple(
            (file, detect({name: kind for name, (_, kind) in part.items()})) for file, part in parts
        )

    def has(self, fact: str) -> bool:
        """Whether the export has a field for the fact."""
        return fact in self.format.paths

    def _field(self, fact: str) -> tuple[str, str]:
        return self.paths[self.format.paths[fact]]

    def raw(self, fact: str) -> str:
        """The field as it is."""
        return self._field(fact)[0]

    @property
    def is_text(self) -> bool:
        """Whether all values are text, as in a CSV."""
        return is_text(self._field("cost")[1])

    def text(self, fact: str) -> str:
        """Text, empty for null or a missing field."""
        if not self.has(fact):
            return "''"
        sql, kind = self._field(fact)
        value = sql if is_text(kind) else f"CAST({sql} AS VARCHAR)"
        return f"COALESCE({null_words(value) if self.is_text else value}, '')"

    def money(self, fact: str) -> str:
        """An exact decimal, NULL for an empty cell or a missing field."""
        if not self.has(fact):
            return NO_MONEY
        sql, kind = self._field(fact)
        return amount(sql, kind)

    def at(self, fact: str) -> str:
        """An instant, naive UTC."""
        sql, kind = self._field(fact)
        return moment(sql, kind)

    def overlaps(self, window: Window) -> str:
        """Whether a line is in the window; on the columns as they are, so that files can be skipped."""
        return span.overlaps(window, self._moment("start"), self._moment("end"), zoned=self._zoned)

    def month_at(self) -> str:
        """The first instant of the invoice's month, as Google writes it; its own zone's is later."""
        return f"CAST(CONCAT({self.month()}, '-01') AS TIMESTAMP)"

    def charged(self) -> str:
        """When money with a term is charged, see `terms.charged`."""
        kind = f"COALESCE(NULLIF({self.text('cost_type')}, ''), 'regular')"
        usage = (
            f"{self.text('category')} IN ('', 'Usage')"
            if self.has("category")
            else f"{kind} = 'regular'"
        )
        once = f"{self.text('frequency')} = 'One-Time'"
        start, end = self.at("start"), self.at("end")
        return terms.charged(self.month_at(), once=once, usage=usage, start=start, end=end)

    def counted_from(self, window: Window) -> str:
        """The instant from which a line counts in the window; few lines take the long way."""
        return (
            f"CASE WHEN {self._inside(window)} THEN {self.at('start')} "
            f"ELSE {terms.counted_from(window, self.at('start'), self.charged())} END"
        )

    def share(self, window: Window) -> str:
        """The part of a line that is in the window; few lines take the long way.

        All costs of this export are cash: money with a term is whole in its charge's window.
        """
        parts = terms.shares(
            window,
            self.month_at(),
            charged=self.charged(),
            start=self.at("start"),
            end=self.at("end"),
        )
        return f"CASE WHEN {self._inside(window)} THEN NULL ELSE {parts['cash']} END"

    def _inside(self, window: Window) -> str:
        first, last = (span.instant(at, zoned=self._zoned) for at in (window.start, window.end))
        return f"{self._moment('start')} >= {first} AND {self._moment('end')} <= {last}"

    @property
    def _zoned(self) -> bool:
        kinds = {self._field(fact)[1] for fact in ("start", "end")}
        return kinds == {"timestamp with time zone"}

    def _moment(self, fact: str) -> str:
        """An instant to compare: changing its type takes time."""
        return self._field(fact)[0] if self._zoned else self.at(fact)

    def newest(self, fact: str) -> str:
        """The latest instant of all lines, naive UTC."""
        sql, kind = self._field(fact)
        if kind == "timestamp with time zone":
            return f"CAST(MAX({sql}) AS TIMESTAMP)"
        return f"MAX({self.at(fact)})"

    def month(self) -> str:
        """The invoice's month as `YYYY-MM`."""
        if self.format.focus:
            return f"SUBSTR(CAST({self.at('month')} AS VARCHAR), 1, 7)"
        value = self.text("month")
        return f"CONCAT(SUBSTR({value}, 1, 4), '-', SUBSTR({value}, 5, 2))"

    def label(self, key: str) -> str:
        """A label's value, NULL where a line lacks it."""
        array = self._array("labels")
        if array is None:
            return "CAST(NULL AS VARCHAR)"
        return f"LIST_MAX([u.value FOR u IN {array} IF u.key = {literal(key)}])"

    def credit(self, types: Sequence[str], *, others: bool = False) -> str:
        """The sum of a line's credits of these types, or of all but these."""
        array = self._array("credits")
        if array is None:
            return ZERO
        listed = ", ".join(map(literal, types))
        test = f"COALESCE(u.type, '') {'NOT ' * others}IN ({listed})" if types else "TRUE"
        total = f"LIST_SUM([CAST(u.amount AS {MONEY}) FOR u IN {array} IF {test}])"
        if array == self._field("credits")[0]:
            # Most lines have no credit, and an empty list takes as long as one.
            total = f"CASE WHEN ARRAY_LENGTH({array}) > 0 THEN {total} END"
        return f"COALESCE({total}, {ZERO})"

    def credit_name(self, kind: str) -> str:
        """The name of a line's credit of this type."""
        array = self._array("credits")
        if array is None:
            return "''"
        return f"COALESCE(LIST_MAX([u.name FOR u IN {array} IF u.type = {literal(kind)}]), '')"

    def credit_types(self) -> str:
        """The types of a line's credits, each after a bar: `|FREE_TIER|PROMOTION`."""
        array = self._array("credits")
        if array is None:
            return "''"
        return f"COALESCE(ARRAY_TO_STRING([CONCAT('|', COALESCE(u.type, '')) FOR u IN {array}], ''), '')"

    def has_items(self, fact: str) -> str:
        """Whether a line's list is not empty, by the column as it is."""
        sql, kind = self._field(fact)
        if is_text(kind) or kind == "json":
            return f"LENGTH(CAST({sql} AS VARCHAR)) > 4"
        return f"ARRAY_LENGTH({sql}) > 0"

    def is_written(self, fact: str) -> str:
        """Whether a line has a list, an empty one too; only text can lack it."""
        sql, kind = self._field(fact)
        return f"{null_words(sql)} IS NOT NULL" if is_text(kind) else "TRUE"

    def _array(self, fact: str) -> str | None:
        if not self.has(fact):
            return None
        sql, kind = self._field(fact)
        if kind == "json" or is_text(kind):
            text = f"CAST(TO_JSON({sql}) AS VARCHAR)" if kind == "json" else sql
            if self.format.focus:
                text = _lower_keys(text)
            return from_text(text, literal(_JSON[fact]))
        known = "key" in kind.lower() or fact == "credits"
        return sql if kind.endswith("[]") and known else None


def _lower_keys(text: str) -> str:
    """FOCUS spells the keys of its arrays in capitals, other exports do not; JSON minds it."""
    for key in ("Key", "Value", "Name", "Amount", "Id", "Type"):
        old, new = literal(f'"{key}":'), literal(f'"{key.lower()}":')
        text = f"REPLACE({text}, {old}, {new})"
    return text


def from_text(text: str, shape: str) -> str:
    """An array of structs from its JSON.

    Some tools print Python's own notation, with single quotes; what is neither is an error of
    the engine's: credits that cannot be read are never taken for none.
    """
    double = f"REPLACE({text}, {literal(chr(39))}, {literal(chr(34))})"
    single = literal("[{'%")
    # The cases are of the text: BigQuery's way to take JSON apart may run before they are told.
    clean = (
        f"CASE WHEN {text} IN ('', '[]', '[{{}}]', 'NULL', 'null') THEN NULL "
        f"WHEN {text} LIKE {single} THEN {double} ELSE {text} END"
    )
    return f"FROM_JSON({clean}, {shape})"
