"""One thing that a plugin offers, made and ready: what the user's configuration chose."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from burn.api import Machine, PodBilling

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Chosen(Generic[T]):
    """One plugin object that the user's configuration selected, with its name and author."""

    name: str
    author: str
    """Distribution and version, e.g. `burn-aws 0.1.0`; named in every error about it."""
    made: T
    label_keys: tuple[str, ...] | None = None
    """A policy's, as its spec declares: labels that it looks at; a provider's: of nodes. None: none."""
    pod_billing: PodBilling | None = None
    """A provider's, as its spec declares; None: it bills no node by its pods."""
    stored: bool = False
    """Of a source: whether it is a `StoredSource`, as its spec declares."""
    rest: bool = False
    """Of a provider: whether it takes what no other one identifies, as its spec declares."""
    traffic: bool = False
    """Of a policy: whether it moves what traffic cost nodes, as its spec declares."""
    concurrent: bool = False
    """Of a source: whether it may be asked for several days at once, as its spec declares."""
    machines: Callable[[], Sequence[Machine]] | None = None
    """Of a provider: lists the types it sells, as its spec declares; None: it lists none."""
    listed: bool = False
    """Of a provider: whether it is a `PriceListProvider`, as its spec declares."""
