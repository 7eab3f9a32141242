"""The four Protocols a plugin implements, and the small values they exchange."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from burn.api.counted import ControlTotal
from burn.api.coverage import Coverage
from burn.api.window import Window

if TYPE_CHECKING:
    import pandas as pd

    from burn.api.frames import (
        AllocationFrame,
        BillFrame,
        IdentityFrame,
        InventoryFrame,
        MountsFrame,
        PodsFrame,
        PresenceFrame,
        PriceFrame,
        UsageFrame,
    )
    from burn.api.report import Report


@dataclass(frozen=True, slots=True)
class Scope:
    """What a run is about. `cluster` is None when the source knows only one cluster."""

    cluster: str | None = None
    label_keys: tuple[str, ...] = ()
    """Pod and namespace label keys that allocation policies want to see; others are dropped."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing `burn doctor` looked at."""

    name: str
    ok: bool
    detail: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Observation:
    """One day (or less) of one cluster, as five frames; see `burn.api.schemas`."""

    inventory: InventoryFrame
    presence: PresenceFrame
    pods: PodsFrame
    usage: UsageFrame
    mounts: MountsFrame
    coverage: Coverage = field(default_factory=Coverage)


@dataclass(frozen=True, slots=True)
class Bill:
    """A bill in scope, aggregated inside the engine.

    Attributes:
        rows: day × resource × charge class (see schema `bill`).
        control: the independent total.
        final_until: rows before this instant can no longer change; None when nothing is final.
        origin: what was read, for the reader to trace (files, table, version of the month).
        notes: sentences a reader must see.
        bytes_scanned: what the engine read, if it says.
        namespace_split: the provider's own split by namespace, columns namespace and cost,
            in the bill's currency; None when the bill has none. Never part of a total.
    """

    rows: BillFrame
    control: ControlTotal
    final_until: datetime | None = None
    origin: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    bytes_scanned: int | None = None
    namespace_split: pd.DataFrame | None = None


@dataclass(frozen=True, slots=True)
class BillPeriod:
    """Which time a bill covers: the default window ends at `complete_until`."""

    start: datetime
    complete_until: datetime


class MetricsSource(Protocol):
    """Observes clusters: Prometheus, a snapshot, the Kubernetes API.

    A source whose checks depend on the time may also have a method
    `check_window(scope: Scope, window: Window | None) -> Iterable[Check]`; `burn doctor` then calls
    it instead of `check`, with the window that a run would observe, where that is known.
    """

    def check(self) -> Iterable[Check]:
        """Cheap reachability and permission checks, for `burn doctor`."""
        ...

    def observe(self, scope: Scope, day: Window) -> Observation:
        """Everything seen in one UTC day or part of one.

        Args:
            scope: cluster and label keys.
            day: never crosses a UTC midnight.

        Raises:
            AccessError: the source cannot be reached.
            DataError: what it holds cannot be understood.
        """
        ...


class BillingProvider(Protocol):
    """One cloud: its prices, its bill, and how its bill names Kubernetes things.

    A provider that bills some nodes by what their pods ask for says whose pods it does not bill
    in an attribute `free_namespaces: tuple[str, ...]` (`*` at the end of a name matches any
    rest). The core then sums the others' requests into the inventory's `cpu_requested`,
    `memory_requested` and `gpu_requested`. A price row in vCPU-hours makes a node its pods'.
    With an attribute `bills_only_sole_pods = True` it does so for nodes of one pod alone, and no
    other node's requests are summed up.
    """

    def check(self) -> Iterable[Check]:
        """Cheap reachability and permission checks, for `burn doctor`."""
        ...

    def period(self, scope: Scope) -> BillPeriod:
        """The time the bill covers; raises DataError when there is none."""
        ...

    def identify(self, inventory: InventoryFrame) -> IdentityFrame:
        """Which bill resources each asset is. Pure: no network.

        Assets this provider does not know get no row.
        """
        ...

    def price(self, scope: Scope, inventory: InventoryFrame, window: Window) -> PriceFrame:
        """What a Kubernetes cost report would charge: one row per inventory row, or raise.

        Args:
            inventory: asset × day over the whole window.

        Raises:
            DataError: an asset has no price and no labelled fallback.
        """
        ...

    def bill(self, scope: Scope, window: Window, identities: IdentityFrame) -> Bill:
        """All charges in scope; rows that are not the cluster's come aggregated by service."""
        ...

    def lines(
        self,
        scope: Scope,
        window: Window,
        *,
        subjects: Sequence[str],
        skus: Sequence[str] = (),
        limit: int,
    ) -> pd.DataFrame:
        """Raw bill lines behind a figure, largest billed or effective amount first.

        Args:
            scope: as for `bill`.
            window: as for `bill`.
            subjects: resource keys, commitment ids or service names, as in the `bill` frame.
            skus: only lines of these, as in the `bill` frame's `sku`; none means any.
            limit: the most rows to return.

        Returns:
            The bill's own column names, a readable selection of them, for `burn explain`.
        """
        ...


class AllocationPolicy(Protocol):
    """One step of the allocation chain. Pure; must conserve the sum of `cost`.

    A policy that looks at labels says which in an attribute `label_keys: tuple[str, ...]`, so
    that the metrics source keeps them.
    """

    def apply(self, allocation: AllocationFrame, day: Observation) -> AllocationFrame:
        """Move cost between owners.

        The chain starts from rows of kind `unallocated`, one per asset × resource × day, and
        from `shared` rows that belong to no asset (control plane, unused commitment, …).

        Args:
            allocation: what the steps before this one made; do not change it in place.
            day: the observed day, for shares and labels.
        """
        ...


class OutputSink(Protocol):
    """Writes a report somewhere."""

    def write(self, report: Report, target: str | None) -> None:
        """Write the report.

        Args:
            report: the finished run; read only.
            target: --output's value; None means standard output.
        """
        ...
