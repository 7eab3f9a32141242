"""The command `burn plan`, beside those about kept reports."""

from __future__ import annotations

from typing import Annotated

import typer

from burn.cli.options import (
    ConfigOption,
    DebugOption,
    Flags,
    KeptClusterOption,
    KeptProviderOption,
    KeptSampleOption,
    Listing,
    ListingOption,
    RunArgument,
    SetOption,
)


def register(app: typer.Typer) -> None:
    """Add it to burn's own."""
    app.command()(plan)


def plan(
    run: RunArgument = "latest",
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit",
            min=1,
            help="Most rows of a step or verdict.",
            show_default="what a screen holds",
        ),
    ] = None,
    spot: Annotated[
        bool, typer.Option("--spot", help="Which workloads may run on spot nodes, and why not.")
    ] = False,
    commitments: Annotated[
        bool,
        typer.Option(
            "--commitments", help="What is committed, how well it is used, and until when."
        ),
    ] = False,
    cluster: KeptClusterOption = None,
    provider: KeptProviderOption = None,
    listing: ListingOption = Listing.TABLE,
    config: ConfigOption = None,
    sets: SetOption = None,
    sample: KeptSampleOption = False,
    _debug: DebugOption = False,
) -> None:
    """Say what could be saved, step by step, out of a kept report."""
    from burn.cli.plan import plan as command

    flags = Flags(cluster=cluster, provider=provider, config=config, sets=sets or [], sample=sample)
    as_json = listing is Listing.JSON
    command(flags, run, limit, as_json=as_json, spot=spot, commitments=commitments)
