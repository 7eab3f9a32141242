"""Rules of a price table: read from CSV or TOML, each checked and named by where it stands.

    kind           node, volume or load_balancer
    match          a pattern with * for the instance type, storage class, name or provider id
    region         a region; empty: any
    on_premises    true: only nodes that are not the provider's
    hourly         price of one hour (node, load_balancer)
    cpu_hour, memory_hour, gpu_hour   price of a core, GiB and device for an hour (node)
    gib_month      price of a GiB for a month (volume)
    currency       empty: the bill's
    valid_from     the first day, in UTC, on which it holds; empty: from the start
    valid_until    the first day on which it does not hold any more; empty: for good

In TOML: [[rate]] tables with these keys.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from burn.api import AccessError, DataError
from burn.api.tables import closest, read_table

_NUMBERS = ("hourly", "cpu_hour", "memory_hour", "gpu_hour", "gib_month")
_DAYS = ("valid_from", "valid_until")
_KEYS = ("kind", "match", "region", "on_premises", *_NUMBERS, "currency", *_DAYS)
_NEEDS = {"volume": ("gib_month",), "load_balancer": ("hourly",), "node": ("hourly", "cpu_hour")}
_YES, _NO = ("true", "1", "yes"), ("", "false", "0", "no")


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
    currency: str = ""
    valid_from: datetime | None = None
    valid_until: datetime | None = None


def read_rates(path: Path) -> list[Rate]:
    """The rules of a file, in its order.

    Raises:
        AccessError: it cannot be read.
        DataError: a rule is not understood; names the rule.
    """
    rules = _from_toml(path) if path.suffix.lower() == ".toml" else _from_table(path)
    if not rules:
        raise DataError(
            f"price table {path} holds no rates", hint="CSV rows, or [[rate]] tables in TOML"
        )
    return [_rate(where, rule) for where, rule in rules]


def _from_toml(path: Path) -> list[tuple[str, dict[str, Any]]]:
    try:
        rules = tomllib.loads(path.read_text("utf-8")).get("rate", [])
    except OSError as error:
        raise AccessError(f"price table {path} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"price table {path} is no TOML: {error}") from error
    if not isinstance(rules, list) or not all(isinstance(one, dict) for one in rules):
        raise DataError(f"price table {path} has no [[rate]] tables")
    return [(f"{path.name}, rate {number}", rule) for number, rule in enumerate(rules, 1)]


def _from_table(path: Path) -> list[tuple[str, dict[str, Any]]]:
    rows = read_table(path)
    return [
        (f"{path.name}, row {number}", {str(key): value for key, value in row.items() if value})
        for number, row in zip(rows.index, rows.to_dict("records"), strict=True)
    ]


def _rate(where: str, rule: dict[str, Any]) -> Rate:
    odd = [key for key in rule if key not in _KEYS]
    if odd:
        hint = closest(odd[0], _KEYS) or f"keys are {', '.join(_KEYS)}"
        raise DataError(f"{where}: unknown key `{odd[0]}`", hint=hint)
    values = dict(rule)
    for key in _NUMBERS:
        if key in values:
            values[key] = _number(where, key, values[key])
    for key in _DAYS:
        if key in values:
            values[key] = _day(where, key, values[key])
    elsewhere = str(values.get("on_premises", "")).lower()
    if elsewhere not in (*_YES, *_NO):
        raise DataError(f"{where}: on_premises is `{elsewhere}`", hint="use true or false")
    values["on_premises"] = elsewhere in _YES
    needs = _NEEDS.get(str(values.get("kind", "")))
    if needs is None:
        raise DataError(
            f"{where}: kind is `{values.get('kind', '')}`", hint=f"use {', '.join(_NEEDS)}"
        )
    if sum(key in values for key in needs) != 1:
        raise DataError(f"{where}: needs exactly one of {' or '.join(needs)}")
    return Rate(**values)


def _number(where: str, key: str, value: Any) -> float:
    # Python takes `1_234` and True for numbers, too.
    plain = isinstance(value, (int, float, str)) and not isinstance(value, bool)
    try:
        number = float(value) if plain and "_" not in str(value) else -1.0
    except ValueError:
        number = -1.0
    if not 0 <= number < float("inf"):
        raise DataError(
            f"{where}: `{key}` is `{value}`, which is not a price",
            hint="write it with a decimal point and without thousands' signs, e.g. 1234.5",
        )
    return number


def _day(where: str, key: str, value: Any) -> datetime:
    if isinstance(value, date) and not isinstance(value, datetime):  # as TOML has it
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    try:
        return datetime.strptime(str(value), "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise DataError(
            f"{where}: `{key}` is `{value}`, which is no date", hint="write it as 2026-10-31"
        ) from None
