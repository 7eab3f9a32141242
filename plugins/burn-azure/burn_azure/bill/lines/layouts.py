"""One file's columns in burn's names for them, and how the file is counted before it is read."""

from __future__ import annotations

import re
from collections.abc import Mapping

from burn.api.bills.engine.layout import Layout, Raw, spelled
from burn.api.bills.queries.sql import is_text, null_words, quoted
from burn_azure.bill.lines.formats import NAMES, SPELLINGS, Format, canonical, detect, squash

ONE_ONLY = ("date", "end", "cost", "effective", "list", "charge")
"""Facts of which a file can have one column; of others, one that is empty is filled by the next."""
_DATE = re.compile(r"(\d{4})-?(\d{2})-?\d{2}|(\d{1,2})/\d{1,2}/(\d{4}|\d{2})(?!\d)")


def recognise(columns: Mapping[str, str]) -> Layout:
    """The layout of a file (or table) with these columns, name → type.

    Each fact gets the first of its names, so that agreements, versions and languages meet.

    Raises:
        DataError: no format fits, a required column is missing, or two columns hold one fact.
    """
    form = detect(columns)
    names = SPELLINGS[form.family]
    own = spelled(columns, names, squash, coalesced=names.keys() - set(ONE_ONLY))
    return Layout(
        name=form.name,
        family=NAMES[form.family],
        columns={canonical(form.family, fact): spellings for fact, spellings in own.items()},
        raw=_raw(form, columns),
    )


def month_of(text: str) -> str:
    """`YYYY-MM` of a date as exports write it; empty for any other text."""
    found = _DATE.match(text)
    if not found:
        return ""
    year, month = (found[1], found[2]) if found[1] else (found[4], found[3])
    return f"{int(year) + 2000 * (len(year) == 2):04d}-{int(month):02d}"


def _raw(form: Format, columns: Mapping[str, str]) -> Raw:
    def value(fact: str) -> str:
        name = quoted(form.columns[fact])
        text = is_text(columns[form.columns[fact]])
        return null_words(name) if text else f"CAST({name} AS VARCHAR)"

    def number(column: str) -> str:
        name = quoted(column)
        return null_words(name) if is_text(columns[column]) else name

    cost = form.columns["cost"]
    quantity = form.columns.get("quantity")
    return Raw(
        amount=quoted(cost),
        amount_column=cost,
        month=value("date"),
        currency=value("currency") if "currency" in form.columns else "''",
        filled={form.columns[f]: value(f) for f in ("date", "currency") if f in form.columns},
        numbers={quantity: (number(quantity), "FALSE")} if quantity else {},
        month_of=month_of,
    )
