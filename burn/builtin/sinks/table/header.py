"""The first lines: what the run was about, and its two sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.builtin.sinks.table.flow import Flow
from burn.text.clean import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from burn.view.summary import Summary


def parts(summary: Summary) -> Iterator[RenderableType]:
    """Facts in one dim paragraph, then the headline in bold."""
    from rich.text import Text

    yield Flow([f"{word}: {clean(value)}" for word, value in summary.facts], "  ")
    yield Text("")
    yield Text(summary.headline.sentence, style="bold")
    yield Text(summary.headline.detail)
    if summary.provisional:
        yield Text(summary.provisional.sentence, style="yellow")


def title(text: str) -> RenderableType:
    """A section's title, after a blank line."""
    from rich.text import Text

    return Text.assemble("\n", (text, "bold cyan"))
