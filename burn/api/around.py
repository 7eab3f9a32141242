"""What `burn init` knows about a place, and what a plugin adds by looking around."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What was seen before a plugin is asked to look.

    Attributes:
        cluster: its name; empty: not known.
        provider_ids: `spec.providerID` of some nodes.
    """

    cluster: str = ""
    provider_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One thing that a plugin sees: a server, a cluster, a bill.

    Attributes:
        what: it is, and where, as a phrase for the user.
        settings: of the plugin's own table, by name, with which a run would use it. No secrets.
        clusters: what the cluster may be called, the best first.
        provider_ids: `spec.providerID` of some nodes.
        label_keys: of pods and namespaces, as Kubernetes writes them.
        next: what the user has to do first, such as a command; empty: nothing.
    """

    what: str
    settings: Mapping[str, str] = field(default_factory=dict)
    clusters: tuple[str, ...] = ()
    provider_ids: tuple[str, ...] = ()
    label_keys: tuple[str, ...] = ()
    next: str = ""
