"""Table: prices of your own, for any provider: negotiated rates, nodes on premises. First fit counts."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import translate
from pathlib import Path
from typing import TYPE_CHECKING, Any

from burn.api import Check, CheckRequest, PriceFrame, PriceRequest, UsageError, schemas
from burn.builtin.price_sources.rules import Rate, read_rates
from burn.builtin.price_sources.specs import PriceTableSettings

if TYPE_CHECKING:
    import pandas as pd

SOURCE = "price file"
_MATCHED = ("instance_type", "name", "provider_id")


class PriceTable:
    """See the module."""

    def __init__(self, settings: PriceTableSettings) -> None:
        if not settings.files:
            raise UsageError(
                "price source `table` has no files",
                hint='set [price_source.table] files = ["prices.csv"]',
            )
        self._files = [Path(name).expanduser() for name in settings.files]

    def check(self, request: CheckRequest) -> Iterable[Check]:  # noqa: ARG002
        """Whether every file can be read."""
        rates = sum(len(read_rates(path)) for path in self._files)
        yield Check(name="tables", ok=True, detail=f"{rates} rates in {len(self._files)} files")

    def price(self, request: PriceRequest) -> PriceFrame:
        """A row for each asset and day that some rule fits."""
        import pandas as pd

        wanted = request.inventory
        prices = pd.DataFrame(
            float("nan"),
            index=wanted.index,
            columns=["unit_price", "cpu_rate", "memory_rate", "gpu_rate"],
        ).assign(price_source="", currency="")
        for path in self._files:
            for rule in read_rates(path):
                fits = _fits(wanted, rule, request) & prices["unit_price"].isna()
                if fits.any():
                    label = f"{SOURCE} ({path.name})"
                    found = _priced(wanted[fits], rule, label, request.currency)
                    prices.loc[fits, found.columns] = found
        volume = wanted["kind"] == "volume"
        quantity = wanted["hours"].where(~volume, wanted["hours"] * wanted["storage_gib"])
        frame = prices.assign(
            asset_id=wanted["asset_id"].astype("str"),
            day=wanted["day"],
            quantity=quantity,
            unit=volume.map({True: "GiB-hours", False: "hours"}),
            list_cost=quantity * prices["unit_price"],
        )
        return schemas.PRICES.validate(frame[frame["unit_price"].notna()], author="burn")


def _fits(wanted: pd.DataFrame, rule: Rate, request: PriceRequest) -> pd.Series[bool]:
    fits = wanted["kind"] == rule.kind
    if rule.match != "*":
        pattern = translate(rule.match)
        named = [wanted[name].astype("str").str.match(pattern) for name in _MATCHED]
        fits &= named[0] | named[1] | named[2]
    if rule.region:
        fits &= wanted["region"] == rule.region
    if rule.on_premises:
        fits &= ~wanted["asset_id"].astype("str").isin(request.identified)
    if rule.valid_from:
        fits &= wanted["day"] >= rule.valid_from
    if rule.valid_until:
        fits &= wanted["day"] < rule.valid_until
    return fits


def _priced(wanted: pd.DataFrame, rule: Rate, label: str, currency: str) -> pd.DataFrame:
    """Unit price, its source and, where the rule has them, the weights of a node's parts."""
    import pandas as pd

    out = pd.DataFrame(index=wanted.index).assign(
        price_source=label, currency=rule.currency or currency
    )
    if rule.gib_month is not None:
        return out.assign(unit_price=rule.gib_month / (wanted["day"].dt.days_in_month * 24.0))
    if rule.hourly is not None:
        return out.assign(unit_price=rule.hourly)
    each: dict[str, Any] = {
        "cpu": rule.cpu_hour or 0.0,
        "memory": rule.memory_hour or 0.0,
        "gpu": rule.gpu_hour or 0.0,
    }
    size = {"cpu": "cpu_cores", "memory": "memory_gib", "gpu": "gpu_count"}
    price = sum((_size(wanted, part, size[part]) * rate for part, rate in each.items()), 0.0)
    return out.assign(unit_price=price, **{f"{part}_rate": rate for part, rate in each.items()})


def _size(wanted: pd.DataFrame, part: str, size: str) -> pd.Series[float]:
    """A node's capacity; of a serverless node, what its pod asks for, which is what it is billed by."""
    asked = wanted[f"{part}_requested"] / wanted["hours"].where(wanted["hours"] > 0)
    sole = (wanted["pod_uid"].astype("str") != "") & asked.notna()
    return wanted[size].where(~sole, asked)
