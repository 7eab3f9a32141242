"""What burn knows about a plugin: where it comes from, and whether it can be used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import EntryPoint
from typing import NamedTuple, TypeVar

from burn.api import (
    AllocationPolicy,
    AllocationPolicySpec,
    BillingProvider,
    BillingProviderSpec,
    Enricher,
    EnricherSpec,
    FindingRule,
    FindingRuleSpec,
    MetricsSource,
    MetricsSourceSpec,
    Model,
    ModelSpec,
    OutputSink,
    OutputSinkSpec,
    PriceSource,
    PriceSourceSpec,
    Report,
    Service,
    ServiceSpec,
    Spec,
)

OBSERVER = "burn_stage_finished"
REPORTER = "burn_report_finished"
Observer = Callable[[str, object, str], None]
Reporter = Callable[[Report, tuple[str, ...]], None]
S = TypeVar(
    "S",
    MetricsSourceSpec,
    BillingProviderSpec,
    AllocationPolicySpec,
    PriceSourceSpec,
    EnricherSpec,
    OutputSinkSpec,
    FindingRuleSpec,
    ServiceSpec,
    ModelSpec,
)


class Kind(NamedTuple):
    """How one kind of spec is called: in burn.toml, in messages, and the hook that offers it.

    `protocol` is what the object must be that the spec's `make` returns.
    """

    table: str
    word: str
    hook: str
    protocol: type


KINDS: dict[type, Kind] = {
    MetricsSourceSpec: Kind("source", "source", "burn_metrics_sources", MetricsSource),
    BillingProviderSpec: Kind("provider", "provider", "burn_billing_providers", BillingProvider),
    AllocationPolicySpec: Kind("policy", "policy", "burn_allocation_policies", AllocationPolicy),
    PriceSourceSpec: Kind("price_source", "price source", "burn_price_sources", PriceSource),
    EnricherSpec: Kind("enricher", "enricher", "burn_enrichers", Enricher),
    OutputSinkSpec: Kind("sink", "format", "burn_output_sinks", OutputSink),
    FindingRuleSpec: Kind("rule", "rule", "burn_finding_rules", FindingRule),
    ServiceSpec: Kind("service", "service", "burn_services", Service),
    ModelSpec: Kind("model", "model", "burn_models", Model),
}


class State(StrEnum):
    """Where a plugin stands. `found` is not judged yet; the other five are final."""

    FOUND = "found"
    READY = "ready"
    BLOCKED = "blocked"
    INCOMPATIBLE = "incompatible"
    CONFLICT = "conflict"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Found:
    """One entry point, read from metadata; nothing of it is imported.

    Attributes:
        name: the entry point's name, which is what a user types.
        group: `burn.v1`, or another major version's group.
        why, remedy: one sentence each when it cannot be used.
    """

    name: str
    dist: str
    version: str
    group: str
    entry: EntryPoint
    state: State = State.FOUND
    why: str = ""
    remedy: str = ""

    @property
    def author(self) -> str:
        """Distribution and version, as named in every error about the plugin."""
        return f"{self.dist} {self.version}"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A plugin after its import: ready with what it offers, or broken with the cause."""

    found: Found
    state: State
    specs: tuple[Spec, ...] = ()
    observer: Observer | None = None
    reporter: Reporter | None = None
    why: str = ""
    remedy: str = ""
    cause: BaseException | None = None

    def offers(self, kind: type[S]) -> tuple[S, ...]:
        """Its specs of one kind."""
        return tuple(spec for spec in self.specs if isinstance(spec, kind))
