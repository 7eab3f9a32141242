"""Unit prices with their source, filled in from the best source down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Rates:
    """A frame over the unpriced rows' index.

    Columns: price per unit (NaN: none), source, currency, and the weights of a core-hour, a
    GiB-hour and a GPU-hour (NaN: core's defaults).
    """

    frame: pd.DataFrame

    @classmethod
    def of(
        cls,
        index: pd.Index[Any],
        price: pd.Series[float] | float,
        source: str,
        *,
        currency: str = "USD",
        cpu: pd.Series[float] | float = float("nan"),
        memory: pd.Series[float] | float = float("nan"),
        gpu: pd.Series[float] | float = float("nan"),
    ) -> Rates:
        """Rates of one source; weights only where there is a price."""
        import pandas as pd

        frame = pd.DataFrame(
            {
                "price": price,
                "source": source,
                "currency": currency,
                "cpu": cpu,
                "memory": memory,
                "gpu": gpu,
            },
            index=index,
        )
        numbers = ["price", "cpu", "memory", "gpu"]
        frame[numbers] = frame[numbers].astype("float64")
        return cls(frame)

    @classmethod
    def concat(cls, parts: Sequence[Rates]) -> Rates:
        """Rates of disjoint rows, put together."""
        import pandas as pd

        return cls(pd.concat([part.frame for part in parts]))

    def reindex(self, index: pd.Index[Any]) -> Rates:
        """The same for another index; rows without a rate get none."""
        return Rates(self.frame.reindex(index))

    def missing(self) -> pd.Series[bool]:
        """Rows without a price."""
        return self.frame["price"].isna()

    def then(self, other: Rates) -> Rates:
        """These rates, and the other's where there is none."""
        keep = self.frame["price"].notna()
        return Rates(self.frame.where(keep, other.frame))
