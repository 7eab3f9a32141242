"""What Compute Savings Plans ask for instances, as they are offered right now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from burn_aws.client.errors import translated
from burn_aws.client.session import AwsSession

YEAR = 31_536_000
"""Seconds of a plan's year."""
HOME = "us-east-1"
"""Where the API is, for all regions."""
PAGES = 200
"""More than any question has: a token that never ends is refused."""


@dataclass(frozen=True, slots=True)
class PlanRate:
    """What a plan asks for an hour of a type; `years` and `payment` are its own."""

    machine: str
    years: float
    payment: str
    currency: str
    rate: float


def plan_rates(session: AwsSession, region: str, types: Sequence[str]) -> Iterator[PlanRate]:
    """Of Linux instances on shared hardware.

    Raises:
        AccessError: savingsplans:DescribeSavingsPlansOfferingRates is not allowed, or AWS is out of reach.
    """
    filters = {
        "region": [region],
        "tenancy": ["shared"],
        "productDescription": ["Linux/UNIX"],
        "instanceType": sorted(set(types)),
    }
    asked = {
        "savingsPlanTypes": ["Compute"],
        "products": ["EC2"],
        "serviceCodes": ["AmazonEC2"],
        "filters": [{"name": name, "values": values} for name, values in filters.items()],
    }
    with translated("savingsplans:DescribeSavingsPlansOfferingRates", "Savings Plans rates"):
        client, token = session.client("savingsplans", HOME), ""
        for _ in range(PAGES):
            more = {"nextToken": token} if token else {}
            page = client.describe_savings_plans_offering_rates(**asked, **more)
            for one in page["searchResults"]:
                facts = {fact["name"]: fact["value"] for fact in one["properties"]}
                offering = one["savingsPlanOffering"]
                # Capacity that is reserved and not used has a rate of its own.
                if "BoxUsage" in one["usageType"] and "Unused" not in one["usageType"]:
                    yield PlanRate(
                        machine=str(facts.get("instanceType", "")),
                        years=offering["durationSeconds"] / YEAR,
                        payment=str(offering["paymentOption"]),
                        currency=str(offering["currency"]),
                        rate=float(one["rate"]),
                    )
            token = str(page.get("nextToken") or "")
            if not token:
                return
