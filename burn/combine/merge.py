"""One report out of several: a cluster on each of several clouds, summed and still closed.

What names a thing keeps its cloud: subjects and assets become `PROVIDER:NAME`. Clusters keep their
names unless two reports use the same one.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from burn.api import (
    AssetsFrame,
    ControlTotal,
    Coverage,
    LedgerFrame,
    Report,
    RunInfo,
    Totals,
    UsageError,
    UseFrame,
    schemas,
    seen_throughout,
)
from burn.combine.advice import plans, sizes
from burn.ledger.invoice import GROUP, require_invoiced
from burn.ledger.rows import LEDGER_ORDER
from burn.ledger.totals import require_closed, totals

if TYPE_CHECKING:
    import pandas as pd


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
    named = _distinct_clusters(reports)
    billed = all(report.control for report in named)
    control = _control(named) if billed else None
    rows = _ledger(named)
    if control is None or not control.invoices:
        rows = rows[rows["group"] != GROUP]  # half an invoice would look like a whole one
    ledger = schemas.LEDGER.validate(rows, author="burn")
    found = _totals(named, ledger, control, tolerance)
    findings = [
        replace(one, subject=_tag(report)(one.subject))
        for report in named
        for one in report.findings
    ]
    return Report(
        info=_info(named),
        totals=found,
        control=control,
        ledger=ledger,
        prices=schemas.PRICES.validate(
            _stacked(named, lambda r: r.prices.assign(asset_id=_tag(r)(r.prices["asset_id"]))),
            author="burn",
        ),
        allocation=schemas.ALLOCATION.validate(
            _stacked(named, lambda r: r.allocation), author="burn"
        ),
        findings=tuple(sorted(findings, key=lambda one: -one.monthly)),
        notes=tuple(_tag(r, " ")(note) for r in named for note in r.notes),
        coverage=_coverage(named),
        namespace_split=_split(named),
        daily=_daily(named),
        assets=_assets(named),
        use=_use(named),
        sizes=sizes(named),
        plan=plans(named),
    )


def _totals(
    reports: Sequence[Report], ledger: LedgerFrame, control: ControlTotal | None, tolerance: float
) -> Totals:
    """The sums, closed; of reports without a bill, of what they know."""
    if control is None:
        known = [report.totals for report in reports]
        return Totals.without_bill(
            math.fsum(one.report for one in known), sum(one.cluster_effective for one in known)
        )
    found = replace(
        totals(ledger, control, reports[0].info.window),
        # Each bill's part by its own ratio, as its own allocation has it.
        cluster_billed=math.fsum(report.totals.cluster_billed for report in reports),
    )
    require_closed(found, control, tolerance * len(reports))
    require_invoiced(ledger, found, tolerance * len(reports))
    _require_sum(found, reports, tolerance)
    return found


def _same(reports: Sequence[Report], what: str) -> None:
    found = {report.info.provider: str(getattr(report.info, what)) for report in reports}
    if len(set(found.values())) > 1:
        listed = ", ".join(f"{name}: {value}" for name, value in found.items())
        raise UsageError(f"the reports have no common {what} ({listed})")


def untagged(rows: pd.DataFrame, provider: str) -> pd.DataFrame:
    """The rows of one provider in a merged ledger, with the subjects of its own."""
    prefix = f"{provider}:"
    own = rows[rows["subject"].str.startswith(prefix)]
    return own.assign(subject=own["subject"].str.removeprefix(prefix))


def _tag(report: Report, space: str = "") -> Callable[[Any], Any]:
    """Puts the provider before a name, or before each of a column."""
    prefix = f"{report.info.provider}:{space}"
    return lambda name: prefix + name


def _distinct_clusters(reports: Sequence[Report]) -> list[Report]:
    """The reports with cluster names that are not empty and not shared between two of them."""
    seen = Counter(
        str(name) for report in reports for name in report.allocation["cluster"].unique()
    )
    return [_renamed(report, seen) for report in reports]


def _renamed(report: Report, seen: Counter[str]) -> Report:
    provider = report.info.provider
    observed = [name for name in map(str, report.allocation["cluster"].unique()) if name]
    names = {name: name if seen[name] == 1 else f"{provider}:{name}" for name in observed}
    whose = names[observed[0]] if len(observed) == 1 else report.info.cluster or provider
    names[""] = whose  # cost of no asset, or of a cluster that nobody named
    clusters = report.allocation["cluster"].astype(str).map(names)
    frames = {
        name: frame.assign(cluster=frame["cluster"].astype(str).map(names))
        for name in ("assets", "use", "sizes")
        if (frame := getattr(report, name)) is not None
    }
    return replace(
        report,
        info=replace(report.info, cluster=whose),
        allocation=schemas.ALLOCATION.validate(
            report.allocation.assign(cluster=clusters), author="burn"
        ),
        **frames,
    )


def _stacked(reports: Sequence[Report], frame: Callable[[Report], pd.DataFrame]) -> pd.DataFrame:
    import pandas as pd

    return pd.concat([frame(report) for report in reports], ignore_index=True)


def _ledger(reports: Sequence[Report]) -> pd.DataFrame:
    """All rows, in the order a ledger is read; `Tax` of two clouds stays two subjects."""
    rows = _stacked(reports, _tagged)
    order = rows["group"].map(LEDGER_ORDER)
    rows = rows.assign(_o=order, _a=-rows["amount"].abs())
    return rows.sort_values(["_o", "driver", "_a", "subject"], kind="stable")[schemas.LEDGER.names]


def _tagged(report: Report) -> pd.DataFrame:
    """Subjects with their provider; services, which are shown by name, too."""
    tag, rows = _tag(report), report.ledger
    names = rows["name"].where(rows["group"] != "outside", tag(rows["name"].astype(str)))
    return rows.assign(subject=tag(rows["subject"]), name=names)


def _control(reports: Sequence[Report]) -> ControlTotal:
    first, *others = [_tagged_control(report) for report in reports]
    for one in others:
        both = first.invoice is not None and one.invoice is not None
        first = ControlTotal(
            lines=first.lines + one.lines,
            billed=first.billed + one.billed,
            currency=first.currency,
            # Half an invoice would look like a whole one.
            invoice=first.invoice + one.invoice if both else None,  # type: ignore[operator]
            files=(*first.files, *one.files),
            accounted=(*first.accounted, *one.accounted),
            invoices=(*first.invoices, *one.invoices) if first.invoices and one.invoices else (),
            unread=(*first.unread, *one.unread),
        )
    return first


def _tagged_control(report: Report) -> ControlTotal:
    """Its files with the provider before their names."""
    tag, control = _tag(report, " "), report.counted
    return replace(
        control,
        files=tuple(replace(one, file=tag(one.file)) for one in control.files),
        accounted=tuple(replace(one, file=tag(one.file)) for one in control.accounted),
        invoices=tuple(replace(one, issuer=tag(one.issuer)) for one in control.invoices),
        unread=tuple(map(tag, control.unread)),
    )


def _require_sum(found: Totals, reports: Sequence[Report], tolerance: float) -> None:
    """Money is conserved: each landing is the sum of the reports' landings."""
    for name in ("report", "cluster_effective", "account_effective", "billed"):
        wanted = math.fsum(getattr(report.totals, name) for report in reports)
        if not math.isclose(getattr(found, name), wanted, rel_tol=1e-12, abs_tol=tolerance):
            raise AssertionError(f"merged {name} is {getattr(found, name)}, not {wanted}")


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
        origin=tuple(_tag(report, " ")(one) for report in reports for one in report.info.origin),
    )


