"""One screen: what a reader must know before anything else, in 80 columns and 45 lines.

A line a driver, the largest of them by name and the rest pooled with their sum; `--detail` has every
sentence. Bars are on one scale; marks stand for confidence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from burn.api.dimensions import GROUPS
from burn.api.money import cents, count, figure
from burn.builtin.sinks.table.bars import bar
from burn.text.clean import clean
from burn.view.findings import line, remarks, word
from burn.view.owners import BASIS_TOTALS, Owner

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

    from burn.api import Finding
    from burn.view.summary import Summary
    from burn.view.waterfall import Step

LINES = 45
DRIVERS, NAMESPACES, FINDINGS = 7, 8, 3
"""How many are shown by name."""
MARKS = {"high": "●", "medium": "◐", "low": "○"}
WORDS = {"high": "", "medium": "medium", "low": "low"}
"""The same where the output has letters only: what is sure needs no word."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the walk: a total, or a change by one driver or several."""

    label: str
    cents: int
    is_total: bool
    mark: str = ""
    about: str = ""


def draw(console: Console, summary: Summary, currency: str) -> None:
    """Print the screen; notes take the lines that are left."""
    blocks = console.encoding.lower().startswith("utf")
    width = console.width
    parts: list[RenderableType] = [
        *_head(summary),
        *_walk(walk(summary.waterfall), width, blocks=blocks),
        *_owners(summary, currency),
        *findings(summary.findings, width, blocks=blocks),
    ]
    end = _ending(summary)
    told = [*summary.notes, *remarks(summary.findings)]
    used = sum(len(console.render_lines(part, pad=False)) for part in [*parts, *end])
    for part in [*parts, *notes(console, told, LINES - used), *end]:
        console.print(part)


def walk(steps: Sequence[Step]) -> Iterator[Row]:
    """REPORT, the largest drivers, the rest of them, CLUSTER, what lies outside, BILLED, invoice."""
    kinds = {step.label: step for step in steps if step.kind == "landing"}
    by_group = [s for s in steps if s.kind == "driver" and s.group not in ("accounting", "invoice")]
    by_size = sorted(by_group, key=lambda step: -abs(step.cents))
    # One more line than is pooled costs nothing.
    named = set(map(id, by_size[: DRIVERS if len(by_size) > DRIVERS + 1 else DRIVERS + 1]))
    report = steps[0]
    yield Row(f"{report.label} at list price", report.cents, is_total=True)
    for step in by_group:
        if id(step) in named:
            yield _row(step)
    if rest := [step for step in by_group if id(step) not in named]:
        yield _pooled(rest)
    for label in ("= CLUSTER, effective", "= BILLED"):
        if label == "= BILLED":
            yield from _summed(steps, "outside", ("service", "rest"))
            yield from _summed(steps, "accounting", ("driver",))
        yield Row(label, kinds[label].cents, is_total=True, about=_proof(steps, label))
    yield from _summed(steps, "invoice", ("driver",))
    for label, step in kinds.items():
        if label.startswith("= INVOICE"):
            yield Row(label, step.cents, is_total=True)


def _row(step: Step) -> Row:
    seen = step.evidence
    about = ", ".join(count(n, noun) for noun, n in seen.subjects[:1]) if seen else ""
    return Row(step.label, step.cents, False, seen.confidence if seen else "", about)


def _pooled(rest: Sequence[Step]) -> Row:
    sure = ["low", "medium", "high"]
    marks = [step.evidence.confidence for step in rest if step.evidence]
    names = " · ".join(step.label for step in rest[:2])
    more = f" · {len(rest) - 2} more" if len(rest) > 2 else ""
    return Row(
        names + more,
        sum(step.cents for step in rest),
        False,
        min(marks, key=sure.index, default=""),
    )


def _summed(steps: Sequence[Step], group: str, kinds: tuple[str, ...]) -> Iterator[Row]:
    """One line for a group, with its largest members' names."""
    members = [step for step in steps if step.group == group and step.kind in kinds]
    if not members:
        return
    members.sort(key=lambda step: (step.kind == "rest", -abs(step.cents)))
    title = next(s.label for s in steps if s.kind == "group" and s.group == group)
    about = ", ".join(step.label for step in members[:2])
    if left := sum(step.names for step in members[2:]):
        about += f", {left:,} more"
    yield Row(title, sum(step.cents for step in members), False, about=about)


def _proof(steps: Sequence[Step], label: str) -> str:
    if label != "= BILLED":
        return ""
    residual = next(step for step in steps if step.label == "Residual")
    return f"residual {figure(residual.cents)}"


def _head(summary: Summary) -> Iterator[Text]:
    from rich.text import Text

    facts = dict(summary.facts)
    state = "provisional" if summary.provisional else "final"
    words = [facts["cluster"], facts["window"].partition(" UTC")[0], facts["bill"], state]
    line = " · ".join(clean(word) for word in words)
    yield Text(line, style="dim", overflow="ellipsis", no_wrap=True)
    yield Text(summary.headline.sentence, style="bold")
    yield Text(summary.headline.detail)
    if summary.provisional:
        yield Text(summary.provisional.sentence, style="yellow")


