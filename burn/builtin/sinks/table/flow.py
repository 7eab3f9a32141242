"""Short parts in a row; a line ends between two parts, inside one only if it is too long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult


class Flow:
    """A rich renderable of parts with a separator, e.g. `31 bill lines · confidence high`."""

    def __init__(self, parts: Sequence[str], separator: str, *, style: str = "dim") -> None:
        self._parts, self._separator, self._style = parts, separator, style

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        from rich.text import Text

        for line in self._lines(options.max_width):
            yield Text(line, style=self._style, overflow="fold")

    def _lines(self, width: int) -> Iterator[str]:
        from rich.cells import cell_len

        line = ""
        for part in self._parts:
            longer = f"{line}{self._separator}{part}" if line else part
            if line and cell_len(longer) > width:
                yield line
                longer = part
            line = longer
        yield line
