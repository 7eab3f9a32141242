"""From what was typed and configured to the chosen plugin objects of one provider's run."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from burn.api import (
    AllocationPolicy,
    BillingProvider,
    BillingProviderSpec,
    Enricher,
    FindingRuleSpec,
    MetricsSource,
    OutputSink,
    PriceSource,
    Scope,
    Service,
    UsageError,
    Window,
)
from burn.cli import console
from burn.config.inputs import digested
from burn.config.load import Config, load
from burn.config.model import RunSettings
from burn.ledger.paid import Paid
from burn.plugin.chosen import Chosen
from burn.plugin.guard import foreign
from burn.plugin.messages import did_you_mean
from burn.plugin.registry import Offer, Registry
from burn.plugin.state import KINDS, S
from burn.run.plan import Plan

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from burn.cli.options import Flags
    from burn.config.coerce import Table

T = TypeVar("T")
WEEK = "7d"
"""What a report without a bill is of, where nobody says: what happens once a week is in it."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """What a report without a bill is asked for.

    Attributes:
        by_pod: a row a pod.
        paid: what a kept run paid; None: at list price.
    """

    by_pod: bool = False
    paid: Paid | None = None
    window: str = WEEK

    @property
    def basis(self) -> str:
        """Whose price is distributed."""
        return "effective" if self.paid else "list"

    @property
    def stated(self) -> list[str]:
        """What makes it another report than a run's, as `key=value`."""
        by = f"analyze.by={'pod' if self.by_pod else 'workload'}"
        return [by, *([f"analyze.paid={self.paid.run_id}"] if self.paid else [])]


