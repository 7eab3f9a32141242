"""The last lines: where prices came from, what is uncertain, where to look next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api.money import count, money
from burn.builtin.sinks.table.header import title

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from burn.view.analysis import Analysis
    from burn.view.summary import Summary


def parts(summary: Summary | Analysis, currency: str) -> Iterator[RenderableType]:
    """Notes, then next steps; nothing when there is nothing to say."""
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    sources = (
        f"{price.source} {money(price.cents, currency)} ({count(price.assets, 'asset')})"
        for price in summary.prices
    )
    found = list(summary.notes)
    if summary.prices:
        found.append(f"Report prices come from: {', '.join(sources)}.")
    if found:
        yield title("NOTES")
    for note in found:
        yield Padding(Text(f"- {note}"), (0, 0, 0, 1))
    if summary.next_steps:
        yield title("WHERE TO LOOK NEXT")
        table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 1))
        table.add_column(no_wrap=True, style="bold")
        table.add_column()
        for command, advice in summary.next_steps:
            table.add_row(Text(command), Text(advice))
        yield table
        yield Text("  with the options of this run", style="dim")
