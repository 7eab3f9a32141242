"""The waterfall. Narrow: words below each driver. Wide: words beside it, and a bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api.money import figure
from burn.builtin.sinks.table.bars import bar
from burn.builtin.sinks.table.flow import Flow
from burn.builtin.sinks.table.header import title

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType
    from rich.table import Table

    from burn.view.waterfall import Step

WIDE = 110
"""From this width on, sentences stand beside the driver."""
BAR = 12
MOVES = ("driver", "service", "rest")
STYLES = {"landing": "bold", "group": "cyan", "check": "dim"}
INDENT = {"landing": 0, "group": 1, "check": 2}


def parts(
    steps: Sequence[Step], currency: str, *, wide: bool, blocks: bool
) -> Iterator[RenderableType]:
    """The ledger as one table.

    Args:
        steps: the waterfall.
        currency: for the title; figures are bare numbers.
        wide: there is room for three columns.
        blocks: the output can show block characters.
    """
    from rich.table import Table

    yield title(f"LEDGER, from the report to the bill ({currency})")
    table = Table(
        box=None,
        show_header=False,
        pad_edge=False,
        expand=True,
        padding=(0, 2 if wide else 1, 0, 0),
    )
    if wide:
        table.add_column(min_width=24, max_width=32)
    table.add_column(ratio=1)
    if wide:
        table.add_column(width=BAR, no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    largest = max((abs(step.cents) for step in steps if step.kind in MOVES), default=0)
    for step in steps:
        cents = step.cents if step.kind in MOVES else 0
        _row(table, step, bar(cents, largest, BAR, blocks=blocks) if wide else None)
    yield table


def _row(table: Table, step: Step, bar: str | None) -> None:
    from rich.console import Group
    from rich.padding import Padding
    from rich.text import Text

    style = STYLES.get(step.kind, "")
    # Landings and checks are totals; everything else is a change, with its sign.
    amount = Text(figure(step.cents, sign=step.kind not in ("landing", "check")), style=style)
    depth = INDENT.get(step.kind, 3)
    words: list[RenderableType] = [Text(step.why)] if step.why else []
    label = Text(step.label, style=style)
    if bar is None and step.kind in ("service", "rest"):
        label = Text.assemble(label, (f" · {step.proof}", "dim"))
    elif step.proof:
        words.append(Flow(step.proof.split(" · "), " · "))
    name = Padding(label, (0, 0, 0, depth))
    if bar is not None:
        table.add_row(name, Group(*words), bar, amount)
    else:
        table.add_row(Group(name, *(Padding(word, (0, 0, 0, depth + 2)) for word in words)), amount)
