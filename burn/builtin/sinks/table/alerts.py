"""What `burn check` found, as a table with the reasons below it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from burn.builtin.sinks.alerts import HEADS, NONE, cells, reasons

if TYPE_CHECKING:
    from rich.console import Console

    from burn.api import Alert


def draw(console: Console, alerts: Sequence[Alert]) -> None:
    """All of them, in the order they were found."""
    from rich.box import SIMPLE_HEAD
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    if not alerts:
        console.print(NONE)
        return
    grid = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for name in HEADS:
        figures = name in HEADS[2:4]
        grid.add_column(name, justify="right" if figures else "left", overflow="fold")
    for one in alerts:
        grid.add_row(*(Text(cell) for cell in cells(one)))  # Text: a `[` in a name is no markup
    console.print(grid)
    for label, words in reasons(alerts):
        console.print(Text(f"\n{label}:"))
        console.print(Padding(Text(words), (0, 0, 0, 2)))
