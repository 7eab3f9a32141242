"""One report out of several: a cluster on each of several clouds, summed and still closed.

What names a thing keeps its cloud: subjects and assets become `PROVIDER:NAME`. Clusters keep their
names unless two reports use the same one.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import replace

from burn.api import (
    ControlTotal,
    Coverage,
    LedgerFrame,
    Report,
    RunInfo,
    Totals,
    UsageError,
    schemas,
    seen_throughout,
)
from burn.combine import frames
from burn.combine.advice import commitments, plans, sizes, spots
from burn.combine.names import tag, with_distinct_clusters
from burn.ledger.invoice import GROUP, require_invoiced
from burn.ledger.totals import require_closed, totals


def merge(reports: Sequence[Report], tolerance: float) -> Report:
    """The sum of the reports; one alone is returned as it is.

    Args:
        reports: of different providers, in one currency, over one window, at one basis.
        tolerance: how far each ledger may miss its control total.

    Raises:
        UsageError: currencies, windows or bases differ.
        ToleranceError: the merged ledger misses the merged control total.
    """
    if len(reports) == 1:
        return reports[0]
    for what in ("currency", "window", "basis"):
        _same(reports, what)
    named = with_distinct_clusters(reports)
    billed = all(report.control for report in named)
    control = _control(named) if billed else None
    rows = frames.ledger(named)
    if control is None or not control.invoices:
        rows = rows[rows["group"] != GROUP]  # half an invoice would look like a whole one
    ledger = schemas.LEDGER.validate(rows, author="burn")
    merged = _totals(named, ledger, control, tolerance)
    findings = [
        replace(one, subject=tag(report)(one.subject))
        for report in named
        for one in report.findings
    ]
    return Report(
        info=_info(named),
        totals=merged,
        control=control,
        ledger=ledger,
        prices=schemas.PRICES.validate(
            frames.stacked(named, lambda r: r.prices.assign(asset_id=tag(r)(r.prices["asset_id"]))),
            author="burn",
        ),
        allocation=schemas.ALLOCATION.validate(
            frames.stacked(named, lambda r: r.allocation), author="burn"
        ),
        findings=tuple(sorted(findings, key=lambda one: -one.monthly)),
        notes=tuple(tag(r, " ")(note) for r in named for note in r.notes),
        coverage=_coverage(named),
        namespace_split=frames.split(named),
        daily=frames.daily(named),
        assets=frames.assets(named),
        use=frames.use(named),
        sizes=sizes(named),
        plan=plans(named),
        spot=spots(named),
        commitments=commitments(named),
    )


def _same(reports: Sequence[Report], what: str) -> None:
    values = {report.info.provider: str(getattr(report.info, what)) for report in reports}
    if len(set(values.values())) > 1:
        listed = ", ".join(f"{name}: {value}" for name, value in values.items())
        raise UsageError(f"the reports have no common {what} ({listed})")


def _totals(
    reports: Sequence[Report], ledger: LedgerFrame, control: ControlTotal | None, tolerance: float
) -> Totals:
    """The sums, closed; of reports without a bill, of what they know."""
    if control is None:
        parts = [report.totals for report in reports]
        return Totals.without_bill(
            math.fsum(part.report for part in parts), sum(part.cluster_effective for part in parts)
        )
    merged = replace(
        totals(ledger, control, reports[0].info.window),
        # Each bill's part by its own ratio, as its own allocation has it.
        cluster_billed=math.fsum(report.totals.cluster_billed for report in reports),
    )
    require_closed(merged, control, tolerance * len(reports))
    require_invoiced(ledger, merged, tolerance * len(reports))
    _require_sum(merged, reports, tolerance)
    return merged


def _require_sum(merged: Totals, reports: Sequence[Report], tolerance: float) -> None:
    """Money is conserved: each landing is the sum of the reports' landings."""
    for name in ("report", "cluster_effective", "account_effective", "billed"):
        summed = math.fsum(getattr(report.totals, name) for report in reports)
        if not math.isclose(getattr(merged, name), summed, rel_tol=1e-12, abs_tol=tolerance):
            raise AssertionError(f"merged {name} is {getattr(merged, name)}, not {summed}")


def _control(reports: Sequence[Report]) -> ControlTotal:
    first, *others = [_tagged_control(report) for report in reports]
    for other in others:
        both = first.invoice is not None and other.invoice is not None
        first = ControlTotal(
            lines=first.lines + other.lines,
            billed=first.billed + other.billed,
            currency=first.currency,
            # Half an invoice would look like a whole one.
            invoice=first.invoice + other.invoice if both else None,  # type: ignore[operator]
            files=(*first.files, *other.files),
            accounted=(*first.accounted, *other.accounted),
            invoices=(*first.invoices, *other.invoices)
            if first.invoices and other.invoices
            else (),
            unread=(*first.unread, *other.unread),
        )
    return first


def _tagged_control(report: Report) -> ControlTotal:
    """Its files with the provider before their names."""
    prefixed, control = tag(report, " "), report.counted
    return replace(
        control,
        files=tuple(replace(one, file=prefixed(one.file)) for one in control.files),
        accounted=tuple(replace(one, file=prefixed(one.file)) for one in control.accounted),
        invoices=tuple(replace(one, issuer=prefixed(one.issuer)) for one in control.invoices),
        unread=tuple(map(prefixed, control.unread)),
    )


def _info(reports: Sequence[Report]) -> RunInfo:
    infos = [report.info for report in reports]
    starts = [info.provisional_from for info in infos if info.provisional_from]
    ids = "\n".join(info.run_id for info in infos)
    return replace(
        infos[0],
        run_id=hashlib.sha256(ids.encode()).hexdigest()[:12],
        cluster="+".join(dict.fromkeys(str(info.cluster) for info in infos)),
        provider="+".join(info.provider for info in infos),
        source="+".join(dict.fromkeys(info.source for info in infos)),
        policies=tuple(dict.fromkeys(name for info in infos for name in info.policies)),
        provisional_from=min(starts) if starts else None,
        plugins=tuple(sorted({author for info in infos for author in info.plugins})),
        origin=tuple(tag(report, " ")(one) for report in reports for one in report.info.origin),
        no_types=tuple(dict.fromkeys(name for info in infos for name in info.no_types)),
        no_lists=tuple(dict.fromkeys(one for info in infos for one in info.no_lists)),
    )


def _coverage(reports: Sequence[Report]) -> Coverage:
    all_ = [report.coverage for report in reports]
    return Coverage(
        hours_missing=math.fsum(one.hours_missing for one in all_),
        gaps=tuple(sorted(gap for one in all_ for gap in one.gaps)),
        queries=sum(one.queries for one in all_),
        samples=sum(one.samples for one in all_),
        bytes_read=sum(one.bytes_read for one in all_),
        notes=tuple(tag(r, " ")(note) for r in reports for note in r.coverage.notes),
        sees=seen_throughout(all_),
    )
