"""Plugins selected by name. Only what a run names is imported; the order of install never matters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from burn.api import (
    AlertSink,
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
    PluginError,
    PodBilling,
    PriceListProvider,
    PriceSource,
    PriceSourceSpec,
    Service,
    ServiceSpec,
    Spec,
    StoredSource,
)
from burn.plugin import messages
from burn.plugin.chosen import Chosen
from burn.plugin.guard import Guarded, foreign
from burn.plugin.hook_rules import RefusedError, check_declared, check_made
from burn.plugin.installed import BUILTIN, CORE, find
from burn.plugin.loader import load
from burn.plugin.state import KINDS, Found, Loaded, Observer, Reporter, S, State

T = TypeVar("T")
_CLAIMING = (State.FOUND, State.CONFLICT)


@dataclass(frozen=True, slots=True)
class Offer(Generic[S, T]):
    """A spec that was selected, and who offers it. Nothing is made yet."""

    spec: S
    author: str
    kind: str

    def make(self, settings: object) -> Chosen[T]:
        """Call the spec's `make`; SDKs are imported here.

        Raises:
            PluginError: names plugin and version, when it fails with a foreign exception.
        """
        make: Callable[[Any], T] = self.spec.make  # type: ignore[assignment]
        what = f"{self.kind} `{self.spec.name}`"
        source = self.spec if isinstance(self.spec, MetricsSourceSpec) else None
        provider = self.spec if isinstance(self.spec, BillingProviderSpec) else None
        stored = source is not None and source.stored
        listed = provider is not None and provider.listed
        alerts = isinstance(self.spec, OutputSinkSpec) and self.spec.alerts
        protocols: list[type] = [KINDS[type(self.spec)].protocol]
        protocols += [StoredSource] * stored + [AlertSink] * alerts + [PriceListProvider] * listed
        with foreign(self.author, f"start {what}"):
            made = make(settings)
            keys, pods = _declared(self.spec, settings)
        try:
            for protocol in protocols:
                check_made(made, protocol, what)
            check_declared(keys, pods, what)
        except RefusedError as error:
            raise PluginError(
                f"{self.author}: {error}",
                hint="its author finds the methods in docs/reference/hooks.md",
            ) from error
        return Chosen(
            self.spec.name,
            self.author,
            cast("T", Guarded(made, self.author)),
            label_keys=None if keys is None else tuple(keys),
            pod_billing=pods,
            stored=stored,
            rest=provider is not None and provider.rest,
            machines=None if provider is None else provider.machines,
            listed=listed,
            traffic=isinstance(self.spec, AllocationPolicySpec) and self.spec.traffic,
            concurrent=source is not None and source.concurrent,
        )


class Registry:
    """The installed plugins, loaded when a name asks for them."""

    def __init__(self, found: Sequence[Found]) -> None:
        self.found = tuple(found)
        self.rivals: dict[str, str] = {}
        """Names of burn's own that were asked for and that an installed plugin claims: its author."""
        self._loaded: dict[Found, Loaded] = {}
        self._chosen: list[Loaded] = []

    @classmethod
    def discover(cls, block: Iterable[str] = ()) -> Registry:
        """From the metadata of what is installed; imports nothing.

        Args:
            block: names not to use, from `[plugins] block`; `BURN_BLOCK` adds to them.
        """
        return cls(find(block))

    def metrics_source(self, name: str) -> Offer[MetricsSourceSpec, MetricsSource]:
        """Hook `burn_metrics_sources`."""
        return self._offer(MetricsSourceSpec, name)

    def billing_provider(self, name: str) -> Offer[BillingProviderSpec, BillingProvider]:
        """Hook `burn_billing_providers`."""
        return self._offer(BillingProviderSpec, name)

    def allocation_policy(self, name: str) -> Offer[AllocationPolicySpec, AllocationPolicy]:
        """Hook `burn_allocation_policies`."""
        return self._offer(AllocationPolicySpec, name)

    def price_source(self, name: str) -> Offer[PriceSourceSpec, PriceSource]:
        """Hook `burn_price_sources`."""
        return self._offer(PriceSourceSpec, name)

    def enricher(self, name: str) -> Offer[EnricherSpec, Enricher]:
        """Hook `burn_enrichers`."""
        return self._offer(EnricherSpec, name)

    def output_sink(self, name: str) -> Offer[OutputSinkSpec, OutputSink]:
        """Hook `burn_output_sinks`."""
        return self._offer(OutputSinkSpec, name)

    def finding_rule(self, name: str) -> Offer[FindingRuleSpec, FindingRule]:
        """Hook `burn_finding_rules`."""
        return self._offer(FindingRuleSpec, name)

    def own(self, kind: type[S]) -> list[str]:
        """What burn itself offers of one kind without being asked, in its order."""
        builtin = self._builtin()
        offers = builtin.offers(kind) if builtin else ()
        return [spec.name for spec in offers if not getattr(spec, "on_request", False)]

    def service(self, name: str) -> Offer[ServiceSpec, Service]:
        """Hook `burn_services`."""
        return self._offer(ServiceSpec, name)

    def model(self, name: str) -> Offer[ModelSpec, Model]:
        """Hook `burn_models`."""
        return self._offer(ModelSpec, name)

    def services(self) -> tuple[ServiceSpec, ...]:
        """All that usable plugins offer, by name."""
        found = (spec for plugin in self.all() for spec in plugin.offers(ServiceSpec))
        return tuple(sorted(found, key=lambda spec: spec.name))

    def observers(self, names: Iterable[str] = ()) -> tuple[Observer, ...]:
        """Hook `burn_stage_finished`, of the plugins selected so far and of those named here.

        Args:
            names: entry-point names, from `run.observers`.
        """
        return tuple(p.observer for p in self._watching(names) if p.observer)

    def reporters(self, names: Iterable[str] = ()) -> tuple[Reporter, ...]:
        """Hook `burn_report_finished`, of the same plugins as `observers`."""
        return tuple(p.reporter for p in self._watching(names) if p.reporter)

    def _watching(self, names: Iterable[str]) -> list[Loaded]:
        for name in names:
            plugin = self._entry(name)
            if plugin is None or not (plugin.observer or plugin.reporter):
                known = [p.found.name for p in self.all() if p.observer or p.reporter]
                raise _error(messages.unknown("observer", name, known))
            self._choose(plugin)
        return self._chosen

    def all(self) -> tuple[Loaded, ...]:
        """Every plugin, imported under guard; for `burn plugins`."""
        return tuple(self._load(found) for found in self.found)

    def names(self, kind: type[S]) -> list[str]:
        """What all usable plugins offer of one kind."""
        return sorted({spec.name for plugin in self.all() for spec in plugin.offers(kind)})

    def _offer(self, kind: type[S], name: str) -> Offer[S, Any]:
        word = KINDS[kind].word
        builtin = self._builtin()
        if builtin and (spec := _pick(builtin, kind, name)):
            claims = [f.author for f in self.found if f.name == name and f.state in _CLAIMING]
            self.rivals |= dict.fromkeys([name] * bool(claims), " and ".join(claims))
            return self._take(builtin, spec, word)
        own = self._entry(name)
        if own and (spec := _pick(own, kind, name)):
            return self._take(own, spec, word)
        takers = [(p, spec) for p in self.all() if (spec := _pick(p, kind, name))]
        if len(takers) > 1:
            authors = sorted(p.found.author for p, _ in takers)
            raise _error(messages.one_name_twice(name, authors))
        if not takers:
            raise self._missing(kind, name, word)
        return self._take(*takers[0], word)

    def _entry(self, name: str) -> Loaded | None:
        """The plugin whose entry point has this name.

        It claims the name, so burn does not silently take another's when it cannot be used;
        only a blocked one is passed over.
        """
        for found in self.found:
            if found.name == name and found.state is not State.BLOCKED:
                plugin = self._load(found)
                if plugin.state is not State.READY:
                    raise PluginError(plugin.why, hint=plugin.remedy) from plugin.cause
                return plugin
        return None

    def _missing(self, kind: type[S], name: str, word: str) -> PluginError:
        for found in self.found:
            if found.name == name and found.state is State.BLOCKED:
                return PluginError(f"{word} `{name}` is blocked", hint=found.remedy)
        unusable = sum(plugin.state is not State.READY for plugin in self.all())
        return _error(messages.unknown(word, name, self.names(kind), unusable))

    def _take(self, plugin: Loaded, spec: S, word: str) -> Offer[S, Any]:
        self._choose(plugin)
        return Offer(spec, plugin.found.author, word)

    def _choose(self, plugin: Loaded) -> None:
        if plugin not in self._chosen:
            self._chosen.append(plugin)

    def _builtin(self) -> Loaded | None:
        return next(
            (self._load(f) for f in self.found if f.dist == CORE and f.name == BUILTIN), None
        )

    def _load(self, found: Found) -> Loaded:
        if found not in self._loaded:
            self._loaded[found] = load(found)
            self._loaded[found] = self._without_taken_names(self._loaded[found])
        return self._loaded[found]

    def _without_taken_names(self, plugin: Loaded) -> Loaded:
        """A plugin that offers a name of burn's own, or another's entry point, cannot be used."""
        if plugin.found.dist == CORE:
            return plugin
        for spec in plugin.specs:
            owner = self._owner(plugin.found, spec)
            if owner:
                why, remedy = messages.taken(spec.name, owner, plugin.found.author)
                return Loaded(plugin.found, State.CONFLICT, why=why, remedy=remedy)
        return plugin

    def _owner(self, found: Found, spec: Spec) -> str:
        """Who else has the right to offer a spec of this kind and name; empty: nobody."""
        builtin = self._builtin()
        if builtin and _pick(builtin, type(spec), spec.name):  # type: ignore[type-var]
            return builtin.found.author
        for other in self.found:
            claims = other.name == spec.name and other.state is State.FOUND
            stranger = other.name != found.name and other.dist != found.dist
            if claims and stranger and _pick(self._load(other), type(spec), spec.name):  # type: ignore[type-var]
                return other.author
        return ""


def _declared(spec: Spec, settings: object) -> tuple[Sequence[str] | None, PodBilling | None]:
    """What a spec says of its object under these settings: label keys, billing by pods."""
    keys, pods = None, None
    if isinstance(spec, AllocationPolicySpec):
        keys = spec.label_keys
    if isinstance(spec, BillingProviderSpec):
        keys, pods = spec.node_label_keys, spec.pod_billing
    return keys(settings) if keys else None, pods(settings) if pods else None


def _pick(plugin: Loaded, kind: type[S], name: str) -> S | None:
    return next((spec for spec in plugin.offers(kind) if spec.name == name), None)


def _error(said: messages.Advice) -> PluginError:
    return PluginError(said.why, hint=said.remedy)
