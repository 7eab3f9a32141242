"""The `snapshot` metrics source: days that `burn collect` kept."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from burn import snapshot
from burn.api import (
    Check,
    CheckRequest,
    DataError,
    Observation,
    ObserveRequest,
    Outline,
    Scope,
    UsageError,
    Window,
    schemas,
    setting,
)

if TYPE_CHECKING:
    import pandas as pd

AUTHOR = "burn's snapshot source"


@dataclass(frozen=True, slots=True)
class SnapshotSettings:
    """`[source.snapshot]` in burn.toml."""

    path: str = setting(
        "", help="where `burn collect --out` wrote: a folder, s3://, gs:// or abfss://"
    )


class SnapshotSource:
    """Reads observed days back, with the same frames as on the day they were collected."""

    def __init__(self, settings: SnapshotSettings) -> None:
        if not settings.path:
            raise UsageError(
                "source `snapshot` has no path", hint="set it with --set source.snapshot.path=DIR"
            )
        self._root = settings.path

    def check(self, request: CheckRequest) -> Iterable[Check]:
        """Which clusters and days are there, and whether those of the window are."""
        names = snapshot.clusters(self._root)
        if not names:
            yield Check(
                name="days",
                ok=False,
                detail=f"{self._root} holds none",
                hint="run `burn collect --out DIR`",
            )
        for name in names:
            days = snapshot.days(self._root, name)
            span = f"{len(days)} days, {days[0].start:%Y-%m-%d} to {days[-1].end:%Y-%m-%dT%H}Z"
            yield Check(name=f"days of `{name}`" if name else "days", ok=True, detail=span)
        if names and request.window:
            yield self._window(request.scope.cluster, request.window)

    def _window(self, cluster: str | None, window: Window) -> Check:
        """A run stops at the first day that it lacks."""
        try:
            snapshot.require_days(self._root, cluster, window)
        except (DataError, UsageError) as error:
            return Check(name="window", ok=False, detail=error.message, hint=error.hint or "")
        return Check(name="window", ok=True, detail=f"all of {window} is there")

    def observe(self, request: ObserveRequest) -> Observation:
        """See `MetricsSource.observe`."""
        kept = snapshot.read_days(self._root, request.scope.cluster, request.window)
        return self._of_run(kept, request.scope, request.window)

    def outline(self, request: ObserveRequest) -> Outline:
        """See `StoredSource.outline`."""
        scope, window = request.scope, request.window
        kept = snapshot.outline(self._root, scope.cluster, window)
        bare = Observation(
            inventory=kept.inventory,
            presence=schemas.PRESENCE.empty(),
            pods=schemas.PODS.empty(),
            usage=schemas.USAGE.empty(),
            mounts=schemas.MOUNTS.empty(),
            coverage=kept.coverage,
        )
        seen = self._of_run(bare, scope, window)
        return replace(kept, inventory=seen.inventory, coverage=seen.coverage)

    def _of_run(self, kept: Observation, scope: Scope, window: Window) -> Observation:
        collected = snapshot.label_keys(self._root, scope.cluster, window)
        return _labelled(_named(kept, scope.cluster), scope, collected)


def _named(kept: Observation, cluster: str | None) -> Observation:
    """Days collected without a cluster's name take the name the run uses."""
    stored = {*kept.inventory["cluster"].unique(), *kept.pods["cluster"].unique()}
    if cluster is None or stored <= {cluster}:
        return kept
    if stored != {""}:
        listed = ", ".join(f"`{name}`" for name in sorted(stored))
        raise DataError(f"the snapshot is of cluster {listed}, not `{cluster}`")
    workloads = kept.workloads
    if workloads is not None:  # advice finds a workload's autoscaler by the cluster's name, too
        workloads = schemas.WORKLOADS.validate(workloads.assign(cluster=cluster), author=AUTHOR)
    return replace(
        kept,
        inventory=schemas.INVENTORY.validate(kept.inventory.assign(cluster=cluster), author=AUTHOR),
        pods=schemas.PODS.validate(kept.pods.assign(cluster=cluster), author=AUTHOR),
        workloads=workloads,
    )


def _labelled(kept: Observation, scope: Scope, collected: Sequence[tuple[str, ...]]) -> Observation:
    """Only the label keys that the run wants; say which of them were not collected."""
    wanted = set(scope.label_keys)
    if all(wanted == set(keys) for keys in collected):
        return kept
    labels = kept.pods["labels"].map(_picker(kept.pods["labels"], scope.label_keys))
    pods = schemas.PODS.validate(kept.pods.assign(labels=labels.astype("str")), author=AUTHOR)
    around, node = kept.inventory["labels"], kept.inventory["kind"] == "node"
    own = around.map(_picker(around[node].dropna(), scope.node_label_keys))
    around = around.map(_picker(around[~node].dropna(), scope.label_keys))
    around = around.where(~node, own).astype("str")
    inventory = schemas.INVENTORY.validate(kept.inventory.assign(labels=around), author=AUTHOR)
    missing = [", ".join(sorted(wanted - set(keys))) for keys in collected if wanted - set(keys)]
    notes = [f"label keys that were not collected: {names}" for names in missing]
    coverage = replace(kept.coverage, notes=(*kept.coverage.notes, *notes))
    return replace(kept, inventory=inventory, pods=pods, coverage=coverage)


def _picker(labels: pd.Series[str], wanted: tuple[str, ...]) -> dict[str, str]:
    """Each distinct JSON object → the same without unwanted keys."""
    objects = {text: json.loads(text) for text in labels.unique()}
    return {
        text: json.dumps({k: v for k, v in found.items() if k in wanted}, ensure_ascii=False)
        for text, found in objects.items()
    }
