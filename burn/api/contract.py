"""The Protocols a plugin implements, and the small values they exchange."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from burn.api.coverage import Coverage

if TYPE_CHECKING:
    import pandas as pd

    from burn.api.billed import Bill, BillPeriod
    from burn.api.find import FindRequest
    from burn.api.frames import (
        AllocationFrame,
        ContainersFrame,
        DimensionsFrame,
        IdentityFrame,
        InventoryFrame,
        MountsFrame,
        PodsFrame,
        PresenceFrame,
        PriceFrame,
        UsageFrame,
        WorkloadsFrame,
    )
    from burn.api.listed import Listed, ListedRequest
    from burn.api.report import Finding
    from burn.api.requests import (
        ApplyRequest,
        BillRequest,
        CheckRequest,
        EnrichRequest,
        IdentifyRequest,
        LinesRequest,
        ObserveRequest,
        PeriodRequest,
        PriceRequest,
        ServeRequest,
        WriteRequest,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing `burn doctor` looked at."""

    name: str
    ok: bool
    detail: str
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """A window of one cluster, as five frames and two that may be left out; see `burn.api.schemas`.

    It may hold many days: what an asset or a pod is, is said once for each.

    Attributes:
        containers, workloads: for advice; None where the source cannot tell.
        as_written: set by burn's own store alone: the frames are, to the byte, those that burn
            checked before it stored them, and are not checked again. A plugin's is not heeded.
    """

    inventory: InventoryFrame
    presence: PresenceFrame
    pods: PodsFrame
    usage: UsageFrame
    mounts: MountsFrame
    coverage: Coverage = field(default_factory=Coverage)
    as_written: bool = False
    containers: ContainersFrame | None = None
    workloads: WorkloadsFrame | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What is stored of a window, without what its pods did.

    Attributes:
        inventory: as `observe` gives it.
        coverage: as `observe` gives it.
        rows: of the usage frame, for each of `Window.days()`.
    """

    inventory: InventoryFrame
    coverage: Coverage
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrichment:
    """What an enricher knows.

    Attributes:
        rows: schema `dimensions`; of things that are not in the run, too: burn tells which.
        origin: what was read, besides the files that its spec names.
        notes: sentences a reader must see.
    """

    rows: DimensionsFrame
    origin: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class MetricsSource(Protocol):
    """Observes clusters: Prometheus, a snapshot, the Kubernetes API."""

    def check(self, request: CheckRequest) -> Iterable[Check]:
        """Cheap reachability and permission checks, for `burn doctor`."""
        ...

    def observe(self, request: ObserveRequest) -> Observation:
        """Everything seen in one UTC day or part of one; of a `StoredSource`, in any window.

        Raises:
            AccessError: the source cannot be reached.
            DataError: what it holds cannot be understood.
        """
        ...


class StoredSource(MetricsSource, Protocol):
    """A source that reads what was stored, and whose spec says `stored`.

    It observes windows of any length. A run looks at the outline first, and then reads what the
    pods did once, as many days at a time as fit into memory.
    """

    def outline(self, request: ObserveRequest) -> Outline:
        """What there is in a window of any length, at little cost.

        Raises:
            AccessError, DataError: as `observe`.
        """
        ...


class BillingProvider(Protocol):
    """One cloud: its prices, its bill, and how its bill names Kubernetes things."""

    def check(self, request: CheckRequest) -> Iterable[Check]:
        """Cheap reachability and permission checks, for `burn doctor`."""
        ...

    def period(self, request: PeriodRequest) -> BillPeriod:
        """The time the bill covers; raises DataError when there is none."""
        ...

    def identify(self, request: IdentifyRequest) -> IdentityFrame:
        """Which bill resources each asset is. Pure: no network.

        Assets this provider does not know get no row.
        """
        ...

    def price(self, request: PriceRequest) -> PriceFrame:
        """What a Kubernetes cost report would charge: one row per inventory row, or raise.

        Raises:
            DataError: an asset has no price and no labelled fallback.
        """
        ...

    def bill(self, request: BillRequest) -> Bill:
        """All charges in scope; rows that are not the cluster's come aggregated by service."""
        ...

    def lines(self, request: LinesRequest) -> pd.DataFrame:
        """Raw bill lines behind a figure, largest billed or effective amount first.

        Returns:
            The bill's own column names, a readable selection of them, for `burn explain`.
        """
        ...


class PriceListProvider(BillingProvider, Protocol):
    """A provider that knows what commitments and spot cost by its price lists; its spec says `listed`."""

    def listed(self, request: ListedRequest) -> Listed:
        """What lists ask for machines bought other than on demand; nothing where none may be asked.

        Raises:
            AccessError: no list can be reached.
            DataError: an answer is no price list.
        """
        ...


class AllocationPolicy(Protocol):
    """One step of the allocation chain. Pure; must conserve the sum of `cost`."""

    def apply(self, request: ApplyRequest) -> AllocationFrame:
        """Move cost between owners, never between days or bases.

        A call is about any number of days and bases: group by `basis` and `day`, and look assets
        and pods up by their day. Many days at once must give what each alone gives.

        The chain starts from rows of kind `unallocated`, one per asset × resource × day, and
        from `shared` rows that belong to no asset (control plane, unused commitment, …).
        """
        ...


class PriceSource(Protocol):
    """Prices that the user knows better than the provider."""

    def check(self, request: CheckRequest) -> Iterable[Check]:
        """Cheap reachability and permission checks, for `burn doctor`."""
        ...

    def price(self, request: PriceRequest) -> PriceFrame:
        """What some assets cost: at most one row per inventory row, in any order.

        What it has no price of is left out. A row's cost is quantity × unit price; where the
        provider counts in another unit, the cost stands and is spread over that.

        Raises:
            AccessError: what it asks cannot be reached.
            DataError: what it holds cannot be understood.
        """
        ...


class Enricher(Protocol):
    """Says whose cost is whose in the user's own words: from a table or a service."""

    def check(self, request: CheckRequest) -> Iterable[Check]:
        """Cheap reachability and permission checks, for `burn doctor`."""
        ...

    def enrich(self, request: EnrichRequest) -> Enrichment:
        """The dimensions of what carries cost, with the days from which they hold.

        Asked once a run, after cost is allocated.

        Raises:
            AccessError: what it asks cannot be reached.
            DataError: what it holds cannot be understood, or says two things of one.
        """
        ...


class OutputSink(Protocol):
    """Writes a report somewhere; may have `check`, as a `MetricsSource` has, for `burn doctor`."""

    def write(self, request: WriteRequest) -> None:
        """Write the report.

        Raises:
            AccessError: the target cannot be written.
        """
        ...


class FindingRule(Protocol):
    """Looks at the finished frames for one kind of thing that a reader can act on. Pure."""

    def find(self, request: FindRequest) -> Iterable[Finding]:
        """The findings, in any order; burn names the rule in each, and leaves out the small ones.

        What the metrics could not have shown is unknown (`FindRequest.coverage`): say nothing.
        """
        ...


class Service(Protocol):
    """A program that stays up: a page, an exporter. It may have `check`, as an `OutputSink` may."""

    def serve(self, request: ServeRequest) -> None:
        """Serve until it is stopped: Ctrl-C and SIGTERM arrive as KeyboardInterrupt.

        Raises:
            AccessError: it cannot start, e.g. as its port is taken.
        """
        ...
