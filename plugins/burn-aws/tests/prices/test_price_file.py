"""Own rates from CSV and TOML."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from burn.api import DataError, UsageError
from burn_aws.prices.price_file import apply, read_rates
from burn_aws.prices.wanted import wanted
from tests.servers.aws_inventory import balancer, inventory, node, volume

CSV = """kind,match,region,on_premises,hourly,cpu_hour,memory_hour,gib_month,currency
node,m5.*,us-east-1,,0.08,,,,
node,*,,true,,0.02,0.003,,
volume,gp3*,,,,,,0.06,
load_balancer,*,,,0.02,,,,
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
[[rate]]
kind = "volume"
match = "gp3*"
gib_month = 0.06
[[rate]]
kind = "load_balancer"
hourly = 0.02
"""
ASSETS: list[dict[str, Any]] = [
    node("aws:///us-east-1a/i-1"),
    node("aws:///eu-west-1a/i-2", region="eu-west-1"),
    node("", name="rack", instance_type=""),
    volume("vol-1", "gp3-fast"),
    volume("vol-2", "io2"),
    balancer("10.0.0.1"),
]


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(("name", "text"), [("rates.csv", CSV), ("rates.toml", TOML)])
def test_the_first_fitting_rate_is_used(name: str, text: str, tmp_path: Path) -> None:
    asked = wanted(inventory(*ASSETS))
    found = apply(asked, read_rates(write(tmp_path, name, text))).frame["price"].tolist()
    assert found[0] == 0.08
    assert found[1] != found[1], "another region"
    assert found[2] == pytest.approx(2 * 0.02 + 8 * 0.003)
    assert found[3] == pytest.approx(0.06 / 744)
    assert found[4] != found[4]
    assert found[5] == 0.02


def test_order_decides(tmp_path: Path) -> None:
    text = "kind,match,hourly\nnode,m5.large,0.5\nnode,*,0.1\n"
    rules = read_rates(write(tmp_path, "r.csv", text))
    assert apply(wanted(inventory(ASSETS[0])), rules).frame["price"].tolist() == [0.5]
    assert apply(wanted(inventory(ASSETS[0])), rules[::-1]).frame["price"].tolist() == [0.1]


def test_a_fargate_hour_is_spread_over_its_vcpus(tmp_path: Path) -> None:
    rules = read_rates(write(tmp_path, "r.csv", "kind,cpu_hour,memory_hour\nnode,0.04,0.004\n"))
    pod = node("aws:///z/h/fargate-ip-1", "", cpu_cores=0.5, memory_gib=1.0)
    asked = wanted(inventory(pod))
    assert apply(asked, rules).frame["price"].tolist() == pytest.approx([0.04 + 0.004 * 2])


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("r.csv", "kind,match,price\nnode,*,1\n", "unknown key `price`"),
        ("r.csv", "kind,hourly\nnode,cheap\n", "not a price"),
        ("r.csv", "kind,hourly\nnode,-1\n", "not a price"),
        ("r.csv", "kind,hourly\nnode,inf\n", "not a price"),
        ("r.csv", "kind,hourly\npod,1\n", "kind is `pod`"),
        ("r.csv", "kind,hourly,cpu_hour\nnode,1,1\n", "exactly one of hourly or cpu_hour"),
        ("r.csv", "kind,hourly\nvolume,1\n", "exactly one of gib_month"),
        ("r.csv", "kind,hourly\n", "holds no rates"),
        ("r.toml", "[[rate", "cannot be read"),
        ("r.toml", "rates = 1", "holds no rates"),
    ],
)
def test_what_is_not_understood_is_refused(
    name: str, text: str, message: str, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match=message):
        read_rates(write(tmp_path, name, text))


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        read_rates(tmp_path / "none.csv")
