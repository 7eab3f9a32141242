"""The built-in finding rules on offer; a rule's name stands here and nowhere else.

A new rule is a function beside this file and a line in `RULES`; its limits are in
`burn.api.thresholds`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any

from burn.api import Finding, FindingRule, FindingRuleSpec, FindRequest, NoSettings


@dataclass(frozen=True, slots=True)
class FunctionRule:
    """A rule that is one function of the request; its limits are `[findings]`."""

    function: Callable[[FindRequest], Iterable[Finding]]

    def find(self, request: FindRequest) -> Iterable[Finding]:
        """See `burn.api.FindingRule`."""
        return self.function(request)


def _spec(
    name: str, summary: str, where: str, *, on_request: bool = False, **about: Any
) -> FindingRuleSpec:
    """A spec that imports `burn.builtin.rules` when it is made, and not before.

    Args:
        where: module and function in it.
        on_request: whether `findings.rules` must name it.
        about: what else the function takes.
    """

    def make(_: NoSettings) -> FindingRule:
        module, function = where.split(".")
        found = getattr(import_module(f"burn.builtin.rules.{module}"), function)
        return FunctionRule(partial(found, **about))

    return FindingRuleSpec(name=name, summary=summary, make=make, on_request=on_request)


RULES = (
    _spec(
        "orphaned-disk", "Disks of the cluster that no volume uses", "unseen.unseen", kind="volume"
    ),
    _spec("dead-node", "Machines of the cluster that are no node", "unseen.unseen", kind="node"),
    _spec(
        "orphaned-balancer",
        "Load balancers of the cluster that no Service or Ingress uses",
        "unseen.unseen",
        kind="load_balancer",
    ),
    _spec("unmounted-volume", "Volumes that no pod mounts", "volumes.unmounted"),
    _spec(
        "nearly-empty-volume",
        "Volumes that hold a fraction of their size",
        "volumes.nearly_empty",
    ),
    _spec(
        "orphaned-snapshot",
        "Snapshots of volumes that the cluster no longer has",
        "snapshots.orphaned",
    ),
    _spec("idle-balancer", "Load balancers that next to nothing passes", "balancers.idle"),
    _spec("idle-address", "Public addresses that nothing uses", "addresses.idle"),
    _spec(
        "quiet-namespace",
        "Namespaces without traffic for weeks",
        "quiet.namespaces",
    ),
    _spec("unused-commitment", "Commitments that are not used up", "commitments.unused"),
    _spec("uncovered-on-demand", "Steady nodes at the on-demand rate", "commitments.uncovered"),
    _spec("commitment-lapse", "Commitments that end soon", "lapses.lapses"),
    _spec("consolidation", "Nodes that the busiest hour does not need", "nodes.consolidation"),
    _spec(
        "extended-support",
        "A Kubernetes version past standard support",
        "nodes.extended_support",
    ),
    _spec("over-requested", "Pods that ask for more than they need", "requests.over_requested"),
    _spec(
        "right-size",
        "Containers that ask for more than they need, from weeks of quantiles",
        "sizes.right_size",
        preset="burn",
    ),
    *(
        _spec(
            f"right-size-{preset}",
            f"What {tool} would have containers ask for, by its published rule",
            "sizes.right_size",
            on_request=True,
            preset=preset,
        )
        for preset, tool in (
            ("krr", "KRR"),
            ("vpa", "the Vertical Pod Autoscaler"),
            ("kubecost", "Kubecost"),
        )
    ),
    _spec("no-requests", "Workloads without requests", "requests.without_requests"),
    _spec(
        "data-transfer",
        "Data transfer that is large beside compute",
        "transfer.transfer",
        driver="data_transfer",
    ),
    _spec("nat", "NAT that is large beside compute", "transfer.transfer", driver="nat"),
    _spec("fallback-price", "Prices that are a labelled guess", "prices.fallback"),
)
