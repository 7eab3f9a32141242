"""The order of price sources, the units, and what must be refused."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest

from burn.api import AccessError, DataError, PriceFrame
from burn_aws.client.pricing import Price, Product
from burn_aws.prices.frame import BILL, PRICE_LIST, Lookup, price_frame
from burn_aws.prices.learned import learn
from burn_aws.prices.unpriced import unpriced
from tests.servers.aws_inventory import balancer, inventory, node, volume

EC2 = "aws:///us-east-1a/i-1"
NETWORK = "k8s-a-0123456789abcdef.elb.us-east-1.amazonaws.com"
FARGATE = "aws:///us-east-1b/hash/fargate-ip-10-0-0-1.ec2.internal"


def priced(
    *assets: dict[str, Any], days: tuple[str, ...] = ("2026-10-01",), **how: Any
) -> PriceFrame:
    return price_frame(unpriced(inventory(*assets, days=days)), **how)


def one(asset: dict[str, Any], **how: Any) -> dict[str, Any]:
    frame = priced(asset, **how)
    assert len(frame) == 1
    return {str(k): v for k, v in frame.iloc[0].to_dict().items()}


def only(product: Product, price: Price) -> Lookup:
    return {product: price}.get


def test_a_node_costs_its_hours_at_the_list_price_even_on_spot() -> None:
    spot = one(node(EC2, capacity_type="spot", hours=3.5))
    assert spot["quantity"] == 3.5
    assert spot["unit"] == "hours"
    assert spot["unit_price"] == pytest.approx(0.096)
    assert spot["list_cost"] == pytest.approx(0.336)
    assert spot["price_source"] == "fallback (2026-02, us-east-1)"
    assert math.isnan(spot["cpu_rate"])


def test_a_volume_costs_gib_hours_of_that_month() -> None:
    days = ("2026-10-31", "2026-11-01", "2028-02-29")
    frame = priced(volume("vol-1", "gp3", 100.0), days=days)
    assert frame["unit"].unique().tolist() == ["GiB-hours"]
    assert frame["quantity"].tolist() == [2400.0] * 3
    expected = [2400 * 0.08 / (31 * 24), 2400 * 0.08 / (30 * 24), 2400 * 0.08 / (29 * 24)]
    assert frame["list_cost"].tolist() == pytest.approx(expected)


def test_a_fargate_pod_has_one_price_per_vcpu_hour_for_cpu_and_memory() -> None:
    pod = one(node(FARGATE, "", cpu_cores=0.5, memory_gib=2.0, pod_uid="u", hours=10.0))
    assert pod["unit"] == "vCPU-hours"
    assert pod["quantity"] == 5.0
    assert pod["list_cost"] == pytest.approx(10 * (0.5 * 0.04048 + 2 * 0.004445))
    assert (pod["cpu_rate"], pod["memory_rate"]) == (0.04048, 0.004445)


def test_a_gpu_node_splits_by_its_own_rates() -> None:
    gpu = one(node(EC2, "g5.12xlarge", cpu_cores=48.0, memory_gib=192.0, gpu_count=4.0))
    assert gpu["unit_price"] == pytest.approx(5.672)
    assert gpu["gpu_rate"] == 0.8
    rest = 48 * gpu["cpu_rate"] + 192 * gpu["memory_rate"]
    assert rest == pytest.approx(5.672 - 4 * 0.8)


def test_the_best_source_goes_first() -> None:
    product = Product("ec2", "m5.large", "us-east-1", "linux")
    asset, rates = node(EC2), pd.Series([0.2])
    listed = (PRICE_LIST, only(product, Price(0.4, "USD")))
    account = (BILL, only(product, Price(0.3, "USD")))
    steps = [
        ({"learned": rates, "lookups": [account, listed]}, 0.2, "bill"),
        ({"learned": pd.Series([math.nan]), "lookups": [account, listed]}, 0.3, "bill"),
        ({"lookups": [listed]}, 0.4, "price list"),
    ]
    for how, price, source in steps:
        found = one(asset, **how)
        assert (found["unit_price"], found["price_source"]) == (price, source)


def test_the_price_list_is_asked_once_a_product_and_only_for_what_is_missing() -> None:
    asked: list[Product] = []

    def look(product: Product) -> Price | None:
        asked.append(product)
        return Price(0.08, "USD") if product.service == "ebs" else None

    assets = [node(f"aws:///us-east-1a/i-{n}") for n in range(50)]
    frame = priced(
        *assets,
        volume("vol-1", "gp3"),
        days=("2026-10-01", "2026-10-02"),
        lookups=[(PRICE_LIST, look)],
    )
    assert sorted(product.service for product in asked) == ["ebs", "ec2"]
    disk = frame[frame["asset_id"] == "volume/vol-1"]
    assert disk["unit_price"].tolist() == pytest.approx([0.08 / 744] * 2)
    assert set(disk["price_source"]) == {"price list"}


def test_a_refused_price_list_shows_in_the_label() -> None:
    def refused(product: Product) -> Price | None:
        raise AccessError("not allowed: pricing:GetProducts")

    found = one(node(EC2), lookups=[(PRICE_LIST, refused)])
    assert found["price_source"] == "fallback (2026-02, us-east-1, price list refused)"


def test_an_unknown_type_costs_what_was_paid_else_by_its_size() -> None:
    paid = pd.Series([31.5])
    found = one(node(EC2, "q9.huge", region="us-west-2-lax-1"), paid=paid)
    assert (found["unit_price"], found["price_source"]) == (31.5, "bill, as it was paid")
    known = one(node(EC2, "m5.large"), paid=paid)
    assert known["price_source"] == "fallback (2026-02, us-east-1)"
    sized = one(node(EC2, "q9.huge", cpu_cores=10.0, memory_gib=100.0))
    assert sized["unit_price"] == pytest.approx(10 * 0.031611 + 100 * 0.004237)
    assert sized["price_source"].startswith("fallback")


def test_a_type_of_unknown_size_is_an_error_with_its_remedies() -> None:
    with pytest.raises(DataError, match=r"no price for q9\.huge \(node i-1, us-east-1\)") as caught:
        priced(node(EC2, "q9.huge", cpu_cores=0.0, memory_gib=0.0))
    assert "pricing:GetProducts" in str(caught.value.hint)
    assert "price_sources" in str(caught.value.hint)


def test_a_node_elsewhere_needs_own_rates() -> None:
    with pytest.raises(DataError, match="no AWS instance") as caught:
        priced(node("", name="rack-7"), node(EC2))
    assert "price_sources" in str(caught.value.hint)
    elsewhere = pd.Series([True, False])
    frame = priced(node("", name="rack-7"), node(EC2), priced=elsewhere).set_index("asset_id")
    rack = frame.loc["node/rack-7"]
    assert (rack["quantity"], rack["unit"], rack["unit_price"]) == (24.0, "hours", 0.0)
    assert frame.loc[f"node/{EC2}", "unit_price"] > 0


@pytest.mark.parametrize(
    ("asset", "source"),
    [
        (volume("fs-1::fsap-2", "efs-sc", 5.0), "none: billed by bytes stored"),
        (volume("nfs#share", "nfs"), "none: not billed by AWS"),
        (balancer("10.0.0.7"), "none: not billed by AWS"),
    ],
    ids=["EFS", "NFS", "MetalLB"],
)
def test_what_aws_does_not_bill_by_the_hour_costs_nothing_and_says_so(
    asset: dict[str, Any], source: str
) -> None:
    found = one(asset)
    assert (found["list_cost"], found["price_source"]) == (0.0, source)


def test_a_storage_class_of_any_name() -> None:
    assert one(volume("vol-1", "gp2-encrypted"))["unit_price"] == pytest.approx(0.10 / 744)
    assumed = one(volume("vol-1", "ebs-sc"))
    assert assumed["unit_price"] == pytest.approx(0.08 / 744)
    assert "gp3 assumed" in assumed["price_source"]


def test_balancers_by_their_hostname() -> None:
    classic = f"a{'0' * 31}-123.us-east-1.elb.amazonaws.com"
    application = "internal-k8s-web-123.us-east-1.elb.amazonaws.com"
    prices = [one(balancer(host))["unit_price"] for host in (NETWORK, application, classic)]
    assert prices == [0.0225, 0.0225, 0.025]


def bill_rows(*rows: dict[str, Any]) -> Any:
    defaults = {
        "day": pd.Timestamp("2026-10-01", tz="UTC"),
        "in_cluster": True,
        "x_cost_class": "node",
        "pricing_category": "Standard",
        "x_public_cost": 0.0,
    }
    return pd.DataFrame([{**defaults, **row} for row in rows])


def rates(rows: Any, days: tuple[str, ...] = ("2026-10-01", "2026-10-02")) -> list[float]:
    asked = unpriced(inventory(node(EC2), days=days))
    keys = pd.DataFrame({"asset_id": [f"node/{EC2}"], "resource_key": ["i-1"]})
    return learn(asked, rows, keys).tolist()  # type: ignore[arg-type]


def test_a_price_that_changes_is_learned_day_by_day() -> None:
    second = pd.Timestamp("2026-10-02", tz="UTC")
    rows = bill_rows(
        {"resource_key": "i-1", "quantity": 24.0, "list_cost": 2.4},
        {"resource_key": "i-1", "quantity": 12.0, "list_cost": 2.4, "day": second},
    )
    assert rates(rows) == pytest.approx([0.1, 0.2])
    assert rates(rows, ("2026-10-01", "2026-10-09")) == pytest.approx([0.1, 4.8 / 36])


def test_spot_and_commitment_lines_without_a_public_price_teach_nothing() -> None:
    spot = {"resource_key": "i-1", "quantity": 24.0, "pricing_category": "Dynamic"}
    dumb = {**spot, "list_cost": 0.8, "x_public_cost": 0.8}
    assert all(math.isnan(rate) for rate in rates(bill_rows(dumb)))
    told = {**spot, "list_cost": 2.4, "x_public_cost": 0.8}
    assert rates(bill_rows(dumb, told)) == pytest.approx([0.1, 0.1])


def test_other_charges_on_a_node_are_not_its_price() -> None:
    rows = bill_rows(
        {"resource_key": "i-1", "quantity": 24.0, "list_cost": 2.4},
        {"resource_key": "i-1", "quantity": 0.0, "list_cost": 9.9, "x_cost_class": "data_transfer"},
    )
    assert rates(rows) == pytest.approx([0.1, 0.1])


def test_nothing_to_price() -> None:
    assert price_frame(unpriced(inventory())).empty