class Session:
    """One command's configuration and plugins; `open_sessions` also checks for idle settings."""

    def __init__(self, flags: Flags) -> None:
        if flags.sample and flags.config:
            raise UsageError(
                "--sample and --config exclude each other",
                hint="a sample brings its own burn.toml; change single settings with --set",
            )
        given = flags.run_settings()
        files = flags.files and not flags.sample
        self.config: Config = load(given, flags.sets, file=flags.config, files=files)
        self.registry = Registry.discover(self.config.block)
        self.sample: Path | None = None
        """The folder of the sample that the command is about."""
        if flags.sample:
            provider = self._provider_offer()
            self.sample = self._sample(provider.spec)
            given["provider"] = provider.spec.name
            self.config = load(given, flags.sets, sample=self.sample)

    @property
    def run(self) -> RunSettings:
        """`[run]`."""
        return self.config.run

    def policies(self) -> tuple[Chosen[AllocationPolicy], ...]:
        """The allocation chain, made."""
        offers = [self.registry.allocation_policy(name) for name in self.run.policies]
        for offer in offers:
            self.settings(offer)
        return tuple(self._made(offer) for offer in offers)

    def rule_names(self) -> list[str]:
        """Burn's own finding rules and those that `findings.rules` names, less those that are off.

        Raises:
            UsageError: `findings.off` names none of them.
        """
        limits = self.config.findings
        every = list(dict.fromkeys([*self.registry.own(FindingRuleSpec), *limits.rules]))
        for name in limits.off:
            if name not in every:
                raise UsageError(
                    f"findings.off names `{name}`, which is no rule",
                    hint=f"{did_you_mean(name, every)} rules are {', '.join(every)}".strip(),
                )
        return [name for name in every if name not in limits.off]

    def scope(
        self, policies: tuple[Chosen[AllocationPolicy], ...], *, priced: bool = True
    ) -> Scope:
        """What the run is about; labels that a policy or provider reads are kept unasked.

        Args:
            policies: the chain.
            priced: False leaves out what the provider reads, which may not be there to be asked.
        """
        of_policies = (key for policy in policies for key in policy.label_keys or ())
        keys = tuple(dict.fromkeys([*self.run.label_keys, *of_policies]))
        of_nodes = self._node_labels() if priced else ()
        return Scope(cluster=self.run.cluster or None, label_keys=keys, node_label_keys=of_nodes)

    def window(self, default: str = "") -> Window | None:
        """The window that was asked for; None leaves it to the bill."""
        text = self.run.window or default
        return Window.parse(text, now=datetime.now(UTC)) if text else None

    def source(self) -> Chosen[MetricsSource]:
        """The metrics source, made."""
        return self._made(self.registry.metrics_source(self.run.source))

    def same_source(self, other: Session) -> bool:
        """Whether both would observe the same through the same settings."""
        return self.run.source == other.run.source and self._source() == other._source()

    def provider(self) -> Chosen[BillingProvider]:
        """The billing provider, made."""
        return self._made(self._provider_offer())

    def enricher(self, name: str) -> Chosen[Enricher]:
        """An enricher, made."""
        return self._made(self.registry.enricher(name))

    def price_source(self, name: str) -> Chosen[PriceSource]:
        """A price source, made."""
        return self._made(self.registry.price_source(name))

    def plan(self, analysis: Analysis | None = None) -> Plan:
        """Everything a run needs; all settings are checked before the first object is made.

        Args:
            analysis: of a report without a bill; None: of a run.
        """
        provider = self._provider_offer()
        if analysis is None and not provider.spec.billed:
            raise UsageError(
                f"provider `{provider.spec.name}` has prices and no bill to walk to",
                hint=f"`burn analyze --provider {provider.spec.name}` reports what they come to",
            )
        source = self.registry.metrics_source(self.run.source)
        now = analysis is not None and source.spec.live and not self.run.window
        window = _this_hour() if now else self.window("" if analysis is None else analysis.window)
        chain = [self.registry.allocation_policy(name) for name in self.run.policies]
        stated = [*self.settings(provider).stated, *self.settings(source).stated]
        sheets = [self.registry.price_source(name) for name in self.run.price_sources]
        enrichers = [self.registry.enricher(name) for name in self.run.enrichers]
        rules = [self.registry.finding_rule(name) for name in self.rule_names()]
        stated += [text for offer in sheets for text in self.settings(offer).stated]
        stated += [text for offer in chain for text in self.settings(offer).stated]
        stated += [text for offer in enrichers for text in self.settings(offer).stated]
        stated += [text for offer in rules for text in self.settings(offer).stated]
        policies = self.policies()
        if analysis is not None:
            stated += analysis.stated
        return Plan(
            scope=self.scope(policies),
            window=window,
            source=self._made(source),
            provider=self._made(provider),
            policies=policies,
            price_sources=tuple(self._made(offer) for offer in sheets),
            worth=self.run.rates | {self.run.currency: 1.0},
            enrichers=tuple(self._made(offer) for offer in enrichers),
            by=self.run.by,
            inputs=(
                *(text for one in sheets for text in self._inputs(one, one.spec.files)),
                *(text for one in enrichers for text in self._inputs(one, one.spec.files)),
            ),
            rules=tuple(self._made(offer) for offer in rules),
            basis=self.run.basis if analysis is None else analysis.basis,
            tolerance=self.run.tolerance,
            jobs=self.run.jobs,
            days_at_once=self.run.days_at_once,
            findings=self.config.findings,
            source_replayable=source.spec.replayable or source.spec.stored,
            observers=self.registry.observers(self.run.observers),
            stated=(*stated, *self.config.stated),
            now=now,
            by_pod=analysis is not None and analysis.by_pod,
            paid=None if analysis is None else analysis.paid,
        )

    def sinks(self, *, billed: bool = True) -> list[tuple[Chosen[OutputSink], str | None]]:
        """Every output sink of the run, made, and where it writes; see `sink`."""
        return [(self.sink(name, to, billed=billed), to or None) for name, to in self.run.outputs]

    def sink(self, name: str, target: str, *, billed: bool = True) -> Chosen[OutputSink]:
        """An output sink, made; a target that cannot be written is told before the work.

        Args:
            name: the format.
            target: where it writes; empty: standard output.
            billed: whether what it gets has a bill; some formats write no other.
        """
        offer = self.registry.output_sink(name)
        if not billed and not offer.spec.without_bill:
            raise UsageError(
                f"format `{offer.spec.name}` of {offer.author} does not write reports without a bill",
                hint="use table, json, csv or parquet",
            )
        if offer.spec.binary and not target:
            raise UsageError(
                f"format `{offer.spec.name}` is binary and does not go to standard output",
                hint="say where to write it with --output PATH",
            )
        parent = Path(target).expanduser().parent
        if target and not re.match(r"[a-z][a-z0-9+.-]+://", target) and not parent.is_dir():
            raise UsageError(f"--output {target}: folder `{parent}` does not exist")
        return self._made(offer)

    def service(self, name: str) -> Chosen[Service]:
        """A service, made."""
        return self._made(self.registry.service(name))

    def settings(self, offer: Offer[S, Any]) -> Table[Any]:
        """The typed settings of a selected plugin object, with their origins."""
        table = KINDS[type(offer.spec)].table
        return self.config.plugin(table, offer.spec.name, offer.spec.settings)

    def _inputs(
        self, offer: Offer[S, Any], files: Callable[[Any], Sequence[str]] | None
    ) -> list[str]:
        """The files that a plugin reads, each with the digest of its content."""
        if files is None:
            return []
        with foreign(offer.author, f"find the files of {offer.kind} `{offer.spec.name}`"):
            named = [Path(name) for name in files(self.settings(offer).settings)]
        return [digested(path.expanduser()) for path in named]

    def _node_labels(self) -> tuple[str, ...]:
        """Labels of nodes that the provider's prices look at; it need not be made for that."""
        if not self.run.provider:
            return ()
        offer = self._provider_offer()
        keys = offer.spec.node_label_keys
        return tuple(keys(self.settings(offer).settings)) if keys else ()

    def _source(self) -> Any:
        return self.settings(self.registry.metrics_source(self.run.source)).settings

    def _made(self, offer: Offer[S, T]) -> Chosen[T]:
        name = offer.spec.name
        if rival := self.registry.rivals.get(name):
            console.warn(f"`{name}` is burn's own; {rival} claims that name too and is not used")
        return offer.make(self.settings(offer).settings)

    def _provider_offer(self) -> Offer[BillingProviderSpec, BillingProvider]:
        if not self.run.provider:
            listed = ", ".join(self.registry.names(BillingProviderSpec)) or "none"
            raise UsageError(
                "no provider is chosen",
                hint=f"use --provider NAME, or [run] provider in burn.toml; installed: {listed}",
            )
        return self.registry.billing_provider(self.run.provider)

    def _sample(self, spec: BillingProviderSpec) -> Path:
        if spec.sample is None:
            raise UsageError(
                f"provider `{spec.name}` has no sample",
                hint=f"run it on your own bill: see `burn config show --provider {spec.name}`",
            )
        return spec.sample()


def _this_hour() -> Window:
    start = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    return Window(start, start + timedelta(hours=1))
