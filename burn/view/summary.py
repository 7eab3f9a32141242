"""Everything a sink shows of a report, gathered once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from burn.api.dimensions import GROUPS, names
from burn.api.headline import Headline, headline
from burn.api.money import count
from burn.ledger.invoice import GROUP
from burn.view.commitments import Commitments, commitments
from burn.view.findings import chosen
from burn.view.owners import Owners, dimension, namespaces, owners, workloads
from burn.view.quality import PriceSource, Provisional, notes, price_sources, provisional
from burn.view.waterfall import Step, known, waterfall

if TYPE_CHECKING:
    from burn.api import Finding, Report

NEXT_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Limits:
    """How many rows of each kind are shown by name; the rest is summed, never dropped."""

    services: int = 8
    namespaces: int = 20
    workloads: int = 10
    findings: int = 8


@dataclass(frozen=True, slots=True)
class Summary:
    """A report as people read it, in reading order."""

    facts: tuple[tuple[str, str], ...]
    headline: Headline
    waterfall: tuple[Step, ...]
    namespaces: Owners
    workloads: Owners | None
    owners: Owners | None
    dimensions: tuple[tuple[str, Owners], ...]
    """By each dimension that the reader wants, or that there is, with its name."""
    first: tuple[str, Owners]
    """What the one screen shows, and by what: owner, namespace, a dimension."""
    findings: tuple[Finding, ...]
    findings_left: int
    prices: tuple[PriceSource, ...]
    provisional: Provisional | None
    commitments: Commitments | None
    notes: tuple[str, ...]
    next_steps: tuple[tuple[str, str], ...]


def summarise(report: Report, limits: Limits | None = None) -> Summary:
    """Gather what every sink shows."""
    limits = limits or Limits()
    steps = waterfall(report, services=limits.services)
    shown = {"namespace": namespaces(report, top=limits.namespaces)}
    if found := workloads(report, top=limits.workloads):
        shown["workload"] = found
    if found := owners(report, top=limits.namespaces):
        shown["owner"] = found
    wanted = [name for name in report.info.by if name not in GROUPS] or (
        [] if report.info.by else names(report.allocation["dimensions"])
    )
    by = {name: dimension(report, name, top=limits.namespaces) for name in wanted}
    first = next((name for name in report.info.by if name in shown | by), "")
    first = first or ("owner" if "owner" in shown else "namespace")
    shown_findings, findings_left = chosen(report.findings, limits.findings)
    return Summary(
        facts=facts(report),
        headline=headline(report),
        waterfall=steps,
        namespaces=shown["namespace"],
        workloads=shown.get("workload"),
        owners=shown.get("owner"),
        dimensions=tuple(by.items()),
        first=(first, (shown | by)[first]),
        findings=shown_findings,
        findings_left=findings_left,
        prices=price_sources(report),
        provisional=provisional(report),
        commitments=commitments(report),
        notes=notes(report),
        next_steps=next_steps(steps),
    )


def facts(report: Report) -> tuple[tuple[str, str], ...]:
    """What the run was about, as (word, value)."""
    info = report.info
    return (
        ("cluster", info.cluster or "not named"),
        ("window", f"{info.window} UTC ({count(info.window.hours, 'hour')})"),
        ("basis", info.basis),
        ("bill", f"{info.provider}, {count(report.counted.lines, 'line')}"),
        ("metrics", info.source),
        ("policies", " > ".join(info.policies) or "none"),
        ("run", info.run_id),
    )


def next_steps(steps: tuple[Step, ...]) -> tuple[tuple[str, str], ...]:
    """`burn explain DRIVER` for what moves the figure most, with what a reader can do."""
    outside = known("outside", "outside")
    moves = [
        (s.cents, s.driver, s.advice or s.why)
        for s in steps
        if s.kind == "driver" and s.group != GROUP
    ]
    moves += [
        (step.cents, outside.name, outside.advice)
        for step in steps
        if step.kind == "group" and step.group == outside.group
    ]
    largest = sorted(moves, key=lambda move: (-abs(move[0]), move[1]))[:NEXT_SHOWN]
    return tuple((f"burn explain {driver}", advice) for cents, driver, advice in largest if cents)
