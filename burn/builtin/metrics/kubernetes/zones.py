"""In which zones a volume can be mounted."""

from __future__ import annotations

from typing import Any

from burn.builtin.metrics.common.zones import ANYWHERE, zone_in_id

_LABELS = ("topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone")


def zones_of(volume: dict[str, Any]) -> list[str] | None:
    """Zones whose nodes can mount a PersistentVolume; empty is any, None is not known.

    Its required node affinity goes before its labels, and those before its id and driver: each driver has
    a key of its own, which ends in `/zone`. A label of several zones has `__` between them.
    """
    spec = volume["spec"]
    required = (spec.get("nodeAffinity") or {}).get("required") or {}
    terms = [_in_term(term) for term in required.get("nodeSelectorTerms") or ()]
    if terms and all(terms):  # any one of the terms is enough
        return sorted(set().union(*terms))
    labels = volume["metadata"].get("labels") or {}
    said = next((labels[key] for key in _LABELS if labels.get(key)), "")
    if said:
        return sorted(said.split("__"))
    csi = spec.get("csi") or {}
    if zone := zone_in_id(str(csi.get("volumeHandle") or "")):
        return [zone]
    return [] if csi.get("driver") in ANYWHERE else None


def _in_term(term: dict[str, Any]) -> set[str]:
    """The zones that a term allows; empty where it says nothing of zones."""
    allowed: set[str] | None = None
    for one in term.get("matchExpressions") or ():
        if str(one.get("key")).endswith("/zone") and one.get("operator") == "In":
            values = {value for value in one.get("values") or () if value}
            allowed = values if allowed is None else allowed & values
    return allowed or set()
