"""The AWS Price List API: public on-demand rates of one product at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from burn_aws.client.errors import translated
from burn_aws.client.session import AwsSession

_ENDPOINTS = {"cn": "cn-northwest-1"}
DEFAULT_ENDPOINT = "us-east-1"
"""The API answers in few regions; each knows the prices of all regions of its partition."""
_SYSTEMS = {"linux": "Linux", "windows": "Windows"}
_BALANCERS = {
    "network": "Load Balancer-Network",
    "application": "Load Balancer-Application",
    "classic": "Load Balancer",
}


@dataclass(frozen=True, slots=True)
class Product:
    """What is asked for: see `burn_aws.prices.unpriced`."""

    service: str
    product: str
    region: str
    os: str


@dataclass(frozen=True, slots=True)
class Price:
    """A public rate per unit of the price list (hour, vCPU-hour, GiB-month)."""

    rate: float
    currency: str
    memory: float = 0.0
    """Fargate: the rate of a GiB-hour."""


class PriceList:
    """Looks products up, one call each.

    Args:
        session: makes the client.
    """

    def __init__(self, session: AwsSession) -> None:
        self._session = session

    def price(self, wanted: Product) -> Price | None:
        """The one public rate of a product; None when there is none or more than one.

        Raises:
            AccessError: the API may not be called or is out of reach.
        """
        if not wanted.region:
            return None
        if wanted.service == "fargate":
            return self._fargate(wanted)
        service, filters = _filters(wanted)
        if not service:
            return None
        rates = set(self._rates(service, filters, wanted))
        if len(rates) != 1:
            return None
        rate, currency = rates.pop()
        return Price(rate, currency)

    def products(self, wanted: Product) -> list[dict[str, Any]]:
        """All that the list has of an EC2 product, with its terms on demand and reserved.

        Raises:
            AccessError: as `price`.
        """
        service, filters = _filters(wanted)
        return list(self._products(service, filters)) if service and wanted.region else []

    def check(self) -> None:
        """Raises AccessError when the API may not be called."""
        with translated("pricing:DescribeServices", "the AWS price list"):
            self._client("").describe_services(ServiceCode="AmazonEC2", MaxResults=1)

    def _client(self, region: str) -> Any:
        self._session.must_sign()  # a report without an account is not to wait for a client
        return self._session.client("pricing", _ENDPOINTS.get(region[:2], DEFAULT_ENDPOINT))

    def _products(self, service: str, filters: dict[str, str]) -> Iterator[dict[str, Any]]:
        wire = [{"Type": "TERM_MATCH", "Field": k, "Value": v} for k, v in filters.items()]
        with translated("pricing:GetProducts", "the AWS price list"):
            pages = self._client(filters["regionCode"]).get_paginator("get_products")
            for page in pages.paginate(ServiceCode=service, Filters=wire):
                yield from (json.loads(text) for text in page["PriceList"])

    def _rates(
        self, service: str, filters: dict[str, str], wanted: Product
    ) -> Iterator[tuple[float, str]]:
        for product in self._products(service, filters):
            usage_type = str(product["product"]["attributes"].get("usagetype", ""))
            if wanted.service == "balancer" and not _is_hour_of_balancer(usage_type):
                continue
            yield from on_demand(product)

    def _fargate(self, wanted: Product) -> Price | None:
        filters = {"regionCode": wanted.region}
        core: set[tuple[float, str]] = set()
        memory: set[tuple[float, str]] = set()
        for product in self._products("AmazonEKS", filters):
            usage_type = str(product["product"]["attributes"].get("usagetype", ""))
            if usage_type.endswith("Fargate-vCPU-Hours:perCPU"):
                core.update(on_demand(product))
            elif usage_type.endswith("Fargate-GB-Hours"):
                memory.update(on_demand(product))
        if len(core) != 1 or len(memory) != 1:
            return None
        (rate, currency), (gib, _) = core.pop(), memory.pop()
        return Price(rate, currency, gib)


def on_demand(product: dict[str, Any]) -> Iterator[tuple[float, str]]:
    """Rate and currency of a product's on-demand terms; free tiers and later tiers left out."""
    for term in product.get("terms", {}).get("OnDemand", {}).values():
        for dimension in term["priceDimensions"].values():
            if str(dimension.get("beginRange", "0")) != "0":
                continue
            for currency, rate in dimension["pricePerUnit"].items():
                if float(rate) > 0:
                    yield float(rate), str(currency)


def _filters(wanted: Product) -> tuple[str, dict[str, str]]:
    place = {"regionCode": wanted.region}
    if wanted.service == "ec2" and wanted.product and wanted.os in _SYSTEMS:
        return "AmazonEC2", {
            **place,
            "instanceType": wanted.product,
            "operatingSystem": _SYSTEMS[wanted.os],
            "tenancy": "Shared",
            "capacitystatus": "Used",
            "preInstalledSw": "NA",
            "licenseModel": "No License required",
        }
    if wanted.service == "ebs" and wanted.product:
        return "AmazonEC2", {
            **place,
            "productFamily": "Storage",
            "volumeApiName": wanted.product,
        }
    if wanted.service == "balancer":
        return "AWSELB", {**place, "productFamily": _BALANCERS[wanted.product]}
    return "", {}


def _is_hour_of_balancer(usage_type: str) -> bool:
    # Outposts and trust stores bill an hour of their own.
    name = usage_type.rpartition("-")[2]
    return name == "LoadBalancerUsage" and not any(w in usage_type for w in ("TS-", "Outposts"))
