"""The commands about kept reports."""

from __future__ import annotations

from typing import Annotated

import typer

from burn.cli.ask_command import ask
from burn.cli.fail import LightGroup
from burn.cli.options import (
    AsOfOption,
    ByOption,
    ConfigOption,
    DebugOption,
    DetailOption,
    Flags,
    FormatOption,
    FormatsOption,
    KeptClusterOption,
    KeptProviderOption,
    KeptSampleOption,
    Listing,
    ListingOption,
    NoBillOption,
    OutputOption,
    OutputsOption,
    RunArgument,
    SetOption,
    TrendForm,
    stated,
)

history_app = typer.Typer(
    cls=LightGroup, help="List the kept reports.", rich_markup_mode=None, no_args_is_help=False
)


def register(app: typer.Typer) -> None:
    """Add them to burn's own."""
    app.add_typer(history_app, name="history")
    app.command()(show)
    app.command()(diff)
    app.command()(trend)
    app.command()(check)
    app.command()(forecast)
    app.command()(ask)


@history_app.callback(invoke_without_command=True)
def history(
    context: typer.Context,
    cluster: KeptClusterOption = None,
    provider: KeptProviderOption = None,
    listing: ListingOption = Listing.TABLE,
    config: ConfigOption = None,
    sets: SetOption = None,
    sample: KeptSampleOption = False,
    _debug: DebugOption = False,
) -> None:
    """List the kept reports, the newest first."""
    if context.invoked_subcommand is not None:
        return
    from burn.cli.history import history as command

    flags = Flags(cluster=cluster, provider=provider, config=config, sets=sets or [], sample=sample)
    command(flags, as_json=listing is Listing.JSON)


@history_app.command()
def prune(
    keep: Annotated[
        str,
        typer.Option(
            "--keep",
            metavar="N|DAYS",
            help="3: the newest three of each window; 400d: those of the last 400 days. The newest "
            "final report of a window always stays.",
        ),
    ],
    dry: Annotated[bool, typer.Option("--dry-run", help="Only say how many would go.")] = False,
    cluster: KeptClusterOption = None,
    provider: KeptProviderOption = None,
    config: ConfigOption = None,
    sets: SetOption = None,
    sample: KeptSampleOption = False,
    _debug: DebugOption = False,
) -> None:
    """Remove kept reports that no command reads any more."""
    from burn.cli.history import prune as command

    flags = Flags(cluster=cluster, provider=provider, config=config, sets=sets or [], sample=sample)
    command(flags, keep, dry=dry)


def show(
    run: RunArgument = "latest",
    as_of: AsOfOption = None,
    cluster: KeptClusterOption = None,
    provider: KeptProviderOption = None,
    format_: FormatOption = None,
    output: OutputOption = None,
    by: ByOption = None,
    config: ConfigOption = None,
    sets: SetOption = None,
    detail: DetailOption = False,
    no_bill: NoBillOption = False,
    sample: KeptSampleOption = False,
    _debug: DebugOption = False,
) -> None:
    """Show a kept report again, in any format."""
    from burn.cli.history import show as command

    flags = Flags(
        cluster=cluster,
        provider=provider,
        formats=[format_] if format_ else [],
        outputs=[output] if output else [],
        by=by or [],
        config=config,
        sets=stated(sets, detail=detail),
        sample=sample,
        bill=False if no_bill else None,
    )
    command(flags, run, as_of)


def diff(
    before: Annotated[
        str, typer.Argument(metavar="A", help="The earlier report, as for `burn show`.")
    ],
    after: Annotated[str, typer.Argument(metavar="B", help="The later one.")] = "latest",
    by: Annotated[
        str,
        typer.Option(
            "--by",
            metavar="WHAT",
            help="driver, cluster, namespace, workload, owner, resource or a dimension, e.g. team.",
        ),
    ] = "driver",
    limit: Annotated[
        int, typer.Option("--limit", min=1, help="Most owners and single changes to show.")
    ] = 10,
    cluster: KeptClusterOption = None,
    provider: KeptProviderOption = None,
    listing: ListingOption = Listing.TABLE,
    config: ConfigOption = None,
    sets: SetOption = None,
    no_bill: NoBillOption = False,
    sample: KeptSampleOption = False,
    _debug: DebugOption = False,
) -> None:
    """Say what changed between two kept reports, to the cent."""
    from burn.cli.diff import diff as command

    flags = Flags(
        cluster=cluster,
        provider=provider,
        config=config,
        sets=sets or [],
        sample=sample,
        bill=not no_bill,
    )
    command(flags, (before, after), by, limit, as_json=listing is Listing.JSON)


def trend(
    by: Annotated[
        str,
        typer.Option(
            "--by",
            metavar="WHAT",
            help="total, driver, service, node, subject, cluster, namespace, workload, owner, "
            "resource or a dimension, e.g. team.",
        ),
    ] = "total",
    every: Annotated[
        str | None,
        typer.Option(
            "--every", metavar="PERIOD", help="day, week or month. Default: by how much is kept."
        ),
    ] = None,
    window: Annotated[
        str | None,
        typer.Option("--window", metavar="WINDOW", help="Only these days. Default: all."),
    ] = None,
    as_of: AsOfOption = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Most rows to show.")] = 12,
    cluster: KeptClusterOption = None,
    provider: KeptProviderOption = None,
    form: Annotated[TrendForm, typer.Option("--format", help="How to print.")] = TrendForm.TABLE,
    config: ConfigOption = None,
    sets: SetOption = None,
    no_bill: NoBillOption = False,
    sample: KeptSampleOption = False,
    _debug: DebugOption = False,
) -> None:
    """Show cost over time, out of kept reports."""
    from burn.cli.trend import trend as command

    flags = Flags(
        cluster=cluster,
        provider=provider,
        window=window,
        config=config,
        sets=sets or [],
        sample=sample,
        bill=not no_bill,
    )
    command(flags, by, every or "", limit, as_of, form.value)


def check(
    ack: Annotated[
        bool, typer.Option("--ack", help="Take what is reached as told, without the exit code.")
    ] = False,
    cluster: KeptClusterOption = None,
    provider: KeptProviderOption = None,
    formats: FormatsOption = None,
    outputs: OutputsOption = None,
    config: ConfigOption = None,
    sets: SetOption = None,
    sample: KeptSampleOption = False,
    _debug: DebugOption = False,
) -> None:
    """Hold kept reports against budgets, and look for anomalies.

    Exits with 6 for a limit that is reached anew.
    """
    from burn.cli.check import check as command

    flags = Flags(
        cluster=cluster,
        provider=provider,
        formats=formats or [],
        outputs=outputs or [],
        config=config,
        sets=sets or [],
        sample=sample,
    )
    command(flags, ack=ack)


def forecast(
    months: Annotated[
        int,
        typer.Option("--months", min=1, max=12, help="How many, with the one that runs."),
    ] = 2,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Most drivers to show.")] = 10,
    as_of: AsOfOption = None,
    cluster: KeptClusterOption = None,
    provider: KeptProviderOption = None,
    listing: ListingOption = Listing.TABLE,
    config: ConfigOption = None,
    sets: SetOption = None,
    sample: KeptSampleOption = False,
    _debug: DebugOption = False,
) -> None:
    """Say what this month and the next will cost, out of kept reports."""
    from burn.cli.forecast import forecast as command

    flags = Flags(
        cluster=cluster,
        provider=provider,
        config=config,
        sets=sets or [],
        sample=sample,
        bill=True,
    )
    command(flags, months, limit, as_of, as_json=listing is Listing.JSON)
