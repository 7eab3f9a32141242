"""Applies the rules, looks at what they say, and puts it in order."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from burn.api import ContractError, Finding, FindingRule, FindRequest
from burn.plugin.chosen import Chosen

CONFIDENCES = ("high", "medium", "low")
SAVES = ("all", "part", "none")
TEXTS = ("title", "subject", "evidence", "action")


def find(request: FindRequest, rules: Sequence[Chosen[FindingRule]]) -> tuple[Finding, ...]:
    """All findings worth `min_monthly` or more, largest first, each with its rule's name.

    Ties are in the order of rule and subject.

    Amounts of different findings overlap (an over-requested workload also makes nodes idle),
    so they are never added up.

    Raises:
        ContractError: a rule gave what is no finding.
    """
    found = [
        replace(finding, rule=rule.name)
        for rule in rules
        for finding in checked(rule.made.find(request), rule)
    ]
    kept = [f for f in found if f.monthly >= request.thresholds.min_monthly]
    return tuple(sorted(kept, key=lambda f: (-round(f.monthly, 6), f.rule, f.subject)))


def checked(found: object, rule: Chosen[FindingRule]) -> list[Finding]:
    """What a rule gave, if each is a finding with texts, finite amounts and a confidence."""
    if not hasattr(found, "__iter__"):
        raise _refused(rule, f"find() gave a {type(found).__name__}, not findings")
    findings = list(found)
    for finding in findings:
        if not isinstance(finding, Finding):
            raise _refused(rule, f"find() gave a {type(finding).__name__}, not a Finding")
        for name in TEXTS:
            if not isinstance(getattr(finding, name), str) or not getattr(finding, name):
                raise _refused(rule, f"a finding has no {name}: {getattr(finding, name)!r}")
        for name in ("amount", "monthly"):
            value = getattr(finding, name)
            if not isinstance(value, (int, float)) or not math.isfinite(value):
                raise _refused(rule, f"a finding's {name} is {value!r}, not an amount of money")
        if finding.confidence not in CONFIDENCES:
            what = f"{finding.confidence!r}, not one of {', '.join(CONFIDENCES)}"
            raise _refused(rule, f"a finding's confidence is {what}")
        if finding.saves not in SAVES:
            what = f"{finding.saves!r}, not one of {', '.join(SAVES)}"
            raise _refused(rule, f"what a finding saves is {what}")
    return findings


def _refused(rule: Chosen[FindingRule], what: str) -> ContractError:
    return ContractError(
        f"rule `{rule.name}` of {rule.author}: {what}",
        hint=f'leave it out with findings.off = ["{rule.name}"]; its author finds `Finding` in'
        " docs/reference/api.md",
    )
