"""What a world is made of. Times are whole seconds from the world's start; None means never seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

Interval = tuple[int, int]
Tags = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Node:
    name: str
    instance_id: str
    instance_type: str
    zone: str
    billed: Interval
    seen: Interval | None
    spot: bool = False
    root_volume: str = ""
    root_gib: int = 20
    public_ip: str = ""
    tags: Tags = ()
    account: str = ""
    """Empty: the cluster's own."""
    pool: str = "workers"
    internet_gib_hour: Decimal = Decimal(0)
    regional_gib_hour: Decimal = Decimal(0)
    slots: int | None = None
    """Pods that it takes; None: no source says."""


@dataclass(frozen=True)
class Volume:
    name: str
    volume_id: str
    disk: str
    zone: str
    sizes: tuple[tuple[int, int, int], ...]
    """(from, to, GiB) as billed; a resize is a second piece."""
    seen: Interval | None
    namespace: str = ""
    claim: str = ""
    csi: bool = True
    iops: int = 0
    snapshot: str = ""
    snapshot_gib: int = 0
    tags: Tags = ()

    @property
    def billed(self) -> Interval:
        return self.sizes[0][0], self.sizes[-1][1]


@dataclass(frozen=True)
class Balancer:
    kind: str
    resource: str
    hostname: str
    namespace: str
    service: str
    billed: Interval
    seen: Interval | None
    ingress: bool = False
    load: Decimal = Decimal("1.5")
    """LCUs, or GB for a classic one, per hour."""
    tags: Tags = ()


@dataclass(frozen=True)
class Pod:
    uid: str
    name: str
    namespace: str
    kind: str
    workload: str
    node: str
    alive: Interval
    cpu: float = 0.0
    memory_gib: float = 0.0
    cpu_used: float = 0.0
    memory_used_gib: float = 0.0
    gpus: int = 0
    volumes: tuple[str, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    network_mib_hour: float = 10.0


@dataclass(frozen=True)
class Workload:
    """How a workload is run, and what its containers show: no cost follows from it, but advice does.

    Its pods have one container, called as the workload is.

    Attributes:
        replicas: wanted; None: nobody says, or of its kind nobody can.
        scaled: an autoscaler's least and most replicas, and the part of the CPU request it aims at.
        disruptions: that its budget allows; None: it has none.
        cpu_limit, memory_limit: None: there is none.
        start: highest cores and GiB of the first ten minutes; None: as ever after.
        busy: cores of days that are not as the others.
        killed: days on which it was killed for memory, once.
        throttled: part of its CFS periods.
        runtime: jvm or go.
        heap: GiB that the runtime may fill.
        local: emptyDir, memory, hostPath, local.
        ready: seconds from bound to a node to ready.
        stops: seconds that its pods may take to stop.
        spec: whether what the pods' template says was seen.
        known: what else could be seen of it, there or not; None: all that there is.
    """

    namespace: str
    kind: str
    name: str
    replicas: int | None = None
    scaled: tuple[int, int, float] | None = None
    disruptions: int | None = None
    cpu_limit: float | None = None
    memory_limit: float | None = None
    start: tuple[float, float] | None = None
    busy: tuple[tuple[int, float], ...] = ()
    killed: tuple[int, ...] = ()
    throttled: float = 0.0
    runtime: str = ""
    heap: float | None = None
    local: tuple[str, ...] = ()
    priority: str = ""
    selector: Tags = ()
    ready: float | None = None
    stops: float | None = None
    spec: bool = True
    known: tuple[str, ...] | None = None


@dataclass(frozen=True)
class SavingsPlan:
    arn: str
    hourly: Decimal
    factor: Decimal = Decimal("0.72")
    """Share of the on-demand rate a covered hour costs."""
    upfront: Decimal = Decimal(0)
    """Share of the commitment paid before: 0, 0.5 or 1."""
    ends: str = ""
    """As a CUR writes it, where it does."""


@dataclass(frozen=True)
class Reservation:
    arn: str
    instance_type: str
    count: int
    recurring_hourly: Decimal
    upfront_hourly: Decimal = Decimal(0)
    bought: Decimal = Decimal(0)
    """Upfront fee invoiced in this very month, if it was bought now."""
    ends: str = ""


@dataclass(frozen=True)
class Service:
    """Something the account runs that is not the cluster, or a cluster resource nobody models."""

    code: str
    name: str
    resource: str
    usage_type: str
    unit: str
    rate: str
    per_hour: Decimal
    tags: Tags = ()
    cost_class: str = ""
    """Empty when it is outside the cluster."""
    family: str = ""
    operation: str = ""


@dataclass(frozen=True)
class Discounts:
    edp: Decimal = Decimal(0)
    private_transfer: Decimal = Decimal(0)
    """A private rate on data transfer: share taken off."""
    style: str = "both"
    """both: separate lines and net columns; columns: net and discount columns only; lines: lines only."""


@dataclass(frozen=True)
class Monthly:
    """Lines that span the billing month."""

    credit: Decimal = Decimal(0)
    refund: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    support: Decimal = Decimal(0)
    marketplace: Decimal = Decimal(0)
    odd: Decimal = Decimal(0)
    """A line of a type that is in no documentation."""


@dataclass(frozen=True)
class World:
    seed: int
    cluster: str
    account: str
    region: str
    start: datetime
    hours: int
    scrape: int
    """Seconds between two scrapes."""
    nodes: tuple[Node, ...]
    pods: tuple[Pod, ...] = ()
    workloads: tuple[Workload, ...] = ()
    """Empty: no source says how workloads are run."""
    told_from: int = 0
    """The first day on which one did."""
    volumes: tuple[Volume, ...] = ()
    balancers: tuple[Balancer, ...] = ()
    plans: tuple[SavingsPlan, ...] = ()
    reservations: tuple[Reservation, ...] = ()
    strangers: tuple[Node, ...] = ()
    """EC2 instances of other teams and other clusters, in the same account."""
    services: tuple[Service, ...] = ()
    discounts: Discounts = field(default_factory=Discounts)
    monthly: Monthly = field(default_factory=Monthly)
    control_plane: bool = True
    extended_support: bool = False
    late_hours: int = 0
    """Last hours that are not on the bill yet."""
    gaps: tuple[Interval, ...] = ()
    """Stretches nobody scraped."""

    @property
    def month(self) -> tuple[datetime, datetime]:
        first = self.start.replace(day=1, hour=0)
        after = (first + timedelta(days=32)).replace(day=1)
        return first, after

    @property
    def month_hours(self) -> int:
        first, after = self.month
        return int((after - first) / timedelta(hours=1))

    @property
    def end(self) -> datetime:
        return self.start + timedelta(hours=self.hours)

    def at(self, seconds: int) -> datetime:
        return self.start + timedelta(seconds=seconds)

    def __post_init__(self) -> None:
        assert self.start.tzinfo is UTC
        assert self.end <= self.month[1], "a world lives within one billing month"
