"""Ingresses without an address, and the balancers that the bill says were made for them."""

from __future__ import annotations

import pandas as pd
import pytest

from burn.api import schemas
from burn.ledger.tie import same, shown, tie
from tests.unit.ledger.frames import DAY, bill


def assets(*rows: dict[str, object]) -> pd.DataFrame:
    empty = {"string": "", "float": 0.0, "timestamp": DAY}
    base = {c.name: None if c.null else empty[c.kind] for c in schemas.INVENTORY.columns}
    return schemas.INVENTORY.validate(pd.DataFrame([base | row for row in rows]), author="test")


def ingress(space: str, name: str) -> dict[str, object]:
    return {
        "asset_id": f"load_balancer/Ingress/{space}/{name}",
        "kind": "load_balancer",
        "owner_kind": "Ingress",
        "namespace": space,
        "owner_name": name,
        "name": f"{space}/{name}",
    }


def balancer(key: str, said: str | None, **more: object) -> dict[str, object]:
    row = {"resource_key": key, "x_cost_class": "load_balancer", "in_cluster": True}
    return row | {"x_tied_to": said, "list_cost": 1.0} | more


NOBODY = schemas.IDENTITY.empty()


def tied(seen: pd.DataFrame, *rows: dict[str, object], identities=NOBODY) -> dict[str, str]:
    out = tie(seen, bill(*rows), identities)
    return dict(zip(out["name"], out["provider_id"], strict=True))


def test_the_bill_names_the_ingress_and_the_rest_have_no_balancer():
    seen = assets(ingress("shop", "web"), ingress("shop", "behind-nginx"))
    assert tied(seen, balancer("lb/1", "Ingress/shop/web")) == {"shop/web": "lb/1"}


@pytest.mark.parametrize(
    "row",
    [
        balancer("lb/1", None),
        balancer("lb/1", "Ingress/other/web"),
        balancer("lb/1", "Service/shop/web"),
        balancer("lb/1", "Ingress/shop/web", in_cluster=False),
        balancer("lb/1", "Ingress/shop/web", x_cost_class="load_balancer_usage"),
    ],
)
def test_nothing_else_ties(row):
    assert tied(assets(ingress("shop", "web")), row) == {}


def test_a_balancer_that_is_an_asset_already_is_not_taken_from_it():
    owned = pd.DataFrame([{"asset_id": "a", "resource_key": "lb/1", "method": "hostname"}])
    row = balancer("lb/1", "Ingress/shop/web")
    assert tied(assets(ingress("shop", "web")), row, identities=owned) == {}


def test_a_cut_name_that_could_be_either_ties_neither():
    one, two = ingress("payments-eu", "frontend-a"), ingress("payments-us", "frontend-a")
    row = balancer("lb/1", "Ingress/payments*/frontend*")
    assert tied(assets(one), row) == {"payments-eu/frontend-a": "lb/1"}
    assert tied(assets(one, two), row) == {}


def test_addresses_that_are_known_stay_and_the_frame_too():
    known = {**ingress("shop", "web"), "provider_id": "x.example"}
    seen = assets(known)
    assert tie(seen, bill(balancer("lb/1", "Ingress/shop/web")), NOBODY) is seen


def test_names_are_compared_by_letters_and_digits():
    assert same("Ingress/myshop*/web*", "Ingress/my-shop-eu/web")
    assert not same("Ingress/myshop/web", "Ingress/my-shop-eu/web")
    assert not same("PersistentVolume/pvc-1", "PersistentVolumeClaim/pvc-1")


def test_what_is_shown():
    seen = assets(
        ingress("shop", "web"),
        {"asset_id": "v", "kind": "volume", "name": "pv-1", "namespace": "db", "owner_name": "d"},
        {"asset_id": "l", "kind": "load_balancer", "namespace": "web", "owner_name": "front"},
    )
    assert shown(seen) == {
        "Ingress/shop/web",
        "Service/web/front",
        "PersistentVolume/pv-1",
        "PersistentVolumeClaim/db/d",
    }
