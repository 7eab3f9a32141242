"""Settings of burn itself; a plugin's come from its own dataclass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from burn.api import UsageError, dimensions, setting


@dataclass(frozen=True, slots=True)
class RunSettings:
    """`[run]` in burn.toml."""

    provider: str = setting(help="billing provider, e.g. the cloud's name")
    providers: tuple[str, ...] = setting(
        (), help="several billing providers: one report over all of them; instead of provider"
    )
    window: str = setting(
        help="7d, last-month, 2026-10 or 2026-10-01..2026-11-01; "
        "empty: the last full month that the bill has"
    )
    cluster: str = setting(help="cluster to report on; empty when the source knows only one")
    source: str = setting("prometheus", help="metrics source")
    policies: tuple[str, ...] = setting(
        ("share-max",), help="allocation policies, applied in this order"
    )
    price_sources: tuple[str, ...] = setting(
        (), help="prices of your own, asked in this order before the provider's; the first counts"
    )
    enrichers: tuple[str, ...] = setting(
        (), help="what says dimensions (team, cost_centre, …) of cost; the first that knows counts"
    )
    by: tuple[str, ...] = setting(
        (),
        help="dimensions that the report groups by, the first on the one screen; owner, namespace and"
        " workload, too; empty: owners or namespaces first, and all dimensions in detail",
    )
    basis: Literal["list", "effective", "billed"] = setting(
        "effective", help="whose price is distributed: list, effective or billed"
    )
    format: str = setting("table", help="output sink")
    output: str = setting(help="file or folder to write to; empty: standard output")
    sinks: tuple[dict[str, str], ...] = setting(
        (),
        help="several outputs of one run, each a [[run.sinks]] with `format` and, where it needs "
        "one, `output`; instead of format and output",
    )
    tolerance: float = setting(
        0.005, help="how far the ledger may miss the bill, in its currency, before burn exits 6"
    )
    label_keys: tuple[str, ...] = setting(
        (), help="pod and namespace labels to keep, for ownership policies"
    )
    currency: str = setting(
        help="currency of the report; empty: the bill's. Another one needs run.rates"
    )
    rates: dict[str, float] = setting(
        {}, help="what one unit of a bill's currency is worth in run.currency, e.g. EUR = 1.08"
    )
    observers: tuple[str, ...] = setting((), help="plugins that watch the stages of a run")
    jobs: int = setting(
        0, help="processes that allocate a large cluster's days; 0: as cores and memory allow"
    )
    days_at_once: int = setting(
        1,
        help="days that a source such as Prometheus is asked for at the same time; more is quicker,"
        " and more load on it",
    )

    def __post_init__(self) -> None:
        if not 0 <= self.tolerance < float("inf"):
            raise UsageError(f"run.tolerance is {self.tolerance}; it must be 0 or more")
        for sink in self.sinks:
            if not sink.get("format") or set(sink) - {"format", "output"}:
                raise UsageError(
                    f"run.sinks has {', '.join(sink) or 'an empty table'}; each has `format` and"
                    " may have `output`, and nothing else",
                    hint='write [[run.sinks]] with format = "json" and output = "report.json"',
                )
        for name in self.by:
            if name not in dimensions.GROUPS and (why := dimensions.problem(name)):
                raise UsageError(
                    f"run.by: {why}",
                    hint=f"it takes {', '.join(dimensions.GROUPS)} and any dimension, e.g. team",
                )
        if self.jobs < 0:
            raise UsageError(f"run.jobs is {self.jobs}; it must be 0 or more")
        if self.days_at_once < 1:
            raise UsageError(f"run.days_at_once is {self.days_at_once}; it must be 1 or more")
        for currency, rate in self.rates.items():
            if not 0 < rate < float("inf"):
                raise UsageError(f"run.rates.{currency} is {rate}; it must be more than 0")

    @property
    def outputs(self) -> tuple[tuple[str, str], ...]:
        """Format and output of each sink; an empty output is standard output."""
        several = tuple((sink["format"], sink.get("output", "")) for sink in self.sinks)
        pairs = several or ((self.format, self.output),)
        return tuple((name, "" if output == "-" else output) for name, output in pairs)


@dataclass(frozen=True, slots=True)
class HistorySettings:
    """`[history]` in burn.toml."""

    keep: bool = setting(True, help="keep the report of every run, for `burn show` and `burn diff`")
    path: str = setting(
        help="where: a folder, s3://, gs:// or abfss://; empty: the user's data folder"
    )


@dataclass(frozen=True, slots=True)
class PluginsSettings:
    """`[plugins]` in burn.toml."""

    block: tuple[str, ...] = setting(
        (), help="plugins or distributions never to import; BURN_BLOCK adds to them"
    )
