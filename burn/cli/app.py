"""The command line. Functions are thin and import in their bodies, so that `--help` is fast."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Annotated

import typer

from burn import __version__
from burn.cli import analyze_command, kept_commands, plan_command
from burn.cli.fail import BurnGroup, LightGroup
from burn.cli.options import (
    BasisOption,
    ByOption,
    CatchUpOption,
    ClusterOption,
    ConfigOption,
    DaysOption,
    DebugOption,
    DetailOption,
    Flags,
    FormatsOption,
    KeepDaysOption,
    KeptRunOption,
    Listing,
    ListingOption,
    NoKeepOption,
    OutOption,
    OutputsOption,
    ProvidersOption,
    QuietOption,
    SampleOption,
    SetOption,
    SourceOption,
    WindowOption,
    stated,
)
from burn.cli.start import START, init

# rich_markup_mode=None: rich would triple the time that `--help` takes.
app = typer.Typer(
    cls=BurnGroup,
    help="Why the Kubernetes cost report does not match the cloud bill, driver by driver.",
    no_args_is_help=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
config_app = typer.Typer(
    cls=LightGroup, help="See what is configured, and where.", rich_markup_mode=None
)
app.add_typer(config_app, name="config")


def _version(value: bool) -> None:
    if value:
        typer.echo(f"burn {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Why the Kubernetes cost report does not match the cloud bill, driver by driver."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help() if Path("burn.toml").is_file() else START, err=True)
        raise typer.Exit(2)


@app.command()
def run(
    provider: ProvidersOption = None,
    window: WindowOption = None,
    cluster: ClusterOption = None,
    source: SourceOption = None,
    formats: FormatsOption = None,
    outputs: OutputsOption = None,
    basis: BasisOption = None,
    by: ByOption = None,
    config: ConfigOption = None,
    sets: SetOption = None,
    sample: SampleOption = False,
    detail: DetailOption = False,
    no_keep: NoKeepOption = False,
    quiet: QuietOption = False,
    _debug: DebugOption = False,
) -> None:
    """Walk from the Kubernetes report to the bill, cent by cent."""
    from burn.cli.run import run as command

    flags = Flags(
        window=window,
        cluster=cluster,
        source=source,
        formats=formats or [],
        outputs=outputs or [],
        basis=basis,
        by=by or [],
        config=config,
        sets=stated(sets, detail=detail),
        sample=sample,
        no_keep=no_keep,
    )
    command(flags, provider or [], quiet=quiet)


@app.command()
def collect(
    out: OutOption,
    window: DaysOption = None,
    catch_up: CatchUpOption = False,
    keep_days: KeepDaysOption = None,
    cluster: ClusterOption = None,
    source: SourceOption = None,
    config: ConfigOption = None,
    sets: SetOption = None,
    quiet: QuietOption = False,
    _debug: DebugOption = False,
) -> None:
    """Keep observed days on disk or in a bucket.

    `burn run --source snapshot` reads them, without a metrics server.
    """
    from burn.cli.collect import collect as command

    flags = Flags(window=window, cluster=cluster, source=source, config=config, sets=sets or [])
    command(flags, out, catch_up=catch_up, keep_days=keep_days, quiet=quiet)


@app.command()
def explain(
    driver: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME]",
            help="A driver, `control`, `invoice`, or a citation as run/NAME/ledger/spot; with --run, also a"
            " namespace or resource; none lists the drivers.",
        ),
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", min=1, help="Most subjects and most bill lines to show.")
    ] = 10,
    subject: Annotated[
        str | None, typer.Option("--subject", metavar="NAME", help="Only this subject.")
    ] = None,
    kept: KeptRunOption = None,
    provider: ProvidersOption = None,
    window: WindowOption = None,
    cluster: ClusterOption = None,
    source: SourceOption = None,
    listing: ListingOption = Listing.TABLE,
    config: ConfigOption = None,
    sets: SetOption = None,
    sample: SampleOption = False,
    quiet: QuietOption = False,
    _debug: DebugOption = False,
) -> None:
    """Show what is behind a driver, the control or the invoices."""
    from burn.cli.explain.command import Asked
    from burn.cli.explain.command import explain as command

    flags = Flags(
        window=window,
        cluster=cluster,
        source=source,
        config=config,
        sets=sets or [],
        sample=sample,
    )
    asked = Asked(driver, subject, limit, as_json=listing is Listing.JSON, run=kept)
    command(flags, provider or [], asked, quiet=quiet)


@app.command()
def plugins(listing: ListingOption = Listing.TABLE, _debug: DebugOption = False) -> None:
    """List the plugins, their state and what they offer."""
    from burn.cli.plugins import plugins as command

    command(as_json=listing is Listing.JSON)


@app.command()
def doctor(
    provider: ProvidersOption = None,
    window: WindowOption = None,
    cluster: ClusterOption = None,
    source: SourceOption = None,
    listing: ListingOption = Listing.TABLE,
    config: ConfigOption = None,
    sets: SetOption = None,
    sample: SampleOption = False,
    _debug: DebugOption = False,
) -> None:
    """Check that the source and the provider can be read."""
    from burn.cli.doctor import doctor as command

    flags = Flags(
        window=window,
        cluster=cluster,
        source=source,
        config=config,
        sets=sets or [],
        sample=sample,
    )
    command(flags, provider or [], as_json=listing is Listing.JSON)


@app.command()
def serve(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="A service; none lists them all.")
    ] = None,
    print_config: Annotated[
        str | None,
        typer.Option(
            "--print-config",
            metavar="CLIENT",
            help="Print what to put into this client's configuration, and serve nothing.",
        ),
    ] = None,
    print_manifest: Annotated[
        bool,
        typer.Option("--print-manifest", help="Print a chat app's manifest, and serve nothing."),
    ] = False,
    provider: ProvidersOption = None,
    window: WindowOption = None,
    cluster: ClusterOption = None,
    source: SourceOption = None,
    listing: ListingOption = Listing.TABLE,
    config: ConfigOption = None,
    sets: SetOption = None,
    sample: SampleOption = False,
    _debug: DebugOption = False,
) -> None:
    """Run a service of a plugin until it is stopped."""
    from burn.cli import serve as command

    if name is None:
        command.services(as_json=listing is Listing.JSON)
        return
    flags = Flags(
        window=window,
        cluster=cluster,
        source=source,
        config=config,
        sets=[*(sets or []), *command.printing(name, print_config, manifest=print_manifest)],
        sample=sample,
    )
    command.serve(flags, provider or [], name)


@config_app.command("show")
def config_show(
    provider: ProvidersOption = None,
    source: SourceOption = None,
    listing: ListingOption = Listing.TABLE,
    config: ConfigOption = None,
    sets: SetOption = None,
    sample: SampleOption = False,
    _debug: DebugOption = False,
) -> None:
    """Show every setting of a run and where its value is from.

    Secrets are hidden.
    """
    from burn.cli.config import show as command

    flags = Flags(source=source, config=config, sets=sets or [], sample=sample)
    command(flags, provider or [], as_json=listing is Listing.JSON)


@app.command()
def schema(
    frame: Annotated[
        str | None, typer.Argument(metavar="[FRAME]", help="One frame; none lists them all.")
    ] = None,
    listing: ListingOption = Listing.TABLE,
    _debug: DebugOption = False,
) -> None:
    """Show the columns of the frames plugins exchange."""
    from burn.cli.plugins import schema as command

    command(frame, as_json=listing is Listing.JSON)


app.command()(init)
for commands in (kept_commands, analyze_command, plan_command):
    commands.register(app)


def main() -> None:
    """The console script. Garbage is looked for seldom: next to nothing that a command makes is cyclic."""
    gc.set_threshold(20_000, 20)
    app()
