"""One file's columns in burn's names for them, and how the file is counted before it is read."""

from __future__ import annotations

from collections.abc import Mapping

from burn.api import DataError
from burn.api.bills.engine.layout import Layout, Raw
from burn.api.bills.engine.unite import Part
from burn.api.bills.queries.sql import is_text, null_words
from burn_gcp.bill.lines.formats import FOCUS, USAGE, Format, detect, spellings
from burn_gcp.bill.lines.paths import fields
from burn_gcp.bill.lines.raw_lists import raw_list


def recognise(columns: Mapping[str, str]) -> Layout:
    """The layout of a file (or table) with these columns, name → type.

    Columns keep their names: all exports of one family spell a fact alike.

    Raises:
        DataError: no export fits, a required column is missing, or the columns of two formats are
            in one file.
    """
    paths = dict(fields(columns))
    form = detect({name: kind for name, (_, kind) in paths.items()})
    _require_one_format(paths)
    return Layout(name=form.name, family=form.family, columns={}, raw=_raw(form, paths))


def facts_in(part: Part) -> dict[str, tuple[str, str]]:
    """What files of equal columns know: fact → path and SQL, see `uneven`."""
    paths = dict(fields(part.columns))
    known = detect({name: kind for name, (_, kind) in paths.items()}).paths
    return {fact: (path, paths[path][0]) for fact, path in known.items()}


def _require_one_format(paths: Mapping[str, object]) -> None:
    """The amounts of two exports in one file: which of them holds cannot be told."""
    known = {path.lower(): path for path in paths}
    own = [known.get(spellings(facts["cost"])[0].lower()) for facts in (USAGE, FOCUS)]
    if all(own):
        raise DataError(
            f"has the columns of two formats: `{own[0]}` of a usage cost export and `{own[1]}` of"
            " FOCUS",
            hint="keep the columns that one export wrote",
        )


def _raw(form: Format, paths: Mapping[str, tuple[str, str]]) -> Raw:
    def value(fact: str) -> str:
        sql, kind = paths[form.paths[fact]]
        return null_words(sql) if is_text(kind) else sql

    filled = {form.paths[fact]: value(fact) for fact in ("start", "end", "month", "currency")}
    # A list that is repeated in BigQuery is never null; lines of JSON that lack it are cut.
    lists = [fact for fact in ("credits", "labels") if paths[form.paths[fact]][1].endswith("[]")]
    elements = {
        fact: raw_list(fact, form.paths[fact], *paths[form.paths[fact]])
        for fact in ("credits", "labels")
    }
    filled |= {form.paths[fact]: value(fact) for fact in lists}
    for each in elements.values():
        filled |= each.filled
    return Raw(
        amount=paths[form.paths["cost"]][0],
        amount_column=form.paths["cost"],
        month=value("month"),
        currency=value("currency"),
        filled=filled,
        # FOCUS's amounts are after credits.
        added="" if form.focus else elements["credits"].added,
        # What is there and no number; what is empty, `lacking` tells.
        numbers={form.paths["usage"]: (value("usage"), "FALSE")} if "usage" in form.paths else {},
        month_of=_of_focus if form.focus else _of_usage,
    )


def _of_usage(text: str) -> str:
    return f"{text[:4]}-{text[4:6]}"


def _of_focus(text: str) -> str:
    return text[:7]
