"""A report without a bill: one screen of 80 columns and 45 lines, or with `--detail` all of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from burn.api.money import figure
from burn.builtin.sinks.table import findings as all_findings
from burn.builtin.sinks.table import notes as all_notes
from burn.builtin.sinks.table import screen
from burn.text.clean import clean
from burn.view.analysis import TOTAL, Analysis, shown
from burn.view.efficiency import Used, text
from burn.view.findings import remarks
from burn.view.grids import WORDS
from burn.view.owners import Owner, Owners

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table

KINDS, NAMESPACES, WORKLOADS = 5, 6, 4
"""How many are shown by name on one screen."""
_WORKLOAD = 3
"""Parts of a workload's name; a pod's has one more."""


def draw(console: Console, made: Analysis, currency: str) -> None:
    """One screen; notes take the lines that are left."""
    blocks = console.encoding.lower().startswith("utf")
    parts: list[RenderableType] = [
        *_head(made),
        *_kinds(made, currency),
        *_owners(
            made,
            made.owners or made.namespaces,
            "owner" if made.owners else "namespace",
            currency,
            NAMESPACES,
        ),
        *(
            _owners(made, made.workloads, "workload", currency, WORKLOADS, rest=False)
            if made.workloads
            else ()
        ),
        *screen.findings(made.findings, console.width, blocks=blocks),
    ]
    end = _ending(made)
    told = [*made.notes, *remarks(made.findings)]
    used = sum(len(console.render_lines(part, pad=False)) for part in [*parts, *end])
    for part in [*parts, *screen.notes(console, told, screen.LINES - used), *end]:
        console.print(part)


def draw_all(console: Console, made: Analysis, currency: str) -> None:
    """Every asset, namespace and sentence."""
    parts: list[RenderableType] = [
        *_head(made),
        *_kinds(made, currency),
        *_each(made, "node", "node", currency),
        *_gpus(made, currency),
        *_each(made, "volume", "volume", currency),
        *_each(made, "load_balancer", "load balancer", currency),
        *_owners(made, made.namespaces, "namespace", currency, None),
        *(_owners(made, made.owners, "owner", currency, None) if made.owners else ()),
        *(_owners(made, made.workloads, "workload", currency, None) if made.workloads else ()),
        *all_findings.parts(made, currency),
        *all_notes.parts(made, currency),
    ]
    for part in parts:
        console.print(part)


def _head(made: Analysis) -> Iterator[RenderableType]:
    from rich.text import Text

    facts = dict(made.facts)
    words = [facts["cluster"], facts["window"].partition(" UTC")[0], facts["metrics"]]
    line = " · ".join(clean(word) for word in [*words, facts["prices"], "no bill"])
    yield Text(line, style="dim", overflow="ellipsis", no_wrap=True)
    yield Text(made.sentence, style="bold")
    yield Text(made.detail)


def _table(head: str, columns: Sequence[str]) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, expand=True, padding=(0, 1, 0, 0), header_style="dim")
    table.add_column(head, ratio=1, no_wrap=True, overflow="ellipsis")
    for name in columns:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _kinds(made: Analysis, currency: str) -> Iterator[RenderableType]:
    """What the cluster is made of; the sum is the report."""
    from rich.text import Text

    both = made.namespaces.basis != "list"
    # What is idle is at list price.
    heads = ["number", "list" if both else "cost", "idle"]
    heads += [made.namespaces.basis] if both else []
    table = _table(f"MADE OF {_unit(made, currency)}", [*heads, "cpu used", "memory"])
    for one in made.kinds:
        used = (text(one.used.cpu), text(one.used.memory)) if one.kind == "node" else ("", "")
        table.add_row(
            Text(f"{WORDS[one.kind]}{one.label}"),
            f"{one.number:,}",
            figure(one.listed),
            "" if one.idle is None else figure(one.idle),
            *([figure(one.basis)] if both else []),
            *used,
        )
    sums = [sum(one.listed for one in made.kinds), sum(one.idle or 0 for one in made.kinds)]
    sums += [sum(one.basis for one in made.kinds)] if both else []
    cells = [f"{sum(one.number for one in made.kinds):,}", *map(figure, sums), "", ""]
    table.add_row(Text(TOTAL, style="bold"), *(Text(c, style="bold") for c in cells))
    yield Text("")
    yield table


def _unit(made: Analysis, currency: str) -> str:
    return f"({currency} a month)" if made.monthly else f"({currency})"


def _owners(
    made: Analysis, owners: Owners, noun: str, currency: str, top: int | None, *, rest: bool = True
) -> Iterator[RenderableType]:
    """Who carries it. Of workloads on a screen the largest alone: the namespaces add up."""
    from rich.text import Text

    both = owners.basis != "list"
    heads = ["list", owners.basis] if both else ["cost"]
    heads += [] if made.monthly else ["a month"]
    head = f"{noun.upper()} {_unit(made, currency)}"
    table = _table(head, [*heads, "cpu used", "memory", "efficiency"])
    total = Owner(TOTAL, "total", owners.report, owners.total)
    months = made.months[noun]
    rows = list(owners.rows) if top is None else list(screen.few(owners.rows, noun, top))
    if rest:
        rows.append(total)
    else:
        rows = [row for row in rows if row.kind == ""][:top]
    for row in rows:
        used = made.used.get(row.label, Used()) if row.kind == "" else None
        parts = (used.cpu, used.memory, used.efficiency) if used else ()
        style = "bold" if row.kind == "total" else "dim" if row.kind else ""
        cells = [
            *([figure(row.report)] if both else []),
            figure(row.basis if both else row.report),
            *([] if made.monthly else [_month(row, months, rows)]),
            *(map(text, parts) if used else ("", "", "")),
        ]
        label = _short(row.label) if made.pods else row.label
        table.add_row(Text(label, style=style), *(Text(c, style=style) for c in cells))
    yield Text("")
    yield table
    if owners.misses != (0, 0):
        miss = ", ".join(figure(value, sign=True) for value in owners.misses)
        yield Text(f"These rows miss the report by {miss}: a defect.", style="bold red")


def _month(row: Owner, months: dict[str, int], rows: Sequence[Owner]) -> str:
    """A row's cents a month; the one row that pools several has what the others leave."""
    if row.label in months:
        return figure(months[row.label])
    known = [one.label for one in rows if one.label in months and one.label != TOTAL]
    pooled = len(rows) - len(known) - 1
    return figure(months[TOTAL] - sum(months[one] for one in known)) if pooled == 1 else ""


