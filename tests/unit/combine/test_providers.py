"""A cluster of a cloud's nodes and one's own: each asset goes to exactly one provider."""

from __future__ import annotations

from typing import Any

import pytest

from burn.api import DataError, IdentifyRequest, PriceRequest, Scope, UsageError, schemas
from burn.builtin.providers.settings import OnpremSettings, Pool
from burn.builtin.providers.specs import PROVIDERS
from burn.combine.providers import together
from burn_aws.hooks import burn_billing_providers
from burn_aws.settings import AwsSettings
from tests.lab.chosen import chosen
from tests.unit.stages.builders import days_of, frame

DAY = days_of()[0]
SIZE = {"cpu_cores": 4.0, "memory_gib": 16.0, "hours": 24.0, "storage_gib": 0.0}


def row(asset_id: str, kind: str = "node", **about: Any) -> dict[str, Any]:
    name = asset_id.rpartition("/")[2]
    base = {"asset_id": asset_id, "day": DAY.start, "kind": kind, "name": name, "labels": None}
    return (
        dict.fromkeys(
            ("instance_type", "provider_id", "owner_name", "region", "namespace", "name"), ""
        )
        | base
        | {"owner_kind": None}
        | SIZE
        | about
    )


EC2 = row(
    "node/aws:///us-east-1a/i-0b5e", provider_id="aws:///us-east-1a/i-0b5e",
    instance_type="m6i.xlarge", region="us-east-1", name="cloud-1",
)  # fmt: skip
HYBRID = row(
    "node/eks-hybrid:///us-east-1/shop/mi-01", provider_id="eks-hybrid:///us-east-1/shop/mi-01",
    name="rack-1",
)  # fmt: skip
EBS = row("volume/vol-1", "volume", provider_id="vol-1", instance_type="gp3", storage_gib=100.0)
LOCAL = row("volume/pv-9", "volume", provider_id="", instance_type="ceph", storage_gib=100.0)


def aws() -> Any:
    return chosen(burn_billing_providers()[0], AwsSettings(price_list="off"))


def onprem(**pools: Pool) -> Any:
    pools = pools or {"all": Pool(node_hour=0.5)}
    return chosen(PROVIDERS[0], OnpremSettings(pools=pools, storage={"*": 74.752}))


def prices(both: Any, *rows: dict[str, Any]) -> dict[str, float]:
    inventory = frame(schemas.INVENTORY, rows)
    found = both.made.price(
        PriceRequest(scope=Scope(), window=DAY, inventory=inventory, from_bill=False)
    )
    assert len(found) == len(rows)
    return dict(zip(found["asset_id"], found["list_cost"], strict=True))


@pytest.mark.parametrize("order", [(aws, onprem), (onprem, aws)])
def test_each_has_its_own(order: tuple[Any, Any]) -> None:
    found = prices(together([make() for make in order]), EC2, HYBRID, EBS, LOCAL)
    assert found == pytest.approx(
        {
            EC2["asset_id"]: 24 * 0.192,
            HYBRID["asset_id"]: 24 * 0.5,
            EBS["asset_id"]: 24 * 100 * 0.08 / 744,  # October has 744 hours
            LOCAL["asset_id"]: 24 * 100 * 74.752 / 1024 / 730,
        }
    )


def test_none_goes_to_two() -> None:
    both = together([aws(), onprem(mine=Pool(nodes="cloud-*", node_hour=1.0))])
    inventory = frame(schemas.INVENTORY, [EC2, HYBRID])
    with pytest.raises(DataError, match="i-0b5e: claimed by provider aws and by provider onprem"):
        both.made.identify(IdentifyRequest(inventory=inventory))
    with pytest.raises(DataError, match="claimed by provider aws and by provider onprem"):
        prices(both, EC2, HYBRID)


def test_none_goes_to_nobody() -> None:
    from burn_azure.hooks import burn_billing_providers as azure

    both = together([aws(), chosen(azure()[0])])
    with pytest.raises(DataError, match="mi-01: no machine of any of the providers") as caught:
        prices(both, EC2, HYBRID)
    assert "--provider onprem" in str(caught.value.hint)


def test_one_alone_is_itself_and_two_rests_are_refused() -> None:
    one = onprem()
    assert together([one]) is one
    with pytest.raises(UsageError, match="both take the assets that no other provider knows"):
        together([one, onprem()])
