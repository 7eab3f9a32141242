"""The command of a first day, and where `burn` alone points to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from burn.cli.options import ClusterOption, DebugOption, Flags, SetOption, SourceOption

START = """\
There is no burn.toml in this folder.

  burn init                            looks around and writes one
  burn run --provider aws --sample     shows a report of a made-up shop, without an account
  burn --help                          lists the commands
"""


def init(
    provider: Annotated[
        str | None, typer.Option("--provider", metavar="NAME", help="Billing provider.")
    ] = None,
    cluster: ClusterOption = None,
    source: SourceOption = None,
    output: Annotated[
        Path, typer.Option("--output", metavar="PATH", help="The file to write.")
    ] = Path("burn.toml"),
    yes: Annotated[
        bool, typer.Option("--yes", help="Ask nothing; take what is found and what is given.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Write over a file that is there already.")
    ] = False,
    sets: SetOption = None,
    _debug: DebugOption = False,
) -> None:
    """Look around and write a commented burn.toml.

    Looks for Prometheus, the cluster, its cloud, bills and owner labels; then checks like `burn doctor`.
    """
    from burn.cli.init import init as command

    flags = Flags(provider=provider, cluster=cluster, source=source, sets=sets or [])
    command(flags, output, yes=yes, force=force)
