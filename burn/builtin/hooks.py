"""First-party plugins, offered through the same hooks as everyone else's."""

from __future__ import annotations

from collections.abc import Sequence

from burn.api import (
    AllocationPolicySpec,
    BillingProviderSpec,
    EnricherSpec,
    FindingRuleSpec,
    MetricsSourceSpec,
    ModelSpec,
    OutputSinkSpec,
    PriceSourceSpec,
    hookimpl,
)


@hookimpl
def burn_metrics_sources() -> Sequence[MetricsSourceSpec]:
    """Prometheus, snapshot, Kubernetes."""
    from burn.builtin.metrics.specs import SOURCES

    return SOURCES


@hookimpl
def burn_billing_providers() -> Sequence[BillingProviderSpec]:
    """Machines of one's own."""
    from burn.builtin.providers.specs import PROVIDERS

    return PROVIDERS


@hookimpl
def burn_allocation_policies() -> Sequence[AllocationPolicySpec]:
    """Share, idle, shared, ownership."""
    from burn.builtin.policies.specs import POLICIES

    return POLICIES


@hookimpl
def burn_price_sources() -> Sequence[PriceSourceSpec]:
    """Tables."""
    from burn.builtin.price_sources.specs import PRICE_SOURCES

    return PRICE_SOURCES


@hookimpl
def burn_enrichers() -> Sequence[EnricherSpec]:
    """Tables."""
    from burn.builtin.enrichers.specs import ENRICHERS

    return ENRICHERS


@hookimpl
def burn_output_sinks() -> Sequence[OutputSinkSpec]:
    """Table, JSON, CSV, Parquet, Markdown."""
    from burn.builtin.sinks.specs import SINKS

    return SINKS


@hookimpl
def burn_finding_rules() -> Sequence[FindingRuleSpec]:
    """What a reader can act on."""
    from burn.builtin.rules.specs import RULES

    return RULES


@hookimpl
def burn_models() -> Sequence[ModelSpec]:
    """What speaks OpenAI's protocol."""
    from burn.builtin.models.specs import MODELS

    return MODELS
