"""What a run is going to do: everything chosen, nothing done yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from burn.api import (
    AllocationPolicy,
    BillingProvider,
    Enricher,
    FindingRule,
    MetricsSource,
    PriceSource,
    Scope,
    Window,
)
from burn.api.thresholds import Thresholds
from burn.ledger.paid import Paid
from burn.plugin.chosen import Chosen


@dataclass(frozen=True, slots=True)
class Plan:
    """The choices of one run.

    Attributes:
        window: None means "as far as the bill is complete": the last full month of it.
        basis: whose price the namespaces are charged at: list, effective or billed.
        tolerance: how far the ledger may miss the control total, in the bill's currency.
        price_sources: asked before the provider, in this order; the first that has a price counts.
        worth: what one unit of a currency is worth in a common one, by the user's rates;
            the common one is worth 1, and empty where it is the bill's.
        enrichers: what says dimensions of cost; the first that knows counts.
        by: what the report groups by.
        inputs: files that were chosen, each with the digest of its content.
        rules: what turns the finished frames into findings.
        findings: when a rule speaks.
        source_replayable: `MetricsSourceSpec.replayable` of the chosen source, or `stored`.
        jobs: processes that work on batches; 0: as many as there are cores and memory for.
        days_at_once: that a source which allows it is asked for at the same time.
        observers: called with (stage, frame, run_id) after each stage.
        stated: the settings of what was chosen, as `key=value`; no secrets. Part of the run's id.
        now: of a live source: the rate of this moment, see `ObserveRequest`.
        by_pod: a row a pod, where there would be one a workload.
        paid: what a kept run paid, for a report without a bill at effective prices.
    """

    scope: Scope
    window: Window | None
    source: Chosen[MetricsSource]
    provider: Chosen[BillingProvider]
    policies: tuple[Chosen[AllocationPolicy], ...]
    price_sources: tuple[Chosen[PriceSource], ...] = ()
    worth: Mapping[str, float] = field(default_factory=dict)
    enrichers: tuple[Chosen[Enricher], ...] = ()
    by: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    rules: tuple[Chosen[FindingRule], ...] = ()
    basis: str = "effective"
    tolerance: float = 0.005
    source_replayable: bool = False
    jobs: int = 0
    days_at_once: int = 1
    findings: Thresholds = field(default_factory=Thresholds)
    observers: tuple[Callable[[str, object, str], None], ...] = field(default=())
    stated: tuple[str, ...] = ()
    now: bool = False
    by_pod: bool = False
    paid: Paid | None = None

    def chosen(self) -> tuple[Chosen[Any], ...]:
        """Every plugin object whose code makes the numbers; burn's own rules go with burn."""
        rules = [rule for rule in self.rules if rule.name in self.findings.rules]
        more: tuple[Chosen[Any], ...] = (*self.price_sources, *self.policies, *self.enrichers)
        return (self.source, self.provider, *more, *rules)
