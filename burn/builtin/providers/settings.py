"""What `[provider.onprem]` in burn.toml may hold."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar

from burn.api import UsageError, setting

HOURS_A_YEAR = 8760
RATES = ("cpu_hour", "memory_hour", "gpu_hour")
FORMULA = ("purchase", "years", "resale", "support_year", "watts")
SELECTORS = ("labels", "nodes", "node_pool")


@dataclass(frozen=True, slots=True)
class Pool:
    """Machines that cost the same: which ones, and what an hour of one costs.

    One of three: rates of cores, GiB and GPUs; the price of an hour; or what a machine cost to buy
    and costs to run. `labels`, `nodes` (names) and `node_pool` must all fit; `*` stands for any text.
    """

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    labels: dict[str, str] = field(default_factory=dict)
    nodes: str = ""
    node_pool: str = ""
    cpu_hour: float | None = None
    memory_hour: float | None = None
    gpu_hour: float | None = None
    node_hour: float | None = None
    purchase: float | None = None
    years: float | None = None
    resale: float = 0.0
    support_year: float = 0.0
    watts: float = 0.0

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            if isinstance(value, float) and not (math.isfinite(value) and value >= 0):
                raise ValueError(f"{one.name} is {value:g}; it must be 0 or more")
        ways = [
            any(getattr(self, name) is not None for name in RATES),
            self.node_hour is not None,
            any(getattr(self, name) for name in FORMULA) or self.purchase is not None,
        ]
        if sum(ways) != 1:
            raise ValueError(
                "it needs one of: cpu_hour and memory_hour (and gpu_hour); node_hour; purchase and years"
            )
        if ways[0] and (self.cpu_hour is None or self.memory_hour is None):
            raise ValueError("cpu_hour and memory_hour go together; give 0 for what costs nothing")
        if ways[2] and (self.purchase is None or not self.years):
            raise ValueError("purchase and years (more than 0) go together")
        if self.purchase is not None and self.resale > self.purchase:
            raise ValueError(f"resale is {self.resale:g}, more than purchase {self.purchase:g}")

    @property
    def selects(self) -> bool:
        """Whether it names its machines; one pool may leave it out and takes all the others."""
        return any(getattr(self, name) for name in SELECTORS)

    def hour(self, power_price: float, pue: float) -> float | None:
        """What an hour of one machine costs; None: it depends on the machine's size.

        Args:
            power_price: of a kWh.
            pue: power of the whole room ÷ power of the machines.
        """
        if self.purchase is None:
            return self.node_hour
        assert self.years  # noqa: S101  see above
        bought = (self.purchase - self.resale) / (self.years * HOURS_A_YEAR)
        return bought + self.support_year / HOURS_A_YEAR + self.watts / 1000 * pue * power_price


@dataclass(frozen=True, slots=True)
class OnpremSettings:
    """Settings of one's own machines."""

    pools: dict[str, Pool] = setting(
        {},
        help="[provider.onprem.pools.NAME]: which nodes (labels, nodes, node_pool; * is any text; none:"
        " all others), and cpu_hour, memory_hour and gpu_hour per core, GiB and GPU; or node_hour; or"
        " purchase, years, resale, support_year and watts of one machine",
    )
    storage: dict[str, float] = setting(
        {},
        help="price of a TiB and month of 730 hours by storage class; * for all others, 0 where the"
        " machines have it",
    )
    balancer_hour: float = setting(0.0, help="price of a load balancer's hour")
    power_price: float = setting(0.0, help="price of a kWh, for pools with watts")
    pue: float = setting(1.0, help="power of the whole room ÷ power of the machines")
    currency: str = setting("USD", help="currency of these prices, as ISO 4217 has it")

    def __post_init__(self) -> None:
        prices = {f"storage[{name}]": price for name, price in self.storage.items()}
        prices |= {name: getattr(self, name) for name in ("balancer_hour", "power_price")}
        for name, price in prices.items():
            if not (math.isfinite(price) and price >= 0):
                raise UsageError(f"provider.onprem.{name} is {price:g}; it must be 0 or more")
        if not (math.isfinite(self.pue) and self.pue >= 1):
            raise UsageError(f"provider.onprem.pue is {self.pue:g}; it must be 1 or more")
        if len(self.currency) != 3 or not self.currency.isalpha() or not self.currency.isupper():
            raise UsageError(f"provider.onprem.currency is `{self.currency}`, not like USD or EUR")
        loose = [name for name, pool in self.pools.items() if not pool.selects]
        if len(loose) > 1:
            raise UsageError(
                f"provider.onprem.pools {' and '.join(loose)} name no nodes",
                hint="one may be for all others; give the rest labels, nodes or node_pool",
            )
        powered = [name for name, pool in self.pools.items() if pool.watts]
        if powered and not self.power_price:
            raise UsageError(
                f"provider.onprem.pools.{powered[0]} has watts, and power_price is not set",
                hint="set provider.onprem.power_price, the price of a kWh",
            )

    @property
    def label_keys(self) -> tuple[str, ...]:
        """Labels of nodes that pools are told by."""
        return tuple(dict.fromkeys(key for pool in self.pools.values() for key in pool.labels))
