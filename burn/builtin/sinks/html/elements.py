"""Tags and text of HTML and SVG: all text is escaped here, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from burn.text.clean import clean

VOID = ("meta", "br")


class Markup(str):
    """Text that is HTML already; all other text is escaped on its way into a tag."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in a table.

    Attributes:
        text: as it is shown.
        value: what the column is sorted by.
    """

    text: str
    value: float


Part = str | Figure | None


def tag(name: str, /, *parts: Part, **attributes: str | float | None) -> Markup:
    """An element; `_` in attribute names is `-`, `class_` is `class`, None leaves one out."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_number(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in VOID:
        return Markup(f"<{name}{written}>")
    return Markup(f"<{name}{written}>{joined(parts)}</{name}>")


def joined(parts: Iterable[Part]) -> Markup:
    """The parts one after the other."""
    return Markup("".join(map(_html, parts)))


def table(
    caption: str, heads: Sequence[str], rows: Iterable[Sequence[Part]], *, kind: str = ""
) -> Markup:
    """A table whose first column names the row; figures are to the right.

    Args:
        caption: what the table shows.
        heads: of its columns.
        rows: cells of each row.
        kind: class of the table.
    """
    body = [_row(row) for row in rows]
    columns = [tag("th", head, scope="col") for head in heads]
    return tag(
        "div",
        tag(
            "table",
            tag("caption", caption),
            tag("thead", tag("tr", *columns)),
            tag("tbody", *body),
            class_=kind or None,
        ),
        class_="scroll",
        tabindex="0",
        role="region",
        aria_label=caption,
    )


def _row(row: Sequence[Part]) -> Markup:
    first, *others = row
    return tag("tr", tag("th", first, scope="row"), *map(_cell, others))


def _cell(part: Part) -> Markup:
    if isinstance(part, Figure):
        return tag("td", part, class_="figure", data_value=part.value)
    return tag("td", part)


def _html(part: Part) -> str:
    if isinstance(part, Markup):
        return part
    if isinstance(part, Figure):
        return escape(part.text)
    return escape(clean(part or ""))


def _number(value: str | float) -> str:
    """Geometry to a tenth: smaller steps cannot be seen, and cost bytes."""
    return clean(value) if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")