def _coverage(reports: Sequence[Report]) -> Coverage:
    all_ = [report.coverage for report in reports]
    return Coverage(
        hours_missing=math.fsum(one.hours_missing for one in all_),
        gaps=tuple(sorted(gap for one in all_ for gap in one.gaps)),
        queries=sum(one.queries for one in all_),
        samples=sum(one.samples for one in all_),
        bytes_read=sum(one.bytes_read for one in all_),
        notes=tuple(_tag(r, " ")(note) for r in reports for note in r.coverage.notes),
        sees=seen_throughout(all_),
    )


def _daily(reports: Sequence[Report]) -> pd.DataFrame | None:
    """Every provider's days, services with their provider; None where one does not know its own."""
    if any(report.daily is None for report in reports):
        return None

    def tagged(report: Report) -> pd.DataFrame:
        assert report.daily is not None  # noqa: S101  see above
        subjects = report.daily["subject"]
        return report.daily.assign(subject=subjects.where(subjects == "", _tag(report)(subjects)))

    keys = ["day", "group", "driver", "subject"]
    return _stacked(reports, tagged).groupby(keys, as_index=False, sort=False)[["amount"]].sum()


def _assets(reports: Sequence[Report]) -> AssetsFrame | None:
    if any(report.assets is None for report in reports):
        return None

    def tagged(report: Report) -> pd.DataFrame:
        assert report.assets is not None  # noqa: S101  see above
        return report.assets.assign(asset_id=_tag(report)(report.assets["asset_id"].astype(str)))

    return schemas.ASSETS.validate(_stacked(reports, tagged), author="burn")


def _use(reports: Sequence[Report]) -> UseFrame | None:
    if any(report.use is None for report in reports):
        return None

    def tagged(report: Report) -> pd.DataFrame:
        assert report.use is not None  # noqa: S101  see above
        ids = report.use["asset_id"].astype(str)
        return report.use.assign(asset_id=ids.where(ids == "", _tag(report)(ids)))

    return schemas.USE.validate(_stacked(reports, tagged), author="burn")


def _split(reports: Sequence[Report]) -> pd.DataFrame | None:
    """The providers' own splits, with namespaces named as beside other clusters' namespaces."""
    having = [report for report in reports if report.namespace_split is not None]
    if not having:
        return None

    def named(report: Report) -> pd.DataFrame:
        split = report.namespace_split
        assert split is not None  # noqa: S101  see `having`
        return split.assign(namespace=f"{report.info.cluster}/" + split["namespace"].astype(str))

    return _stacked(having, named)
