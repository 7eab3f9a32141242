"""What a reader can act on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api.money import cents, figure
from burn.builtin.sinks.table.flow import Flow
from burn.builtin.sinks.table.header import title
from burn.text.clean import clean
from burn.view.findings import OVERLAP, effect, evidence, heading, left

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from burn.view.analysis import Analysis
    from burn.view.summary import Summary


def parts(summary: Summary | Analysis, currency: str) -> Iterator[RenderableType]:
    """One block a finding: title and subject, evidence, action; the monthly projection right."""
    from rich.console import Group
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    if not summary.findings:
        return
    yield title(f"FINDINGS (projected to 730 hours a month, {currency})")
    table = Table(box=None, show_header=False, pad_edge=False, expand=True, padding=(0, 1, 0, 0))
    table.add_column(ratio=1, overflow="fold")
    table.add_column(justify="right", no_wrap=True)
    for finding in summary.findings:
        words = Group(
            Flow([f"{finding.title}:", heading(finding)], " ", style="bold"),
            Padding(Text(evidence(finding)), (0, 0, 0, 3)),
            Padding(Text(f"> {clean(finding.action)}"), (0, 0, 0, 3)),
            Padding(Flow(effect(finding).split(" · "), " · "), (0, 0, 0, 3)),
        )
        table.add_row(words, Text(f"{figure(cents(finding.monthly))}/month", style="bold"))
    yield table
    if summary.findings_left:
        yield Text(left(summary.findings_left), style="dim")
    yield Text(OVERLAP, style="dim")
