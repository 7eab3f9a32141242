"""The conformance kit: subclass one class per thing a plugin offers, say how to make it.

    from burn.testing import AllocationPolicyConformance

    class TestByHeadcount(AllocationPolicyConformance):
        plugin = "by-headcount"

        def make(self):
            return ByHeadcount(Settings(heads={"web": 3}))

Needs pytest, which `burn-core[testing]` installs. A check that cannot hold yet is named in
`gaps` with `notyet("why")`; when it starts to pass, the kit says so.
"""

from burn.testing.days import write_day
from burn.testing.enricher import EnricherConformance
from burn.testing.gaps import (
    NO_COPY,
    NO_CREDENTIALS,
    NO_FILES,
    Conformance,
    Gap,
    checks,
    never,
    notyet,
)
from burn.testing.model import ModelConformance
from burn.testing.policy import AllocationPolicyConformance
from burn.testing.price_source import PriceSourceConformance
from burn.testing.provider import BillingProviderConformance
from burn.testing.provider_case import ProviderCase
from burn.testing.provider_files import files_below
from burn.testing.rule import FindingRuleConformance
from burn.testing.service import ServiceConformance
from burn.testing.sink import OutputSinkConformance
from burn.testing.source import MetricsSourceConformance, SourceCase
from burn.testing.tiny import tiny_allocation, tiny_findings, tiny_observation, tiny_report

__all__ = [
    "NO_COPY",
    "NO_CREDENTIALS",
    "NO_FILES",
    "AllocationPolicyConformance",
    "BillingProviderConformance",
    "Conformance",
    "EnricherConformance",
    "FindingRuleConformance",
    "Gap",
    "MetricsSourceConformance",
    "ModelConformance",
    "OutputSinkConformance",
    "PriceSourceConformance",
    "ProviderCase",
    "ServiceConformance",
    "SourceCase",
    "checks",
    "files_below",
    "never",
    "notyet",
    "tiny_allocation",
    "tiny_findings",
    "tiny_observation",
    "tiny_report",
    "write_day",
]
