"""Who carries the cost, as areas: squarified (Bruls, Huizing and van Wijk, 2000)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from burn.api.money import figure
from burn.builtin.sinks.html.elements import Markup, tag
from burn.builtin.sinks.html.palette import HATCHED, NOBODY, OWNERS, chart, hatch
from burn.view.owners import Owner

WIDTH, HEIGHT = 860.0, 360.0
Box = tuple[float, float, float, float]
"""x, y, width, height."""


def drawn(owners: Sequence[Owner], currency: str) -> Markup:
    """A rectangle an owner; what is nobody's is grey and hatched. Credits have no area.

    Args:
        owners: rows with their cents at the run's basis.
        currency: of the cents.
    """
    shown = sorted((o for o in owners if o.basis > 0), key=lambda o: (-o.basis, o.label))
    parts = [hatch()]
    boxes = squarified([float(one.basis) for one in shown], (0.0, 0.0, WIDTH, HEIGHT))
    for at, (owner, box) in enumerate(zip(shown, boxes, strict=True)):
        parts.append(_cell(owner, box, OWNERS[min(at, len(OWNERS) - 1)]))
    return chart(
        f"Cost by namespace, {currency}",
        "A rectangle a row of the table below, as large as its cost; nobody's cost is hatched.",
        WIDTH,
        HEIGHT,
        *parts,
    )


def _cell(owner: Owner, box: Box, colour: str) -> Markup:
    x, y, width, height = box
    is_nobodys = owner.kind not in ("", "rest")
    inner = {
        "x": x + 0.5,
        "y": y + 0.5,
        "width": max(0.0, width - 1),
        "height": max(0.0, height - 1),
    }
    parts = [tag("rect", fill=NOBODY if is_nobodys else colour, **inner)]
    if is_nobodys:
        parts.append(tag("rect", fill=HATCHED, fill_opacity=0.25, **inner))
    room = int((width - 12) / 7.2)
    if room >= 4 and height >= 20:
        label = owner.label if len(owner.label) <= room else owner.label[: room - 1] + "…"
        parts.append(tag("text", label, x=x + 6, y=y + 17, fill=_on(colour, is_nobodys)))
        if height >= 38 and room >= len(figure(owner.basis)):
            amount = figure(owner.basis)
            parts.append(tag("text", amount, x=x + 6, y=y + 33, fill=_on(colour, is_nobodys)))
    return tag("g", tag("title", f"{owner.label}: {figure(owner.basis)}"), *parts)


def _on(colour: str, is_nobodys: bool) -> str:
    """Text that can be read on a colour."""
    return "#10151c" if is_nobodys or colour in OWNERS[2:] else "#ffffff"


def squarified(sizes: Sequence[float], box: Box) -> Iterator[Box]:
    """A box for each size, in proportion, as near to squares as a row at a time allows.

    Args:
        sizes: above zero, largest first.
        box: to fill.
    """
    total = sum(sizes)
    at = 0
    while at < len(sizes):
        x, y, width, height = box
        scale = width * height / total if total else 0.0
        side = min(width, height)
        end = at + 1
        while end < len(sizes) and _worst(sizes[at : end + 1], side, scale) <= _worst(
            sizes[at:end], side, scale
        ):
            end += 1
        row = sizes[at:end]
        thick = sum(row) * scale / side if side else 0.0
        for size in row:
            long = size * scale / thick if thick else 0.0
            if width >= height:
                yield (x, y, thick, long)
                y += long
            else:
                yield (x, y, long, thick)
                x += long
        x, y, width, height = box
        box = (
            (x + thick, y, width - thick, height)
            if width >= height
            else (x, y + thick, width, height - thick)
        )
        total -= sum(row)
        at = end


def _worst(row: Sequence[float], side: float, scale: float) -> float:
    """The least square of a row's boxes: how many times longer than wide."""
    area = sum(row) * scale
    if not area or not side:
        return float("inf")
    return max(
        max(side**2 * size * scale / area**2, area**2 / (side**2 * size * scale)) for size in row
    )
