"""Cost by namespace, owner and workload, each adding up to the ledger's landings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api.money import figure
from burn.builtin.sinks.table.header import title
from burn.view.owners import BASIS_TOTALS, Owner, Owners

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from burn.view.summary import Summary


def parts(summary: Summary, currency: str) -> Iterator[RenderableType]:
    """Namespaces always; owners when a policy named them; workloads when there is more to say."""
    yield from _section("NAMESPACES", summary.namespaces, currency)
    if summary.owners:
        yield from _section("OWNERS", summary.owners, currency)
    for name, owners in summary.dimensions:
        yield from _section(f"BY {name.upper()}", owners, currency)
    if summary.workloads:
        yield from _section("WORKLOADS", summary.workloads, currency)


def _section(name: str, owners: Owners, currency: str) -> Iterator[RenderableType]:
    from rich.table import Table
    from rich.text import Text

    both = owners.basis != "list"
    table = Table(box=None, pad_edge=False, expand=True, padding=(0, 1, 0, 0), header_style="dim")
    table.add_column("", ratio=1, overflow="fold")
    heads = ["report"] + [owners.basis, "change"] * both
    if owners.provider is not None:
        heads.append("provider's split")
    for head in heads:
        table.add_column(head, justify="right", no_wrap=True)
    for row in owners.rows:
        style = "dim" if row.kind else ""
        table.add_row(Text(row.label, style=style), *_figures(owners, row, both=both))
    total = Owner("total", "", owners.report, owners.total, owners.provider)
    landing = BASIS_TOTALS[owners.basis]
    label = f"= REPORT, {landing}" if both else "= REPORT"
    table.add_row(
        Text(label, style="bold"), *(Text(f, "bold") for f in _figures(owners, total, both=both))
    )
    yield title(f"{name} ({currency})")
    yield table
    if owners.misses != (0, 0):
        miss = ", ".join(figure(value, sign=True) for value in owners.misses)
        yield Text(f"These rows miss the ledger's totals by {miss}: a defect.", style="bold red")


def _figures(owners: Owners, row: Owner, *, both: bool) -> list[str]:
    values = [figure(row.report)]
    if both:
        values += [figure(row.basis), figure(row.basis - row.report, sign=True)]
    if owners.provider is not None:
        values.append("" if row.provider is None else figure(row.provider))
    return values
