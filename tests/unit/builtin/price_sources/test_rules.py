"""Rates of one's own from CSV and TOML: what they say, by hand, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from burn.api import AccessError, DataError, PriceRequest, Scope, UsageError, Window, schemas
from burn.builtin.price_sources.rules import read_rates
from burn.builtin.price_sources.specs import PriceTableSettings
from burn.builtin.price_sources.table import PriceTable

START = datetime(2026, 10, 1, tzinfo=UTC)
CSV = """kind,match,region,on_premises,hourly,cpu_hour,memory_hour,gpu_hour,gib_month,currency
node,m5.*,us-east-1,,0.08,,,,,
node,*,,true,,0.02,0.003,0.5,,EUR
volume,gp3*,,,,,,,0.06,
load_balancer,*,,,0.02,,,,,
"""
TOML = """
[[rate]]
kind = "node"
match = "m5.*"
region = "us-east-1"
hourly = 0.08
[[rate]]
kind = "node"
on_premises = true
cpu_hour = 0.02
memory_hour = 0.003
gpu_hour = 0.5
currency = "EUR"
[[rate]]
kind = "volume"
match = "gp3*"
gib_month = 0.06
[[rate]]
kind = "load_balancer"
hourly = 0.02
"""
ASSETS: list[dict[str, Any]] = [
    {"asset_id": "node/a", "kind": "node", "instance_type": "m5.large", "region": "us-east-1"},
    {"asset_id": "node/b", "kind": "node", "instance_type": "m5.large", "region": "eu-west-1"},
    {"asset_id": "node/rack", "kind": "node", "cpu_cores": 4.0, "memory_gib": 10.0, "gpu_count": 1.0},
    {"asset_id": "volume/1", "kind": "volume", "instance_type": "gp3-fast", "storage_gib": 100.0},
    {"asset_id": "volume/2", "kind": "volume", "instance_type": "io2", "storage_gib": 100.0},
    {"asset_id": "load_balancer/x", "kind": "load_balancer"},
]  # fmt: skip


def asked(*assets: dict[str, Any], days: int = 1, known: tuple[str, ...] = ()) -> PriceRequest:
    rows = [
        {"hours": 12.0, "day": START + timedelta(days=n)} | one
        for n in range(days)
        for one in assets
    ]
    inventory = schemas.INVENTORY.validate(
        schemas.INVENTORY.fill(pd.DataFrame(rows)).fillna(
            {"instance_type": "", "region": "", "cpu_cores": 0.0, "memory_gib": 0.0}
            | {"gpu_count": 0.0, "storage_gib": 0.0}
        ),
        author="test",
    )
    window = Window(START, START + timedelta(days=days))
    return PriceRequest(
        scope=Scope(),
        window=window,
        inventory=inventory,
        identified=frozenset(known),
        currency="USD",
    )


def priced(folder: Path, name: str, text: str, request: PriceRequest) -> pd.DataFrame:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    frame = PriceTable(PriceTableSettings(files=(str(path),))).price(request)
    return frame.astype({"asset_id": "str"}).set_index("asset_id")


@pytest.mark.parametrize(("name", "text"), [("rates.csv", CSV), ("rates.toml", TOML)])
def test_the_first_fitting_rate_is_used(name: str, text: str, tmp_path: Path) -> None:
    found = priced(tmp_path, name, text, asked(*ASSETS, known=("node/a", "node/b")))
    assert set(found.index) == {"node/a", "node/rack", "volume/1", "load_balancer/x"}
    a, rack = found.loc["node/a"], found.loc["node/rack"]
    assert (a["unit_price"], a["quantity"], a["unit"], a["currency"]) == (
        0.08,
        12.0,
        "hours",
        "USD",
    )
    assert a["list_cost"] == pytest.approx(0.96)
    assert rack["unit_price"] == pytest.approx(4 * 0.02 + 10 * 0.003 + 0.5)
    assert (rack["cpu_rate"], rack["memory_rate"], rack["gpu_rate"]) == (0.02, 0.003, 0.5)
    assert rack["currency"] == "EUR"
    disk = found.loc["volume/1"]
    assert (disk["quantity"], disk["unit"]) == (1200.0, "GiB-hours")
    assert disk["list_cost"] == pytest.approx(1200 * 0.06 / 744)  # October has 744 hours
    assert found.loc["load_balancer/x", "unit_price"] == 0.02
    assert set(found["price_source"]) == {f"price file ({name})"}


def test_order_and_days_decide(tmp_path: Path) -> None:
    text = (
        "kind,match,hourly,valid_from,valid_until\n"
        "node,m5.large,0.5,2026-10-02,2026-10-03\nnode,*,0.1,,\nnode,*,9,,\n"
    )
    found = priced(tmp_path, "r.csv", text, asked(ASSETS[0], days=3))
    assert found["unit_price"].tolist() == [0.1, 0.5, 0.1]


def test_a_serverless_node_costs_what_its_pod_asks_for(tmp_path: Path) -> None:
    pod = ASSETS[2] | {"pod_uid": "p", "cpu_requested": 6.0, "memory_requested": 12.0}
    pod |= {"gpu_requested": 0.0}
    text = "kind,cpu_hour,memory_hour,gpu_hour\nnode,0.04,0.004,1\n"
    found = priced(tmp_path, "r.csv", text, asked(pod))
    assert found["unit_price"].tolist() == pytest.approx([0.5 * 0.04 + 1.0 * 0.004])


def test_a_provider_id_is_matched_too(tmp_path: Path) -> None:
    text = 'kind,match,hourly\nnode,"eks-hybrid:*",0.3\n'
    hybrid = ASSETS[0] | {"provider_id": "eks-hybrid:///eu-west-1/prod/mi-1"}
    assert len(priced(tmp_path, "r.csv", text, asked(hybrid))) == 1
    assert priced(tmp_path, "r.csv", text, asked(ASSETS[0])).empty


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("r.csv", "kind,match,price\nnode,*,1\n", "r.csv, row 2: unknown key `price`"),
        ("r.csv", "kind,hourly\nnode,cheap\n", "`cheap`, which is not a price"),
        ("r.csv", "kind,hourly\nnode,-1\n", "which is not a price"),
        ("r.csv", "kind,hourly\nnode,inf\n", "which is not a price"),
        ("r.csv", "kind,hourly\nnode,nan\n", "which is not a price"),
        ("r.csv", "kind;hourly\nnode;1,234\n", "`hourly` is `1,234`, which is not a price"),
        ("r.csv", "kind,hourly\nnode,1_234\n", "which is not a price"),
        ("r.toml", "[[rate]]\nkind = 'node'\nhourly = true\n", "`True`, which is not a price"),
        ("r.csv", "kind,hourly\npod,1\n", "kind is `pod`"),
        ("r.csv", "kind,hourly,cpu_hour\nnode,1,1\n", "exactly one of hourly or cpu_hour"),
        ("r.csv", "kind,hourly\nvolume,1\n", "exactly one of gib_month"),
        ("r.csv", "kind,hourly,valid_from\nnode,1,1.10.2026\n", "`1.10.2026`, which is no date"),
        ("r.csv", "kind,hourly,on_premises\nnode,1,maybe\n", "on_premises is `maybe`"),
        ("r.csv", "kind,hourly\n", "holds no rates"),
        ("r.toml", "[[rate", "is no TOML"),
        ("r.toml", "rates = 1", "holds no rates"),
        ("r.toml", "rate = 1", r"no \[\[rate\]\] tables"),
    ],
)
def test_what_is_not_understood_is_refused(
    name: str, text: str, message: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(DataError, match=message):
        read_rates(tmp_path / name)


@pytest.mark.parametrize("name", ["none.csv", "none.toml"])
def test_a_missing_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(AccessError, match="cannot be read"):
        read_rates(tmp_path / name)
    with pytest.raises(UsageError, match="no files"):
        PriceTable(PriceTableSettings())
