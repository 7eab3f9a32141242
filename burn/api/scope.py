"""What a run is about."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a run is about. `cluster` is None when the source knows only one cluster."""

    cluster: str | None = None
    label_keys: tuple[str, ...] = ()
    """Pod and namespace label keys that allocation policies want to see; others are dropped."""
    node_label_keys: tuple[str, ...] = ()
    """Label keys of nodes that a provider's prices look at; others are dropped."""
