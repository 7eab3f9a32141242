"""Who holds a load balancer: the namespace of its Service, whether or not pods stand behind it."""

from __future__ import annotations

from burn.builtin.policies.parts import NOBODY, Part, Seen


def balancer_parts(seen: Seen) -> list[Part]:
    """Each balancer is its Service's, once; one without a Service is idle."""
    import numpy as np

    is_balancer = seen.is_a("load_balancer")
    out: list[Part] = []
    for kind, claimed in (("direct", seen.claim != NOBODY), ("idle", seen.claim == NOBODY)):
        at = np.flatnonzero(is_balancer & claimed)
        out.append(Part("load_balancer", kind, at, seen.claim[at], np.ones(len(at))))
    return out
