"""What a plugin's hooks return: frozen descriptions, cheap to make and to list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from burn.api.machines import Machine
from burn.api.model import ModelSpec
from burn.api.settings import NoSettings

if TYPE_CHECKING:
    from pathlib import Path

    from burn.api.around import Around, Seen
    from burn.api.contract import (
        AllocationPolicy,
        BillingProvider,
        Enricher,
        FindingRule,
        MetricsSource,
        OutputSink,
        PriceSource,
        Service,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsSourceSpec:
    """A metrics source on offer; `[source.NAME]` in burn.toml holds its settings."""

    name: str
    summary: str
    make: Callable[[Any], MetricsSource]
    settings: type[Any] = NoSettings
    replayable: bool = False
    """True when `observe` gives the same day again at little cost (files): a run then keeps
    no day store of its own."""
    stored: bool = False
    """True when it is a `StoredSource`, which is replayable: it also has `outline`, and `observe`
    takes windows of any length."""
    concurrent: bool = False
    """True when `observe` may be called from several threads at once, each for another day; as
    many as `run.days_at_once` says."""
    look: Callable[[Any, Around], Iterable[Seen]] | None = None
    """What `burn init` may write for it: looks around with its settings, in seconds, and changes
    nothing. Raises BurnError where there is nothing, with what would help."""
    live: bool = False
    """True when it sees what there is now and knows `ObserveRequest.now`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PodBilling:
    """How a provider bills nodes by what their pods ask for.

    The core then sums the billed pods' requests into the inventory's `cpu_requested`,
    `memory_requested` and `gpu_requested`. A price row in vCPU-hours makes a node its pods'.

    Attributes:
        free_namespaces: whose pods are not billed; `*` at the end of a name matches any rest.
        sole_pods: it bills only nodes of one pod so; no other node's requests are summed up.
    """

    free_namespaces: tuple[str, ...] = ()
    sole_pods: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingProviderSpec:
    """A billing provider on offer; `[provider.NAME]` in burn.toml holds its settings.

    `sample`, if given, returns a folder with `metrics/` (a snapshot), `bill/` and `burn.toml`,
    so that `burn run --provider NAME --sample` works with no account. Reports kept in its `history/`,
    of months before, are kept with the first run.

    `pod_billing`, if given, says from the settings how it bills nodes by their pods.

    `node_scheme` is how `spec.providerID` of its nodes begins, before `://`.

    `look`, if given, lists bills for `burn init`, as `MetricsSourceSpec.look` does.
    `billed` is False where nobody sends a bill: it has prices alone, and only `burn analyze` takes
    it. `rest` is True when it also takes the assets that no other provider of the same cluster
    identifies. `node_label_keys`, if given, says which labels of nodes its prices look at.

    `machines`, if given, lists the types that a plan may advise instead of others, without a network.
    `listed` is True when it is a `PriceListProvider`, which tells what its price lists ask for
    commitments and spot.
    """

    name: str
    summary: str
    make: Callable[[Any], BillingProvider]
    settings: type[Any] = NoSettings
    sample: Callable[[], Path] | None = None
    pod_billing: Callable[[Any], PodBilling] | None = None
    node_scheme: str = ""
    look: Callable[[Any, Around], Iterable[Seen]] | None = None
    billed: bool = True
    rest: bool = False
    node_label_keys: Callable[[Any], Sequence[str]] | None = None
    machines: Callable[[], Sequence[Machine]] | None = None
    listed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationPolicySpec:
    """An allocation policy on offer; `[policy.NAME]` in burn.toml holds its settings.

    `label_keys`, if given, says from the settings which labels it looks at, so that the metrics
    source keeps them (`Scope.label_keys`).

    `traffic` says that it moves what traffic cost nodes: then that stands in rows of its own from the
    start of the chain, of resource `network`; else it is in the node's other rows.
    """

    name: str
    summary: str
    make: Callable[[Any], AllocationPolicy]
    settings: type[Any] = NoSettings
    label_keys: Callable[[Any], Sequence[str]] | None = None
    traffic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceSourceSpec:
    """A price source on offer; `[price_source.NAME]` in burn.toml holds its settings.

    `files`, if given, says from the settings which files it reads: their names are in the
    report's origin, and their content is part of the run's id.
    """

    name: str
    summary: str
    make: Callable[[Any], PriceSource]
    settings: type[Any] = NoSettings
    files: Callable[[Any], Sequence[str]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnricherSpec:
    """An enricher on offer; `[enricher.NAME]` in burn.toml holds its settings.

    `files`, if given, says from the settings which files it reads: their names are in the
    report's origin, and their content is part of the run's id.
    """

    name: str
    summary: str
    make: Callable[[Any], Enricher]
    settings: type[Any] = NoSettings
    files: Callable[[Any], Sequence[str]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputSinkSpec:
    """An output sink on offer; `[sink.NAME]` in burn.toml holds its settings."""

    name: str
    summary: str
    make: Callable[[Any], OutputSink]
    settings: type[Any] = NoSettings
    binary: bool = False
    """True when the sink does not write to standard output and needs --output."""
    alerts: bool = False
    """True when it is an `AlertSink`: it also writes what `burn check` found."""
    without_bill: bool = False
    """True when it also writes reports whose `control` is None; others never get one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRuleSpec:
    """A rule on offer; `[rule.NAME]` in burn.toml holds its settings.

    The name is the `rule` of its findings. Burn's own rules apply unless `findings.off` names
    them, a plugin's where `findings.rules` does.
    """

    name: str
    summary: str
    make: Callable[[Any], FindingRule]
    settings: type[Any] = NoSettings
    on_request: bool = False
    """True when `findings.rules` must name it, though it is burn's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceSpec:
    """A service on offer; `[service.NAME]` in burn.toml holds its settings."""

    name: str
    summary: str
    make: Callable[[Any], Service]
    settings: type[Any] = NoSettings


Spec = (
    MetricsSourceSpec
    | BillingProviderSpec
    | AllocationPolicySpec
    | EnricherSpec
    | OutputSinkSpec
    | PriceSourceSpec
    | FindingRuleSpec
    | ServiceSpec
    | ModelSpec
)
