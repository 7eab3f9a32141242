"""Your own rates from a CSV or TOML file: private prices, and nodes on premises.

A rule names a kind and a pattern; the first one that fits an asset is used.

    kind           node, volume or load_balancer
    match          a pattern with * for the instance type, the storage class or the name
    region         a region; empty: any
    on_premises    true: only nodes that are not AWS instances
    hourly         price of one hour (node, load_balancer)
    cpu_hour, memory_hour, gpu_hour   price of a core, GiB and device for an hour (node)
    gib_month      price of a GiB for a month (volume)
    currency       default USD

In TOML: [[rate]] tables with these keys.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from fnmatch import translate
from pathlib import Path
from typing import TYPE_CHECKING, Any

from burn.api import DataError, UsageError
from burn_aws.prices.rates import Rates

if TYPE_CHECKING:
    import pandas as pd

SOURCE = "price file"
_NUMBERS = ("hourly", "cpu_hour", "memory_hour", "gpu_hour", "gib_month")
_KEYS = ("kind", "match", "region", "on_premises", *_NUMBERS, "currency")
_NEEDS = {"volume": ("gib_month",), "load_balancer": ("hourly",), "node": ("hourly", "cpu_hour")}


@dataclass(frozen=True, slots=True)
class Rate:
    """One rule of the file."""

    kind: str
    match: str = "*"
    region: str = ""
    on_premises: bool = False
    hourly: float | None = None
    cpu_hour: float | None = None
    memory_hour: float | None = None
    gpu_hour: float | None = None
    gib_month: float | None = None
    currency: str = "USD"


def read_rates(path: Path) -> list[Rate]:
    """The rules of a file, in its order.

    Raises:
        UsageError: there is no such file.
        DataError: a rule is not understood; names the rule.
    """
    if not path.is_file():
        raise UsageError(f"price file {path} does not exist", hint="set provider.aws.price_file")
    try:
        if path.suffix.lower() == ".toml":
            rules = tomllib.loads(path.read_text("utf-8")).get("rate", [])
        else:
            rules = _from_csv(path)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValueError) as error:
        raise DataError(f"price file {path} cannot be read: {error}") from error
    if not rules:
        raise DataError(
            f"price file {path} holds no rates", hint="CSV rows, or [[rate]] tables in TOML"
        )
    return [_rate(path, number, rule) for number, rule in enumerate(rules, 1)]


def apply(wanted: pd.DataFrame, rules: list[Rate]) -> Rates:
    """The first fitting rule's rate for each wanted row."""
    rates = Rates.of(wanted.index, float("nan"), "")
    for rule in rules:
        rates = rates.then(_rates(wanted, rule))
    return rates


def _rates(wanted: pd.DataFrame, rule: Rate) -> Rates:
    pattern = translate(rule.match)
    fits = (wanted["kind"] == rule.kind) & (
        wanted["instance_type"].astype("str").str.match(pattern)
        | wanted["name"].astype("str").str.match(pattern)
    )
    if rule.region:
        fits &= wanted["region"] == rule.region
    if rule.on_premises:
        fits &= wanted["service"] == "on_premises"
    if rule.gib_month is not None:
        price = rule.gib_month / wanted["month_hours"]
        return Rates.of(wanted.index, price.where(fits), SOURCE, currency=rule.currency)
    parts = (rule.cpu_hour, rule.memory_hour, rule.gpu_hour)
    each = [0.0 if part is None else part for part in parts]
    capacity = (wanted["cpu_cores"], wanted["memory_gib"], wanted["gpu_count"])
    if rule.hourly is not None:
        price = wanted["hours"] * 0.0 + rule.hourly
    else:
        price = sum((c * rate for c, rate in zip(capacity, each, strict=True)), wanted["hours"] * 0)
    # A Fargate pod is measured in vCPU-hours; the price of its hour is spread over its vCPUs.
    price = price.where(wanted["service"] != "fargate", price / wanted["cpu_cores"])
    weights = (
        {} if rule.cpu_hour is None else dict(zip(("cpu", "memory", "gpu"), each, strict=True))
    )
    return Rates.of(wanted.index, price.where(fits), SOURCE, currency=rule.currency, **weights)


def _from_csv(path: Path) -> list[dict[str, Any]]:
    import pandas as pd

    frame = pd.read_csv(path, dtype="str", comment="#", skipinitialspace=True)
    rows = frame.to_dict("records")
    return [{str(k): v for k, v in row.items() if isinstance(v, str) and v} for row in rows]


def _rate(path: Path, number: int, rule: dict[str, Any]) -> Rate:
    where = f"price file {path}, rate {number}"
    odd = [key for key in rule if key not in _KEYS]
    if odd:
        raise DataError(f"{where}: unknown key `{odd[0]}`", hint=f"keys are {', '.join(_KEYS)}")
    values = dict(rule)
    try:
        for key in _NUMBERS:
            if key in values:
                values[key] = float(values[key])
                if not 0 <= values[key] < float("inf"):
                    raise ValueError(f"`{key}` is {values[key]}")
    except ValueError as error:
        raise DataError(f"{where}: not a price: {error}") from error
    values["on_premises"] = str(values.get("on_premises", "")).lower() in {"true", "1", "yes"}
    needs = _NEEDS.get(str(values.get("kind", "")))
    if needs is None:
        raise DataError(
            f"{where}: kind is `{values.get('kind', '')}`", hint=f"use {', '.join(_NEEDS)}"
        )
    if sum(key in values for key in needs) != 1:
        raise DataError(f"{where}: needs exactly one of {' or '.join(needs)}")
    return Rate(**values)
