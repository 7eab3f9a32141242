"""The hooks. Those with a plural name return specs; a run uses those chosen by name. Two watch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    import pandas as pd

    from burn.api.model import ModelSpec
    from burn.api.report import Report
    from burn.api.specs import (
        AllocationPolicySpec,
        BillingProviderSpec,
        EnricherSpec,
        FindingRuleSpec,
        MetricsSourceSpec,
        OutputSinkSpec,
        PriceSourceSpec,
        ServiceSpec,
    )

hookspec = pluggy.HookspecMarker("burn")
hookimpl = pluggy.HookimplMarker("burn")


@hookspec
def burn_metrics_sources() -> Sequence[MetricsSourceSpec]:  # type: ignore[empty-body]
    """Offer metrics sources: where nodes, pods and volumes are observed.

    Called once, when the plugin is loaded by name or listed. Import no SDK and no pandas
    before a spec's `make` is called.

        @hookimpl
        def burn_metrics_sources():
            return [MetricsSourceSpec(name="datadog", summary="Datadog metrics", make=_make)]
    """


@hookspec
def burn_billing_providers() -> Sequence[BillingProviderSpec]:  # type: ignore[empty-body]
    """Offer billing providers: one cloud's prices, bill and resource identities.

    @hookimpl
    def burn_billing_providers():
        return [BillingProviderSpec(name="aws", summary="AWS", make=_make, settings=AwsSettings)]
    """


@hookspec
def burn_allocation_policies() -> Sequence[AllocationPolicySpec]:  # type: ignore[empty-body]
    """Offer allocation policies: steps that move cost between owners and conserve it.

    @hookimpl
    def burn_allocation_policies():
        return [AllocationPolicySpec(name="by-headcount", summary="Shared by headcount", make=_make)]
    """


@hookspec
def burn_price_sources() -> Sequence[PriceSourceSpec]:  # type: ignore[empty-body]
    """Offer price sources: negotiated sheets, rates of nodes on premises, any price that is the user's.

    `run.price_sources` names those of a run, in the order in which they are asked: the first that
    has a price of an asset and day counts. What none of them has is the provider's to price.

    @hookimpl
    def burn_price_sources():
        return [PriceSourceSpec(name="contract", summary="Our contract's rates", make=_make)]
    """


@hookspec
def burn_enrichers() -> Sequence[EnricherSpec]:  # type: ignore[empty-body]
    """Offer enrichers: what a namespace, a workload or shared cost is, in the user's own words.

    They say dimensions (team, cost_centre, product, …) and move no cost. `run.enrichers` names
    those of a run; of two that say one dimension of one thing, the one named first counts.

    @hookimpl
    def burn_enrichers():
        return [EnricherSpec(name="cmdb", summary="Teams of the CMDB", make=_make)]
    """


@hookspec
def burn_output_sinks() -> Sequence[OutputSinkSpec]:  # type: ignore[empty-body]
    """Offer output sinks: formats and places a report goes to; the name is what --format takes.

    @hookimpl
    def burn_output_sinks():
        return [OutputSinkSpec(name="xlsx", summary="Excel workbook", make=_make)]
    """


@hookspec
def burn_finding_rules() -> Sequence[FindingRuleSpec]:  # type: ignore[empty-body]
    """Offer rules that turn a run's finished frames into findings.

    @hookimpl
    def burn_finding_rules():
        return [FindingRuleSpec(name="old-gpu", summary="GPUs of a past generation", make=_make)]
    """


@hookspec
def burn_services() -> Sequence[ServiceSpec]:  # type: ignore[empty-body]
    """Offer services: programs that stay up; `burn serve NAME` runs one.

    @hookimpl
    def burn_services():
        return [ServiceSpec(name="exporter", summary="Costs for Prometheus", make=_make)]
    """


@hookspec
def burn_models() -> Sequence[ModelSpec]:  # type: ignore[empty-body]
    """Offer language models: `ask.model` names the one that `burn ask` talks to.

    @hookimpl
    def burn_models():
        return [ModelSpec(name="house", summary="Our own model", make=_make, settings=Settings)]
    """


@hookspec
def burn_stage_finished(stage: str, frame: pd.DataFrame, run_id: str) -> None:
    """Observe a stage's result. Gets a copy; an exception becomes a warning, never a failure.

    Args:
        stage: collect, bill, price, reconcile, allocate or, where there are enrichers, enrich.
        frame: a copy of the stage's main frame (collect: the window's inventory).
        run_id: the same for all calls of one run.
    """


@hookspec
def burn_report_finished(report: Report, settings: tuple[str, ...]) -> None:
    """Observe the report of `burn run`, before it is written. An exception becomes a warning.

    Called once a run, with one report over all providers, for plugins that the run uses and for
    those in `run.observers`. For what needs settings or an output, offer a sink: a run may have
    several.

    Args:
        report: what a sink gets; its frames are copies.
        settings: what is set of the run that made it, as `key=value`; no secrets.
    """
