"""One file's columns in burn's names for them, and how the file is counted before it is read."""

from __future__ import annotations

from collections.abc import Mapping

from burn.api import DataError
from burn.api.bills.engine.layout import Layout, Raw, spelled
from burn.api.bills.queries.sql import is_text, null_words, quoted
from burn_aws.bill.lines.formats import CUR, FOCUS, TAG_MAPS, detect, squash


def recognise(columns: Mapping[str, str]) -> Layout:
    """The layout of a file (or table) with these columns, name → type.

    All spellings of a fact get the Parquet one, so that months of different spellings meet.

    Raises:
        DataError: no format fits, a required column is missing, two columns hold one fact, or the
            columns of two formats are in one file.
    """
    form = detect(columns)
    names = CUR if form.family == "cur" else FOCUS
    known = [*names.values(), *TAG_MAPS[form.family]]
    facts = spelled(columns, {name: (name,) for name in known}, squash)
    facts = {name: own for name, own in facts.items() if name not in TAG_MAPS[form.family]}
    _require_one_format(columns)
    tags = {f"resource_tags/{tag}": (column,) for tag, column in form.tags.items()}
    maps = {} if form.tag_map is None else {TAG_MAPS[form.family][0]: (form.tag_map,)}
    return Layout(
        name=form.name,
        family="CUR" if form.family == "cur" else "FOCUS",
        columns=facts | tags | maps,
        raw=_raw({fact: facts[name][0] for fact, name in names.items() if name in facts}, columns),
    )


def _require_one_format(columns: Mapping[str, str]) -> None:
    """CUR's amount and FOCUS's in one file: which of them holds cannot be told."""
    known = {squash(name): name for name in columns}
    both = [known.get(squash(names["currency"])) for names in (CUR, FOCUS)]
    amounts = [known.get(squash(CUR["unblended"])), known.get(squash(FOCUS["billed"]))]
    if all(both) and all(amounts):
        raise DataError(
            f"has the columns of two formats: `{amounts[0]}` of a CUR and `{amounts[1]}` of FOCUS",
            hint="keep the columns that one export wrote",
        )


def _raw(own: Mapping[str, str], columns: Mapping[str, str]) -> Raw:
    def value(fact: str) -> str:
        name = quoted(own[fact])
        return null_words(name) if is_text(columns[own[fact]]) else name

    amount = own["unblended" if "unblended" in own else "billed"]
    # Split cost allocation repeats, pod by pod, what the instance's own line says.
    exempt = f"COALESCE({value('split_parent')}, '') <> ''" if "split_parent" in own else "FALSE"
    return Raw(
        amount=quoted(amount),
        amount_column=amount,
        month=value("month"),
        currency=value("currency"),
        numbers={own["usage"]: (value("usage"), "FALSE")},  # `gaps` tells of empty ones
        filled={own[fact]: value(fact) for fact in ("start", "end", "month", "currency")},
        exempt=exempt,
    )
