"""Settings of the built-in policies: `[policy.NAME]` in burn.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from burn.api import setting

NAMESPACE = "namespace"


@dataclass(frozen=True, slots=True)
class IdleSettings:
    """For `idle-by-node` and `idle-by-cluster`."""

    system: bool = setting(
        True, help="Also spread what nodes keep for themselves (capacity − allocatable)."
    )


@dataclass(frozen=True, slots=True)
class SharedSettings:
    """For `shared-even` and `shared-weighted`."""

    namespaces: tuple[str, ...] = setting(
        ("kube-system",), help="Namespaces whose whole cost the others share."
    )
    include_overhead: bool = setting(
        True, help="Also share cluster cost that belongs to no asset, e.g. the control plane."
    )


@dataclass(frozen=True, slots=True)
class SharedFixedSettings:
    """For `shared-fixed`."""

    namespaces: tuple[str, ...] = setting(
        ("kube-system",), help="Namespaces whose whole cost the others share."
    )
    include_overhead: bool = setting(
        True, help="Also share cluster cost that belongs to no asset, e.g. the control plane."
    )
    weights: Mapping[str, float] = setting(
        {}, help="What each namespace carries, in any unit, e.g. { shop = 3, search = 1 }."
    )


@dataclass(frozen=True, slots=True)
class OwnersSettings:
    """For `owners`."""

    keys: tuple[str, ...] = setting(
        ("team", "owner", NAMESPACE),
        help="Where to look, in order: label keys, or `namespace` for the table below.",
    )
    namespaces: Mapping[str, str] = setting(
        {}, help="Owner of each namespace; when empty, a namespace is its own owner."
    )
    unowned: str = setting("unowned", help="Owner of what no key names an owner of.")


@dataclass(frozen=True, slots=True)
class DimensionsSettings:
    """For `dimensions`."""

    labels: Mapping[str, str] = setting(
        {},
        help='Label that names each dimension, e.g. { team = "team", cost_centre = "cost-centre" }.',
    )
