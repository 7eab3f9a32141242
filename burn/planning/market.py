"""Other types of machines for a pool's nodes: how much of one pods get, and what an hour of it costs.

A type that is on this bill costs what it was paid. Of any other, the price list says how it compares
with the pool's own type, and the bill what that was paid: lists of another region or day are no
prices of this account.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Any

from burn.api import Machine
from burn.planning.families import family

if TYPE_CHECKING:
    import pandas as pd

LINUX = ("linux", "")
SYSTEMS = (*LINUX, "windows")
"""Systems of nodes that other types are judged for."""
SIZES = (0.5, 2.0)
"""Cores of another type, as a part of the pool's own: none that is smaller or larger is judged."""
_LISTED = tuple(one.name for one in fields(Machine))


@dataclass(frozen=True, slots=True)
class Market:
    """What there is to have.

    Attributes:
        listed: a row a `Machine`, and `family`; none where the provider lists none.
        sizes: of the types that were seen, by machine: cpu, memory (allocatable), slots; the least.
        rates: what a core-hour was paid, by family and capacity_type.
    """

    listed: pd.DataFrame
    sizes: pd.DataFrame
    rates: pd.Series[float]
    _known: dict[tuple[str, str, str], list[dict[Any, Any]]] = field(default_factory=dict)

    @classmethod
    def of(cls, nodes: pd.DataFrame, rates: pd.DataFrame, machines: Sequence[Machine]) -> Market:
        """From the window's nodes, what their families were paid, and what the provider lists."""
        import pandas as pd

        listed = pd.DataFrame([asdict(one) for one in machines], columns=list(_LISTED))
        by = nodes[nodes["gpu"] == 0].groupby("machine")
        return cls(
            listed.assign(family=listed["name"].map(family)),
            by.agg(cpu=("cpu", "min"), memory=("memory", "min"), slots=("pod_slots", "min")),
            rates.set_index(["family", "capacity_type"])["rate"],
        )

    def offers(self, machine: str, capacity_type: str, system: str) -> list[dict[Any, Any]]:
        """Types that may stand in for a type, with the same architecture, system and way of buying.

        Returns:
            Of each: machine, family, cores, `cpu` and `memory` as a pool may fill them, `slots` (null: not
            known), `hourly`, `how` (where that is from). None where the type is not listed.
        """
        key = (machine, capacity_type, system)
        if key not in self._known:
            self._known[key] = self._offers(*key).to_dict("records")
        return self._known[key]

    def _offers(self, machine: str, capacity_type: str, system: str) -> pd.DataFrame:
        import numpy as np

        listed = self._on(system)
        own = listed[listed["name"] == machine]
        if own.empty or machine not in self.sizes.index:
            return listed.iloc[:0]
        one, seen = own.iloc[0], self.sizes.loc[machine]
        low, high = (one["cores"] * part for part in SIZES)
        rows = listed[
            (listed["arch"] == one["arch"])
            & (listed["like"] == one["like"])
            & (listed["generation"] >= one["generation"])
            & listed["cores"].between(low, high)
            & (listed["name"] != machine)
        ]
        out = self._priced(rows, one, capacity_type)
        known = self.sizes.reindex(out["name"]).set_axis(out.index)
        out["slots"] = known["slots"]
        for name, whole in (("cpu", "cores"), ("memory", "gib")):
            kept = max(0.0, one[whole] - seen[name])  # by the system and the kubelet
            left = out[whole] - np.maximum(kept, kept * out[whole] / one[whole])
            out[name] = known[name].fillna(left)
        return out.rename(columns={"name": "machine"})

    def _on(self, system: str) -> pd.DataFrame:
        """What is listed, at its price with a system, and in that system's families."""
        if system in LINUX:
            return self.listed
        with_it = self.listed.assign(
            hourly=self.listed["hourly"] + self.listed["windows"],
            family=self.listed["family"] + f", {system}",
        )
        return with_it[with_it["hourly"].notna()]

    def _priced(self, rows: pd.DataFrame, one: pd.Series[Any], capacity_type: str) -> pd.DataFrame:
        """The rows that have a price: as paid, else as the list compares them with what was paid."""
        import numpy as np

        listed = rows["hourly"]
        paid = self._paid(rows["family"], capacity_type)
        anchor = self.rates.get((one["family"], capacity_type), float("nan")) * one["cores"]
        same = (rows["source"] == one["source"]) & (capacity_type != "spot")
        ratio = (listed / one["hourly"]).where(same)
        by_list = [
            f"{abs(part - 1):.0%} {'below' if part < 1 else 'above'} {one['name']} in {source}, at what"
            f" that was paid"
            for part, source in zip(ratio, rows["source"], strict=True)
        ]
        how = np.where(paid.notna(), "as " + rows["family"] + " was paid on this bill", by_list)
        out = rows.assign(hourly=(paid * rows["cores"]).fillna(ratio * anchor), how=how)
        return out[out["hourly"].notna()]

    def _paid(self, families: pd.Series[str], capacity_type: str) -> pd.Series[float]:
        """What a core-hour of each family was paid; NaN where the bill does not say."""
        import pandas as pd

        keys = pd.MultiIndex.from_product([families, [capacity_type]])
        return pd.Series(self.rates.reindex(keys).to_numpy("float64"), index=families.index)
