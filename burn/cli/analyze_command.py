"""The command `burn analyze`: a report without a bill."""

from __future__ import annotations

import typer

from burn.cli.options import (
    AloneByOption,
    ClusterOption,
    ConfigOption,
    DebugOption,
    DetailOption,
    Flags,
    FormatsOption,
    NoKeepOption,
    OutputsOption,
    PricesOption,
    ProvidersOption,
    QuietOption,
    SampleOption,
    SetOption,
    SourceOption,
    SpanOption,
    stated,
)

POD = "pod"


def register(app: typer.Typer) -> None:
    """Add it to burn's own."""
    app.command()(analyze)


def analyze(
    provider: ProvidersOption = None,
    window: SpanOption = None,
    cluster: ClusterOption = None,
    source: SourceOption = None,
    prices: PricesOption = "list",
    by: AloneByOption = None,
    formats: FormatsOption = None,
    outputs: OutputsOption = None,
    config: ConfigOption = None,
    sets: SetOption = None,
    sample: SampleOption = False,
    detail: DetailOption = False,
    no_keep: NoKeepOption = False,
    quiet: QuietOption = False,
    _debug: DebugOption = False,
) -> None:
    """Say what the cluster costs at list price, without a bill.

    By node, namespace, workload, pod, volume and balancer, with what of it is idle.
    """
    from burn.cli.analyze import analyze as command

    flags = Flags(
        window=window,
        cluster=cluster,
        source=source,
        formats=formats or [],
        outputs=outputs or [],
        config=config,
        sets=stated(sets, detail=detail),
        sample=sample,
        no_keep=no_keep,
        by=[name for name in by or [] if name != POD],
    )
    command(flags, provider or [], prices, by_pod=POD in (by or []), quiet=quiet)
