"""What a plugin's hooks return: frozen descriptions, cheap to make and to list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from burn.api.settings import NoSettings

if TYPE_CHECKING:
    from pathlib import Path

    from burn.api.contract import AllocationPolicy, BillingProvider, MetricsSource, OutputSink


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsSourceSpec:
    """A metrics source on offer; `[source.NAME]` in burn.toml holds its settings."""

    name: str
    summary: str
    make: Callable[[Any], MetricsSource]
    settings: type[Any] = NoSettings
    replayable: bool = False
    """True when `observe` gives the same day again at little cost (files): a run then keeps
    no day store of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingProviderSpec:
    """A billing provider on offer; `[provider.NAME]` in burn.toml holds its settings.

    `sample`, if given, returns a folder with `metrics/` (a snapshot), `bill/` and `burn.toml`,
    so that `burn run --provider NAME --sample` works with no account.
    """

    name: str
    summary: str
    make: Callable[[Any], BillingProvider]
    settings: type[Any] = NoSettings
    sample: Callable[[], Path] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationPolicySpec:
    """An allocation policy on offer; `[policy.NAME]` in burn.toml holds its settings."""

    name: str
    summary: str
    make: Callable[[Any], AllocationPolicy]
    settings: type[Any] = NoSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputSinkSpec:
    """An output sink on offer; `[sink.NAME]` in burn.toml holds its settings."""

    name: str
    summary: str
    make: Callable[[Any], OutputSink]
    settings: type[Any] = NoSettings
    binary: bool = False
    """True when the sink does not write to standard output and needs --output."""


Spec = MetricsSourceSpec | BillingProviderSpec | AllocationPolicySpec | OutputSinkSpec
