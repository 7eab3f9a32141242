"""What names a thing in a report out of several: `PROVIDER:NAME`, and clusters that differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from burn.api import Report, schemas

if TYPE_CHECKING:
    import pandas as pd


def tag(report: Report, space: str = "") -> Callable[[Any], Any]:
    """Puts the provider before a name, or before each of a column."""
    prefix = f"{report.info.provider}:{space}"
    return lambda name: prefix + name


def untagged(rows: pd.DataFrame, provider: str) -> pd.DataFrame:
    """The rows of one provider in a merged ledger, with the subjects of its own."""
    prefix = f"{provider}:"
    own = rows[rows["subject"].str.startswith(prefix)]
    return own.assign(subject=own["subject"].str.removeprefix(prefix))


def with_distinct_clusters(reports: Sequence[Report]) -> list[Report]:
    """The reports with cluster names that are not empty and not shared between two of them."""
    uses = Counter(
        str(name) for report in reports for name in report.allocation["cluster"].unique()
    )
    return [_renamed(report, uses) for report in reports]


def _renamed(report: Report, uses: Counter[str]) -> Report:
    provider = report.info.provider
    observed = [name for name in map(str, report.allocation["cluster"].unique()) if name]
    names = {name: name if uses[name] == 1 else f"{provider}:{name}" for name in observed}
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
