"""Every figure of the page as JSON, for whoever wants to compute with it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from burn.api.money import cents
from burn.builtin.sinks.html import commitments
from burn.builtin.sinks.html.elements import Markup
from burn.builtin.sinks.html.idle import as_json
from burn.builtin.sinks.json_sink import SCHEMA_VERSION, plain
from burn.view.findings import evidence, heading

if TYPE_CHECKING:
    from burn.api import Report
    from burn.builtin.sinks.html.days import Day
    from burn.view.analysis import Analysis
    from burn.view.idle import IdleNode
    from burn.view.owners import Owners
    from burn.view.summary import Summary


def embedded(values: dict[str, Any]) -> Markup:
    """A script element that no browser runs; `<` is written so that none ends it."""
    text = json.dumps(values, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    safe = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return Markup(f'<script type="application/json" id="burn-report">{safe}</script>')


def values(
    report: Report, summary: Summary, shown: Sequence[Day], nodes: Sequence[IdleNode]
) -> dict[str, Any]:
    """What the page of a report with a bill shows; amounts in the report's currency."""
    words = summary.headline
    return {
        "headline": [words.sentence, words.detail],
        "provisional": summary.provisional.sentence if summary.provisional else None,
        "waterfall": [
            {
                "kind": step.kind,
                "label": step.label,
                "group": step.group,
                "driver": step.driver,
                "amount": step.cents / 100,
                "why": step.why,
                "proof": step.proof,
            }
            for step in summary.waterfall
        ],
        "namespaces": as_owners(summary.namespaces),
        "owners": as_owners(summary.owners),
        "dimensions": {name: as_owners(owners) for name, owners in summary.dimensions},
        "workloads": as_owners(summary.workloads),
        "days": [by_day(day) for day in shown],
        "idle_nodes": as_json(nodes),
        "commitments": commitments.as_json(summary.commitments),
        **common(report, summary),
    }


def common(report: Report, summary: Summary | Analysis) -> dict[str, Any]:
    """What pages of every report have: what it is about, findings, prices, notes."""
    return {
        "schema_version": SCHEMA_VERSION,
        "info": plain(asdict(report.info)),
        "facts": dict(summary.facts),
        "totals": plain(asdict(report.totals)),
        "findings": [
            plain(asdict(one))
            | {
                "heading": heading(one),
                "evidence": evidence(one),
                "monthly": cents(one.monthly) / 100,
            }
            for one in summary.findings
        ],
        "findings_left": summary.findings_left,
        "prices": [asdict(price) | {"amount": price.cents / 100} for price in summary.prices],
        "notes": list(summary.notes),
    }


def as_owners(owners: Owners | None) -> dict[str, Any] | None:
    """Rows and sums, in the report's currency."""
    if owners is None:
        return None
    rows = [
        {
            "label": row.label,
            "kind": row.kind,
            "report": row.report / 100,
            owners.basis: row.basis / 100,
            "change": (row.basis - row.report) / 100,
            "provider": None if row.provider is None else row.provider / 100,
        }
        for row in owners.rows
    ]
    totals = {
        "report": owners.report / 100,
        "total": owners.total / 100,
        "change": (owners.total - owners.report) / 100,
        "provider": None if owners.provider is None else owners.provider / 100,
    }
    return {"basis": owners.basis, "rows": rows, **totals}


def by_day(day: Day) -> dict[str, Any]:
    """A day's amounts, in the report's currency."""
    parts = {"carried": day.carried, "idle": day.idle, "nobodys": day.nobodys, "total": day.total}
    return asdict(day) | {name: value / 100 for name, value in parts.items()}
