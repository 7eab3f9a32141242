"""Commitments on the bill: how well they are used, what the cluster has of them, when they end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.builtin.sinks.table.header import title
from burn.text.clean import clean
from burn.view.commitments import HEADS, cells, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from burn.view.summary import Summary


def parts(summary: Summary, currency: str) -> Iterator[RenderableType]:
    """Nothing where there is none."""
    from rich.table import Table
    from rich.text import Text

    found = summary.commitments
    if found is None or not found.rows:
        return
    table = Table(box=None, pad_edge=False, expand=True, padding=(0, 1, 0, 0), header_style="dim")
    table.add_column("", ratio=1, overflow="fold")
    for head in HEADS:
        table.add_column(head, justify="right", no_wrap=True)
    for one in found.rows:
        table.add_row(Text(clean(f"{one.label}: {one.what}")), *cells(one))
    yield title(f"COMMITMENTS ({currency} a month)")
    yield table
    yield Text(f"{sentence(found)}.")
