"""Prices of one's own machines: by hand, and what is refused with its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from burn.api import DataError, IdentifyRequest, PriceRequest, Scope, UsageError, Window, schemas
from burn.builtin.providers.onprem import OnpremProvider
from burn.builtin.providers.settings import OnpremSettings, Pool
from burn.config.load import load
from tests.unit.stages.builders import days_of, frame

DAY = days_of()[0]


def asset(name: str, kind: str = "node", **about: Any) -> dict[str, Any]:
    row = {
        "asset_id": f"{kind}/{name}", "day": DAY.start, "kind": kind, "name": name, "hours": 24.0,
        "labels": None, "owner_kind": None,
    }  # fmt: skip
    return (
        dict.fromkeys(
            ("instance_type", "provider_id", "owner_name", "region", "namespace", "name"), ""
        )
        | row
        | {"storage_gib": 0.0, "gpu_count": 0.0, "cpu_cores": 0.0, "memory_gib": 0.0}
        | about
    )


def node(name: str, labels: str | None = None, **about: Any) -> dict[str, Any]:
    sizes = {"cpu_cores": 8.0, "memory_gib": 32.0}
    return asset(name, labels=labels, **(sizes | about))


def priced(settings: OnpremSettings, *rows: dict[str, Any]) -> Any:
    inventory = frame(schemas.INVENTORY, rows)
    request = PriceRequest(scope=Scope(), window=DAY, inventory=inventory)
    return OnpremProvider(settings).price(request).set_index("asset_id")


def configured(tmp_path: Path, text: str) -> OnpremSettings:
    file = tmp_path / "burn.toml"
    file.write_text(text, encoding="utf-8")
    config = load(file=file, environ={"HOME": str(tmp_path)})
    made: OnpremSettings = config.plugin("provider", "onprem", OnpremSettings).settings
    return made


def test_rates_and_weights() -> None:
    pools = {"all": Pool(cpu_hour=0.02, memory_hour=0.003, gpu_hour=0.5)}
    found = priced(OnpremSettings(pools=pools), node("a", gpu_count=2.0, hours=10.0))
    # 8 × 0.02 + 32 × 0.003 + 2 × 0.5 = 1.256 an hour
    assert found.loc["node/a", "unit_price"] == pytest.approx(1.256)
    assert found.loc["node/a", "list_cost"] == pytest.approx(12.56)
    weights = found.loc["node/a", ["cpu_rate", "memory_rate", "gpu_rate"]].tolist()
    assert weights == [0.02, 0.003, 0.5]
    assert found.loc["node/a", "price_source"] == "settings (pool all)"


def test_a_machine_that_was_bought(tmp_path: Path) -> None:
    settings = configured(
        tmp_path,
        """
        [provider.onprem]
        power_price = 0.20
        pue = 1.5
        currency = "EUR"
        [provider.onprem.pools.metal]
        purchase = 9000
        resale = 240
        years = 5
        support_year = 438
        watts = 500
        """,
    )
    found = priced(settings, node("a"))
    # (9000 − 240) / 43,800 h + 438 / 8,760 h + 0.5 kW × 1.5 × 0.20 = 0.20 + 0.05 + 0.15
    assert found.loc["node/a", "unit_price"] == pytest.approx(0.40)
    assert found.loc["node/a", "currency"] == "EUR"
    assert "by purchase price" in found.loc["node/a", "price_source"]


def test_volumes_by_class_and_balancers() -> None:
    settings = OnpremSettings(
        pools={"all": Pool(node_hour=1.0)},
        storage={"fast": 73.0, "*": 7.3},
        balancer_hour=0.01,
    )
    found = priced(
        settings,
        asset("v1", "volume", instance_type="fast", storage_gib=1024.0),
        asset("v2", "volume", instance_type="slow", storage_gib=512.0),
        asset("b", "load_balancer"),
    )
    # 73 a month of 730 hours is 0.10 an hour for a TiB
    assert found.loc["volume/v1", "list_cost"] == pytest.approx(24 * 0.10)
    assert found.loc["volume/v2", "list_cost"] == pytest.approx(24 * 0.01 / 2)
    assert found.loc["load_balancer/b", "list_cost"] == pytest.approx(0.24)


def test_each_node_is_in_one_pool() -> None:
    pools = {
        "gpu": Pool(labels={"hw": "gpu*"}, cpu_hour=1.0, memory_hour=0.0, gpu_hour=0.0),
        "old": Pool(nodes="old-*", node_hour=2.0),
        "named": Pool(node_pool="db", node_hour=3.0),
        "rest": Pool(node_hour=4.0),
    }
    rows = [
        node("x", '{"hw": "gpu-a100"}'),
        node("old-1"),
        node("y", owner_name="db"),
        node("z", '{"hw": "cpu"}'),
    ]
    found = priced(OnpremSettings(pools=pools), *rows)
    assert found["unit_price"].to_dict() == {"node/x": 8, "node/old-1": 2, "node/y": 3, "node/z": 4}
    inventory = frame(schemas.INVENTORY, rows)
    told = OnpremProvider(OnpremSettings(pools=pools)).identify(
        IdentifyRequest(inventory=inventory)
    )
    assert sorted(told["asset_id"]) == ["node/old-1", "node/x", "node/y"]
    with pytest.raises(DataError, match=r"node old-1 is in provider.onprem.pools old and in named"):
        priced(OnpremSettings(pools=pools), node("old-1", owner_name="db"))
    without = {name: pool for name, pool in pools.items() if name != "rest"}
    with pytest.raises(DataError, match=r"node z is in none of provider.onprem.pools"):
        priced(OnpremSettings(pools=without), node("z"))


def test_unknown_is_refused_and_not_free() -> None:
    pools = {"all": Pool(cpu_hour=0.02, memory_hour=0.003)}
    with pytest.raises(DataError, match=r"has GPUs, and provider.onprem.pools.all has no gpu_hour"):
        priced(OnpremSettings(pools=pools), node("a", gpu_count=1.0))
    with pytest.raises(DataError, match="storage class fast has no price"):
        priced(OnpremSettings(pools=pools), asset("v", "volume", instance_type="fast"))


def test_what_a_price_source_has_is_not_asked_for() -> None:
    """Only its quantity and unit are; that no pool has it is no error."""
    inventory = frame(
        schemas.INVENTORY,
        [node("a"), asset("v", "volume", instance_type="x", storage_gib=10.0), node("b")],
    )
    priced = pd.Series([True, True, False], index=inventory.index)
    request = PriceRequest(scope=Scope(), window=DAY, inventory=inventory, priced=priced)
    made = OnpremProvider(OnpremSettings(pools={"b": Pool(nodes="b", node_hour=2.0)}))
    found = made.price(request).set_index("asset_id")
    assert found["list_cost"].to_dict() == {"node/b": 48.0, "node/a": 0.0, "volume/v": 0.0}
    assert found["quantity"].to_dict() == {"node/b": 24.0, "node/a": 24.0, "volume/v": 240.0}
    assert found.loc["volume/v", "unit"] == "GiB-hours"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (
            "[provider.onprem.pools.a]\ncpu_hour = -1\nmemory_hour = 1",
            r"pools\[a\].*cpu_hour is -1",
        ),
        (
            "[provider.onprem.pools.a]\ncpu_hour = nan\nmemory_hour = 1",
            r"pools\[a\].*cpu_hour is nan",
        ),
        ("[provider.onprem.pools.a]\ncpu_hour = 1", r"pools\[a\].*go together"),
        ("[provider.onprem.pools.a]\npurchase = 5", r"pools\[a\].*years"),
        ("[provider.onprem.pools.a]\npurchase = 5\nyears = 0", r"pools\[a\].*years"),
        ("[provider.onprem.pools.a]\npurchase = 5\nyears = 1\nresale = 6", r"pools\[a\].*resale"),
        ("[provider.onprem.pools.a]\nnode_hour = 1\ncpu_hour = 1", r"pools\[a\].*needs one of"),
        ("[provider.onprem.pools.a]\nlabels = {x = 'y'}", r"pools\[a\].*needs one of"),
        ("[provider.onprem.pools.a]\nnode_hour = 1\nnod = 'x'", r"pools\[a\]\[nod\]"),
        ("[provider.onprem.pools.a]\nnode_hour = 'x'", r"pools\[a\]\[node_hour\]"),
        ("[provider.onprem.pools.a]\npurchase = 5\nyears = 1\nwatts = 9", "power_price is not set"),
        (
            "[provider.onprem.pools.a]\nnode_hour = 1\n[provider.onprem.pools.b]\nnode_hour = 1",
            "pools a and b name no nodes",
        ),
        ("[provider.onprem]\nstorage = {fast = -3}", r"storage\[fast\] is -3"),
        ("[provider.onprem]\npue = 0.5", "pue is 0.5"),
        ("[provider.onprem]\ncurrency = 'euro'", "currency is `euro`"),
    ],
)
def test_bad_settings_name_their_place(tmp_path: Path, text: str, place: str) -> None:
    with pytest.raises(UsageError, match=rf"(?s)provider\.onprem\.?.*{place}"):
        configured(tmp_path, text)


def test_it_has_no_bill() -> None:
    from burn.api import BillRequest

    with pytest.raises(UsageError, match="has no bill"):
        OnpremProvider(OnpremSettings()).bill(
            BillRequest(
                scope=Scope(),
                window=Window(DAY.start, DAY.end),
                identities=schemas.IDENTITY.empty(),
            )
        )
