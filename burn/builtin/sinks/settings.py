"""Settings of the built-in sinks: `[sink.NAME]` in burn.toml."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from burn.api import TellSettings, UsageError, setting


@dataclass(frozen=True, slots=True)
class TextSettings:
    """How many rows are shown by name; the rest is summed, never dropped."""

    services: int = setting(8, help="services outside the cluster shown by name")
    namespaces: int = setting(20, help="namespaces (and owners) shown by name")
    workloads: int = setting(10, help="workloads shown by name; 0 hides the table")
    findings: int = setting(8, help="findings shown")


@dataclass(frozen=True, slots=True)
class HtmlSettings:
    """The page. Rows beyond these are summed, never dropped."""

    services: int = setting(20, help="services outside the cluster shown by name")
    namespaces: int = setting(150, help="namespaces (and owners) shown by name")
    workloads: int = setting(150, help="workloads shown by name; 0 hides the table")
    findings: int = setting(50, help="findings shown")


@dataclass(frozen=True, slots=True)
class TableSettings(TextSettings):
    """The terminal: one screen, or with `detail` every driver, row and sentence."""

    detail: bool = setting(False, help="all rows, with what stands behind each; `--detail`")
    width: int = setting(0, help="columns to use, 80 or more; 0 = the terminal's width")


@dataclass(frozen=True, slots=True)
class JsonSettings:
    """The JSON document."""

    daily: bool = setting(True, help="allocation by day; false sums it over the window")


@dataclass(frozen=True, slots=True)
class FrameSettings:
    """One frame, or with an existing directory (or a name ending in `/`) as target all of them."""

    table: str = setting(
        "allocation",
        help="the frame to write: allocation, ledger, prices, findings, invoices, assets, use, sizes, plan, spot, commitments or offers",
    )


@dataclass(frozen=True, slots=True)
class ParquetSettings:
    """A directory of frames, or one file."""

    table: str = setting(
        "",
        help="write only this frame, as one file: allocation, ledger, prices, findings, invoices, assets, use, sizes, plan, spot, commitments or offers",
    )


@dataclass(frozen=True, slots=True)
class PatchSettings:
    """Requests and limits to apply by hand; burn applies nothing."""

    preset: str = setting("burn", help="whose rule sizes: burn, krr, vpa or kubecost")
    form: str = setting(
        "patch",
        help="patch: strategic-merge patches of workloads; vpa: VerticalPodAutoscaler objects; helm:"
        " values",
    )
    least: float = setting(
        0.1, help="a request that would change by less than this part of it is left as it is"
    )


@dataclass(frozen=True, slots=True)
class WebhookSettings(TellSettings):
    """Where a digest is posted, in which shape, and when. Without a url it is printed."""

    url: str = setting(secret=True, help="address that takes a POST of JSON; it is a password")
    shape: Literal["json", "teams", "google-chat"] = setting(
        "json", help="json: all of it for a program; teams: an Adaptive Card; google-chat: a text"
    )
    template: str = setting(
        help='JSON of your own instead of a shape, with ${text}, ${title}, ${gap}, …, e.g. {"content": "${text}"}'
    )
    headers: dict[str, str] = setting(
        {}, secret=True, help="headers of the request, e.g. Authorization"
    )
    person: str = setting(help="whose view is posted, as [access] calls them; empty: everything")
    dry_run: bool = setting(False, help="print what would be posted, and post nothing")
    timeout: float = setting(10.0, help="seconds to wait for an answer")

    def __post_init__(self) -> None:
        TellSettings.__post_init__(self)
        if not 0 < self.timeout < float("inf"):
            raise UsageError(f"sink.webhook.timeout is {self.timeout}; it must be more than 0")
