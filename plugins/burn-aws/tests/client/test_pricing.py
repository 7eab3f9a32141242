"""The price list, against a small server that answers as the documentation shows."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from burn.api import AccessError, ListedRequest, SoldMachine
from burn_aws.client.pricing import Price, PriceList, Product
from burn_aws.client.session import AwsSession
from burn_aws.provider import AwsProvider
from burn_aws.settings import AwsSettings
from tests.servers.aws import Answer, Call, answering, json_error

TYPE = (("Content-Type", "application/x-amz-json-1.1"),)


def product(usage_type: str, *rates: str, currency: str = "USD", **attributes: str) -> str:
    dimensions = {
        f"SKU.JRTCKXETXF.{at}": {
            "unit": "Hrs",
            "beginRange": "0" if at == 0 else "100",
            "endRange": "Inf",
            "pricePerUnit": {currency: rate},
        }
        for at, rate in enumerate(rates)
    }
    return json.dumps(
        {
            "product": {"sku": "SKU", "attributes": {"usagetype": usage_type, **attributes}},
            "serviceCode": "X",
            "terms": {"OnDemand": {"SKU.JRTCKXETXF": {"priceDimensions": dimensions}}},
        }
    )


def look(wanted: Product, *pages: list[str]) -> tuple[Price | None, list[Any]]:
    """What the price list says when it answers with these pages, and what it was asked."""

    def respond(call: Call) -> Answer:
        at = int(call.json.get("NextToken", 0))
        body: dict[str, Any] = {"PriceList": pages[at]}
        if at + 1 < len(pages):
            body["NextToken"] = str(at + 1)
        return Answer(200, json.dumps(body), TYPE)

    with answering(respond) as (url, calls):
        price = PriceList(AwsSession(AwsSettings(endpoint_url=url))).price(wanted)
    return price, [call.json for call in calls]


def test_an_instance_is_asked_for_as_public_shared_capacity() -> None:
    wanted = Product("ec2", "m5.large", "eu-west-1", "linux")
    price, asked = look(wanted, [product("EU-BoxUsage:m5.large", "0.1070000000")])
    assert price == Price(0.107, "USD")
    filters = {f["Field"]: f["Value"] for f in asked[0]["Filters"]}
    assert asked[0]["ServiceCode"] == "AmazonEC2"
    assert filters == {
        "instanceType": "m5.large",
        "operatingSystem": "Linux",
        "tenancy": "Shared",
        "capacitystatus": "Used",
        "preInstalledSw": "NA",
        "licenseModel": "No License required",
        "regionCode": "eu-west-1",
    }


def test_two_different_prices_are_no_price() -> None:
    wanted = Product("ec2", "m5.large", "eu-west-1", "linux")
    price, asked = look(wanted, [product("a", "0.1")], [product("b", "0.2")])
    assert price is None
    assert len(asked) == 2, "both pages are read"
    assert look(wanted, [product("a", "0.1"), product("a", "0.1")])[0] == Price(0.1, "USD")
    assert look(wanted, [])[0] is None


def test_later_tiers_and_free_ones_are_left_out() -> None:
    wanted = Product("ebs", "gp3", "us-east-1", "linux")
    assert look(wanted, [product("EBS:VolumeUsage.gp3", "0.08", "0.05")])[0] == Price(0.08, "USD")
    assert look(wanted, [product("EBS:VolumeUsage.gp3", "0.0")])[0] is None


def test_the_hour_of_a_balancer_is_not_its_capacity_unit() -> None:
    wanted = Product("balancer", "network", "us-east-1", "linux")
    price, asked = look(
        wanted,
        [
            product("LCUUsage", "0.006"),
            product("LoadBalancerUsage", "0.0225"),
            product("USE1-TS-LoadBalancerUsage", "0.0056"),
        ],
    )
    assert price == Price(0.0225, "USD")
    assert {"Field": "productFamily", "Type": "TERM_MATCH", "Value": "Load Balancer-Network"} in (
        asked[0]["Filters"]
    )


def test_fargate_has_two_rates() -> None:
    wanted = Product("fargate", "", "us-east-1", "linux")
    price, asked = look(
        wanted,
        [
            product("USE1-Fargate-vCPU-Hours:perCPU", "0.04048"),
            product("USE1-Fargate-GB-Hours", "0.004445"),
            product("USE1-AmazonEKS-Hours:perCluster", "0.10"),
        ],
    )
    assert price == Price(0.04048, "USD", 0.004445)
    assert asked[0]["ServiceCode"] == "AmazonEKS"


def test_china_has_its_own_currency() -> None:
    wanted = Product("ec2", "m5.large", "cn-north-1", "linux")
    assert look(wanted, [product("CNN1-BoxUsage:m5.large", "0.7", currency="CNY")])[0] == Price(
        0.7, "CNY"
    )


@pytest.mark.parametrize(
    "wanted",
    [
        Product("ec2", "m5.large", "", "linux"),
        Product("ec2", "m5.large", "us-east-1", "plan9"),
        Product("ebs", "", "us-east-1", "linux"),
    ],
    ids=["no region", "no such system", "no volume type"],
)
def test_what_cannot_be_asked_is_not_asked(wanted: Product) -> None:
    assert look(wanted, []) == (None, [])


def reserved(years: int, payment: str, hourly: float, upfront: float, kind: str) -> dict[str, Any]:
    attributes = {"LeaseContractLength": f"{years}yr", "PurchaseOption": payment}
    return {
        "termAttributes": attributes | {"OfferingClass": kind},
        "priceDimensions": {
            "h": {"unit": "Hrs", "pricePerUnit": {"USD": str(hourly)}},
            "u": {"unit": "Quantity", "pricePerUnit": {"USD": str(upfront)}},
        },
    }


def with_terms(usage_type: str, rate: str) -> str:
    """At 0.1: partly upfront 0.03 + 262.8 / 8760; a convertible term, which is another thing."""
    found = json.loads(product(usage_type, rate))
    found["terms"]["Reserved"] = {
        "a": reserved(1, "Partial Upfront", 0.03, 262.8, "standard"),
        "b": reserved(3, "No Upfront", 0.04, 0.0, "standard"),
        "c": reserved(3, "No Upfront", 0.05, 0.0, "convertible"),
    }
    return json.dumps(found)


def plan(usage_type: str, machine: str, rate: str) -> dict[str, Any]:
    return {
        "usageType": usage_type,
        "rate": rate,
        "properties": [{"name": "instanceType", "value": machine}],
        "savingsPlanOffering": {
            "durationSeconds": 94608000,
            "paymentOption": "All Upfront",
            "currency": "USD",
        },
    }


SPOT_PRICES = """<DescribeSpotPriceHistoryResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
<spotPriceHistorySet>{}</spotPriceHistorySet></DescribeSpotPriceHistoryResponse>"""
ITEM = "<item><instanceType>{}</instanceType><spotPrice>{}</spotPrice></item>"


def test_lists_say_what_spot_and_commitments_cost() -> None:
    """m5 by family and g5 by type; the dearest zone's spot; plans of used capacity; not of what has no price."""

    def respond(call: Call) -> Answer:
        if "DescribeSpotPriceHistory" in call.body:
            if refused:
                return Answer(
                    403,
                    "<Response><Errors><Error><Code>UnauthorizedOperation</Code></Error></Errors></Response>",
                )
            items = ITEM.format("m5.large", "0.03") + ITEM.format("m5.large", "0.04")
            return Answer(200, SPOT_PRICES.format(items), (("Content-Type", "text/xml"),))
        if "savingsPlanTypes" in call.body:
            rates = [plan("BoxUsage:g5.xlarge", "g5.xlarge", "0.05")]
            rates += [plan("UnusedBox:g5.xlarge", "g5.xlarge", "0.09")]
            page = {"searchResults": rates[:1], "nextToken": "2"}
            last = {"searchResults": rates[1:], "nextToken": ""}
            return Answer(200, json.dumps(last if "nextToken" in call.json else page), TYPE)
        name = next(f["Value"] for f in call.json["Filters"] if f["Field"] == "instanceType")
        found = [] if name == "x9.none" else [with_terms(f"BoxUsage:{name}", "0.1")]
        return Answer(200, json.dumps({"PriceList": found}), TYPE)

    names = ("m5.large", "g5.xlarge", "x9.none")
    asked = [SoldMachine(name, "us-east-1", 0.0) for name in names]
    request = ListedRequest(machines=asked, currency="USD", day=date(2026, 11, 26))
    refused = False
    with answering(respond) as (url, _):
        provider = AwsProvider(AwsSettings(endpoint_url=url))
        found = provider.listed(request)
        euros = provider.listed(replace(request, currency="EUR"))
        refused = True
        partly = provider.listed(request)
    rows = found.rows.fillna({"months": 0})
    facts = ["machine", "covers", "months", "upfront", "source"]
    day = "2026-11-26"
    assert rows.set_index(facts)["rate"].to_dict() == pytest.approx(
        {
            ("m5.large", "family", 12, "partial", f"AWS price list, {day}"): 0.06,
            ("m5.large", "family", 36, "none", f"AWS price list, {day}"): 0.04,
            ("g5.xlarge", "type", 12, "partial", f"AWS price list, {day}"): 0.06,
            ("g5.xlarge", "type", 36, "none", f"AWS price list, {day}"): 0.04,
            ("m5.large", "spot", 0, "", f"AWS spot prices, {day}"): 0.04,
            ("g5.xlarge", "any", 36, "all", f"AWS Savings Plans rates, {day}"): 0.05,
        }
    )
    assert set(rows["on_demand"]) == {0.1}
    assert not found.notes
    assert euros.rows.empty
    assert len(partly.rows) == len(rows) - 1
    assert "ec2:DescribeSpotPriceHistory" in " ".join(partly.notes)
    off = AwsProvider(AwsSettings(price_list="off"))
    assert off.listed(request).rows.empty


def test_a_refusal_names_the_permission() -> None:
    denied = json_error("AccessDeniedException", "User is not authorized")
    with answering(lambda call: denied) as (url, _):
        prices = PriceList(AwsSession(AwsSettings(endpoint_url=url)))
        with pytest.raises(AccessError, match="pricing:GetProducts"):
            prices.price(Product("ec2", "m5.large", "us-east-1", "linux"))
        with pytest.raises(AccessError, match="pricing:DescribeServices"):
            prices.check()


def test_nobody_to_sign_as_is_said_before_a_client_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    made: list[str] = []
    monkeypatch.setattr(AwsSession, "client", lambda _, service, *__: made.append(service))
    session = AwsSession(AwsSettings(region="eu-west-1"))
    with pytest.raises(AccessError, match="the AWS price list") as caught:
        PriceList(session).price(Product("ec2", "m5.large", "eu-west-1", "linux"))
    assert "credentials" in f"{caught.value.message} {caught.value.hint}"
    assert made == []
