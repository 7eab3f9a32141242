"""Runs every rule and puts what they found in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from burn.api import Finding
from burn.findings.inputs import FindingInputs
from burn.findings.rules import commitments, nodes, prices, requests, transfer, unseen, volumes

Rule = Callable[[FindingInputs], Iterable[Finding]]
RULES: tuple[Rule, ...] = (
    unseen.unseen,
    volumes.unmounted,
    commitments.unused,
    commitments.uncovered,
    nodes.consolidation,
    nodes.extended_support,
    requests.over_requested,
    requests.without_requests,
    transfer.transfer,
    prices.fallback,
)


def find(inputs: FindingInputs) -> tuple[Finding, ...]:
    """All findings worth `min_monthly` or more of rules that are on, largest first.

    Ties are in the order of rule and subject.

    Amounts of different findings overlap (an over-requested workload also makes nodes idle),
    so they are never added up.
    """
    found = [finding for rule in RULES for finding in rule(inputs)]
    limits = inputs.thresholds
    kept = [f for f in found if f.monthly >= limits.min_monthly and f.rule not in limits.off]
    return tuple(sorted(kept, key=lambda f: (-round(f.monthly, 6), f.rule, f.subject)))
