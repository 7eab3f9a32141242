"""Options that several commands share. What is not here is a setting, given with --set."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import zip_longest
from pathlib import Path
from typing import Annotated

import typer

from burn.cli import fail


class Listing(StrEnum):
    """How a listing is printed."""

    TABLE = "table"
    JSON = "json"


class TrendForm(StrEnum):
    """How a trend is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    HTML = "html"


ProvidersOption = Annotated[
    list[str] | None,
    typer.Option(
        "--provider",
        metavar="NAME",
        help="Billing provider. Give it several times for several.",
    ),
]
WindowOption = Annotated[
    str | None,
    typer.Option(
        "--window",
        metavar="WINDOW",
        help="7d, last-month, 2026-10 or 2026-10-01..2026-11-01, in UTC; the end is not included. "
        "Default: the last full month that the bill has.",
    ),
]
DaysOption = Annotated[
    str | None,
    typer.Option(
        "--window", metavar="WINDOW", help="Which days, as for `burn run`. Default: yesterday."
    ),
]
OutOption = Annotated[
    str,
    typer.Option(
        "--out",
        metavar="PLACE",
        help="Snapshot folder to add to, or s3://BUCKET/PREFIX, gs://… or abfss://….",
    ),
]
CatchUpOption = Annotated[
    bool,
    typer.Option(
        "--catch-up",
        help="Only days that are not there yet, back to --window's first, else as far as the source "
        "remembers.",
    ),
]
KeepDaysOption = Annotated[
    int | None,
    typer.Option(
        "--keep-days", metavar="N", min=1, help="Then remove this cluster's days older than N days."
    ),
]
ClusterOption = Annotated[
    str | None, typer.Option("--cluster", metavar="NAME", help="Cluster to report on.")
]
SourceOption = Annotated[
    str | None,
    typer.Option("--source", metavar="NAME", help="Metrics source. Default: prometheus."),
]
FormatsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--format",
        metavar="NAME",
        help="Output format, a sink's name. Default: table. Give it several times for several.",
    ),
]
OutputsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--output",
        metavar="PATH",
        help="Where to write. Default: standard output. One for each --format, in their order; "
        "- is standard output.",
    ),
]
FormatOption = Annotated[
    str | None,
    typer.Option("--format", metavar="NAME", help="Output format, a sink's name. Default: table."),
]
OutputOption = Annotated[
    str | None,
    typer.Option("--output", metavar="PATH", help="Where to write. Default: standard output."),
]
DetailOption = Annotated[
    bool,
    typer.Option("--detail", help="All rows of the table, with what stands behind each."),
]
BasisOption = Annotated[
    str | None,
    typer.Option(
        "--basis",
        metavar="BASIS",
        help="Whose price is distributed: list, effective or billed. Default: effective.",
    ),
]
ByOption = Annotated[
    list[str] | None,
    typer.Option(
        "--by",
        metavar="WHAT",
        help="Group the cost by a dimension, e.g. team; or by owner, namespace or workload. Repeatable.",
    ),
]
SpanOption = Annotated[
    str | None,
    typer.Option(
        "--window",
        metavar="WINDOW",
        help="Which time, as for `burn run`. Default: 7d; of a live source, the rate of now.",
    ),
]
PricesOption = Annotated[
    str,
    typer.Option(
        "--prices", metavar="PRICES", help="list, or effective: what the newest kept run paid."
    ),
]
AloneByOption = Annotated[
    list[str] | None,
    typer.Option(
        "--by",
        metavar="WHAT",
        help="pod: a row a pod, not a workload; else as for `burn run`. Repeatable.",
    ),
]
ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", metavar="PATH", help="Config file. Default: burn.toml, if present."),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="KEY=VALUE", help="Any setting, e.g. --set run.tolerance=0.01. Repeatable."
    ),
]
SampleOption = Annotated[
    bool,
    typer.Option("--sample", help="Run on the provider's embedded sample; needs no account."),
]
NoKeepOption = Annotated[bool, typer.Option("--no-keep", help="Do not keep this report for later.")]
KeptRunOption = Annotated[
    str | None,
    typer.Option(
        "--run",
        metavar="RUN",
        help="A kept report, as for `burn show`: quick, and without the bill's raw lines.",
    ),
]
KeptSampleOption = Annotated[
    bool, typer.Option("--sample", help="The kept reports of `burn run --sample`.")
]
KeptClusterOption = Annotated[
    str | None, typer.Option("--cluster", metavar="NAME", help="Only reports of this cluster.")
]
KeptProviderOption = Annotated[
    str | None, typer.Option("--provider", metavar="NAME", help="Only reports on this provider.")
]
NoBillOption = Annotated[
    bool, typer.Option("--no-bill", help="The reports of `burn analyze`, which have no bill.")
]
AsOfOption = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DATE",
        help="As it was said at the end of that day, in UTC, e.g. 2026-11-03.",
    ),
]
RunArgument = Annotated[
    str,
    typer.Argument(
        metavar="[RUN]",
        help="`latest`; a run's id, or how it begins; or a window, e.g. 2026-10.",
    ),
]
QuietOption = Annotated[
    bool, typer.Option("--quiet", help="No progress and no warnings on stderr.")
]
ListingOption = Annotated[Listing, typer.Option("--format", help="How to print.")]
DebugOption = Annotated[
    bool,
    typer.Option(
        "--debug", callback=fail.debug, is_eager=True, help="Show tracebacks; or BURN_DEBUG=1."
    ),
]


DETAIL = "sink.table.detail=true"
"""The setting that --detail stands for."""


def stated(sets: list[str] | None, *, detail: bool) -> list[str]:
    """What `--set` was given, and `--detail` as the setting that it stands for."""
    return [*(sets or []), *([DETAIL] if detail else [])]


@dataclass(frozen=True, slots=True)
class Flags:
    """What was typed; None is a flag that was not given."""

    provider: str | None = None
    window: str | None = None
    cluster: str | None = None
    source: str | None = None
    basis: str | None = None
    formats: list[str] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)
    config: Path | None = None
    sets: list[str] = field(default_factory=list)
    sample: bool = False
    files: bool = True
    """Whether burn.toml and the user's own file are read; a sample's run reads neither."""
    no_keep: bool = False
    by: list[str] = field(default_factory=list)
    bill: bool | None = None
    """Of a command about kept reports: only those with a bill, only those without; None: both."""

    def run_settings(self) -> dict[str, str | None]:
        """The flags that stand for a `[run]` setting."""
        names = ("provider", "window", "cluster", "source", "basis")
        return {name: getattr(self, name) for name in names} | self._sinks() | self._by()

    def _by(self) -> dict[str, str | None]:
        return {"by": ",".join(self.by) or None}

    def _sinks(self) -> dict[str, str | None]:
        """One format and output, or all of them as `run.sinks`.

        Raises:
            UsageError: some formats have an output and others have none.
        """
        formats, outputs = self.formats, self.outputs
        if len(formats) < 2 and len(outputs) < 2:
            return {
                "format": next(iter(formats), None),
                "output": next(iter(outputs), None),
            }
        if outputs and len(outputs) != len(formats):
            from burn.api import UsageError

            raise UsageError(
                f"{len(formats)} --format and {len(outputs)} --output do not pair",
                hint="give an --output for each --format, in their order; - is standard output",
            )
        pairs = zip_longest(formats, outputs, fillvalue="")
        return {"sinks": json.dumps([{"format": name, "output": to} for name, to in pairs])}