def _walk(rows: Iterator[Row], width: int, *, blocks: bool) -> Iterator[RenderableType]:
    from rich.table import Table
    from rich.text import Text

    shown = list(rows)
    most = max((abs(row.cents) for row in shown), default=0)
    length = max(8, width // 8)
    table = Table(box=None, show_header=False, pad_edge=False, expand=True, padding=(0, 1, 0, 0))
    table.add_column(no_wrap=True, overflow="ellipsis", ratio=2)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(width=length, no_wrap=True)
    table.add_column(no_wrap=True, overflow="ellipsis", ratio=2)
    for row in shown:
        style = "bold" if row.is_total else ""
        mark = (MARKS if blocks else WORDS).get(row.mark, "")
        table.add_row(
            Text(row.label if row.is_total else f"  {row.label}", style=style),
            Text(figure(row.cents, sign=not row.is_total), style=style),
            bar(row.cents, most, length, blocks=blocks, fine=True),
            Text(" ".join(filter(None, (mark, row.about))), style="dim"),
        )
    yield Text("")
    yield table


def _owners(summary: Summary, currency: str) -> Iterator[RenderableType]:
    """By what the reader wants; else by owner where a policy names them, else by namespace."""
    from rich.table import Table
    from rich.text import Text

    noun, owners = summary.first
    both = owners.basis != "list"
    table = Table(box=None, pad_edge=False, expand=True, padding=(0, 1, 0, 0), header_style="dim")
    table.add_column(f"{noun.upper()} ({currency})", ratio=1, no_wrap=True, overflow="ellipsis")
    for head in ["report", *([owners.basis, "change"] if both else [])]:
        table.add_column(head, justify="right", no_wrap=True)
    total = Owner("= all of the cluster", "total", owners.report, owners.total)
    for row in [*few(owners.rows, noun), total]:
        values = [figure(row.report)]
        if both:
            values += [figure(row.basis), figure(row.basis - row.report, sign=True)]
        style = "bold" if row.kind == "total" else "dim" if row.kind else ""
        table.add_row(Text(row.label, style=style), *(Text(v, style=style) for v in values))
    yield Text("")
    yield table
    if owners.misses != (0, 0):
        miss = ", ".join(figure(value, sign=True) for value in owners.misses)
        landing = BASIS_TOTALS[owners.basis]
        yield Text(f"These rows miss REPORT and {landing} by {miss}: a defect.", style="bold red")


def few(rows: Sequence[Owner], noun: str, most: int = NAMESPACES) -> Iterator[Owner]:
    """The largest by name, the others summed, and each kind of nobody's cost once."""
    named = [row for row in rows if row.kind == ""]
    room = most if len(named) > most + 1 else most + 1
    yield from named[:room]
    others = [*named[room:], *(row for row in rows if row.kind == "rest")]
    if others:
        names = sum(row.names for row in others)
        yield _sum(
            f"{names:,} other {noun}s" if noun in GROUPS else f"{names:,} others", "rest", others
        )
    kinds = dict.fromkeys(row.kind for row in rows if row.kind not in ("", "rest", "provider"))
    for kind in kinds:
        mine = [row for row in rows if row.kind == kind]
        label = mine[0].label if len(mine) == 1 else f"({kind}) {len(mine)} kinds"
        yield _sum(label, kind, mine)


def _sum(label: str, kind: str, rows: Sequence[Owner]) -> Owner:
    return Owner(label, kind, sum(row.report for row in rows), sum(row.basis for row in rows))


def findings(found: Sequence[Finding], width: int, *, blocks: bool) -> Iterator[RenderableType]:
    """What to do next, the largest first; what saves nothing is among the notes."""
    from rich.table import Table
    from rich.text import Text

    saving = [one for one in found if one.saves != "none"][:FINDINGS]
    if not saving:
        return
    table = Table(box=None, pad_edge=False, expand=True, padding=(0, 1, 0, 0), header_style="dim")
    table.add_column("DO NEXT", ratio=1, no_wrap=True, overflow="ellipsis")
    table.add_column("a month", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    marks = MARKS if blocks else WORDS
    amounts = [figure(cents(one.monthly)) for one in saving]
    effects = [f"{marks.get(one.confidence, '')} {word(one)}".strip() for one in saving]
    # Two gaps between three columns.
    room = width - 2 - max(map(len, ["a month", *amounts])) - max(map(len, effects))
    for one, amount, effect in zip(saving, amounts, effects, strict=True):
        table.add_row(Text(line(one, room)), Text(amount), Text(effect, style="dim"))
    yield Text("")
    yield table


def notes(console: Console, told: Sequence[str], room: int) -> Iterator[RenderableType]:
    """As many as fit, the weightiest first; how many there are besides."""
    from rich.text import Text

    texts = [Text(f"! {note}", style="yellow") for note in told]
    heights = [len(console.render_lines(text, pad=False)) for text in texts]
    room -= 1 if sum(heights) < room else 2  # a blank line, and how many were left out
    fit = sum(1 for at in range(len(texts)) if sum(heights[: at + 1]) <= room)
    shown = texts[: max(1, fit)]
    if shown:
        yield Text("")
    yield from shown
    if left := len(told) - len(shown):
        yield Text(f"! {count(left, 'more note')}: --detail", style="yellow")


def _ending(summary: Summary) -> list[RenderableType]:
    from rich.text import Text

    run = dict(summary.facts)["run"]
    commands = [command for command, _ in summary.next_steps[:1]]
    words = [f"run {run}", *commands, "--detail", "--format html"]
    return [Text(""), Text(" · ".join(words), style="dim")]