def _short(label: str) -> str:
    """A pod's namespace and name: what lies between them does not fit on a screen."""
    parts = label.split("/")
    return "/".join([*parts[:-3], parts[-1]]) if len(parts) > _WORKLOAD else label


def _each(made: Analysis, kind: str, noun: str, currency: str) -> Iterator[RenderableType]:
    from rich.text import Text

    found = shown(made.things, kind)
    if not found:
        return
    node = kind == "node"
    heads = ["of", "cost", *(["idle"] if kind != "load_balancer" else [])]
    table = _table(
        f"{noun.upper()} {_unit(made, currency)}",
        [*heads, *(["cpu used", "memory"] if node else [])],
    )
    for one in found:
        table.add_row(
            Text(one.label),
            Text(one.owner),
            figure(one.basis),
            *([] if one.idle is None else [figure(one.idle)]),
            *([text(one.used.cpu), text(one.used.memory)] if node else []),
        )
    yield Text("")
    yield table


def _gpus(made: Analysis, currency: str) -> Iterator[RenderableType]:
    from rich.text import Text

    found = [one for one in shown(made.things, "node") if one.gpus]
    if not found:
        return
    table = _table(f"GPUS, at list price {_unit(made, currency)}", ["devices", "cost", "asked for"])
    for one in found:
        table.add_row(Text(one.label), f"{one.gpus:g}", figure(one.gpu_cents), text(one.used.gpu))
    yield Text("")
    yield table


def _ending(made: Analysis) -> list[RenderableType]:
    from rich.text import Text

    run = dict(made.facts)["run"]
    words = [f"run {run}", "--detail", "--by pod", "--format html"]
    return [Text(""), Text(" · ".join(words), style="dim")]
