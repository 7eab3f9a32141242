"""What each method of a plugin is asked: one frozen request a method, read by name.

A later minor version may add a field with a default: a plugin written before reads what it knows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from burn.api.scope import Scope
from burn.api.window import Window

if TYPE_CHECKING:
    import pandas as pd

    from burn.api.contract import Observation
    from burn.api.frames import AllocationFrame, IdentityFrame, InventoryFrame
    from burn.api.news import News, TellSettings
    from burn.api.questions import Desk
    from burn.api.report import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRequest:
    """For `burn doctor`: whether a run would find what it needs.

    Attributes:
        scope: what a run would be about.
        window: what it would observe; None where nothing says so yet.
    """

    scope: Scope = field(default_factory=Scope)
    window: Window | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ObserveRequest:
    """Everything seen in some time.

    Attributes:
        scope: cluster and label keys.
        window: one UTC day or part of one; of a `StoredSource`, any length.
        now: of a source that is `live`: take what there is now as there for all of the window, an
            hour; what it costs is then the rate of this moment.
    """

    scope: Scope
    window: Window
    now: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodRequest:
    """Which time the bill covers.

    Attributes:
        scope: whose bill.
    """

    scope: Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifyRequest:
    """Which bill resources each asset is.

    Attributes:
        inventory: asset × day, of any days.
    """

    inventory: InventoryFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRequest:
    """What a Kubernetes cost report would charge.

    Attributes:
        scope: cluster and label keys.
        window: the run's.
        inventory: asset × day over the whole window.
        from_bill: whether the bill may be read for the rates it teaches; not for a report without
            a bill.
        identified: assets that the provider knows on its bill; a node that is not among them is on
            premises, or another cloud's.
        currency: the bill's; empty: there is no bill.
        priced: for a provider, which rows of the inventory a price source has a price of, on its
            index; None: none. Of these it tells quantity and unit; any unit price will do, and
            that it knows none is no error.
    """

    scope: Scope
    window: Window
    inventory: InventoryFrame
    from_bill: bool = True
    identified: frozenset[str] = frozenset()
    currency: str = ""
    priced: pd.Series[bool] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BillRequest:
    """All charges in scope.

    Attributes:
        scope: cluster and label keys.
        window: the run's.
        identities: which bill resources are the cluster's, by what was observed.
    """

    scope: Scope
    window: Window
    identities: IdentityFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesRequest:
    """Raw bill lines behind a figure.

    Attributes:
        scope: as for `bill`.
        window: as for `bill`.
        subjects: resource keys, commitment ids or service names, as in the `bill` frame.
        skus: only lines of these, as in the `bill` frame's `sku`; none means any.
        limit: the most rows to return.
    """

    scope: Scope
    window: Window
    subjects: Sequence[str]
    skus: Sequence[str] = ()
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyRequest:
    """One step of the allocation chain.

    Attributes:
        allocation: what the steps before this one made; not to be changed in place.
        observed: the same days, for shares and labels; likewise.
    """

    allocation: AllocationFrame
    observed: Observation


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrichRequest:
    """Dimensions of what carries cost.

    Attributes:
        scope: as observed.
        window: the run's.
        subjects: what there was, once each: the columns of frame `dimensions` up to `name`. Each
            workload, each namespace, and each driver of shared cost that nobody carries.
    """

    scope: Scope
    window: Window
    subjects: pd.DataFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteRequest:
    """A report to write somewhere.

    Attributes:
        report: the finished run; read only.
        target: --output's value; None means standard output.
        desk: where a person asks about this report, which is `latest` there, and those kept before
            it; as `ServeRequest.desk`.
        news: what is new in it to a receiver, for sinks that tell people. The receiver is named by
            anything that tells it apart, which may be a secret.
    """

    report: Report
    target: str | None = None
    desk: Callable[[str | None], Desk] | None = None
    news: Callable[[str, TellSettings], News] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeRequest:
    """To serve until the user or the system stops it.

    Attributes:
        report: makes the report that `burn run` would, of the window that was typed; empty: the
            configured one. Takes as long as a run; raises BurnError.
        say: tells the user one line, e.g. at which address it answers.
        desk: where a person asks about kept reports, see `Desk`. The person is called as `[access]`
            does, e.g. `slack:U0123ABCD`; None: who started the service, who sees everything.
        meant: which questions a sentence asks for at a desk, by rules, with their parameters;
            raises UsageError where no rule fits.
    """

    report: Callable[[str], Report]
    say: Callable[[str], None]
    desk: Callable[[str | None], Desk]
    meant: Callable[[Desk, str], Sequence[tuple[str, Mapping[str, Any]]]] | None = None
