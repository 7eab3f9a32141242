"""Every charge of a world, as a star: `dims` say what it is, `facts` when and how much.

A charge is an economic event, not a bill line: a bill writer may print one charge as two lines
(covered usage and its negation) or print its discount elsewhere. Amounts are units of 1e-10.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.lab.money import scale, units
from tests.lab.things import Discounts, Tags

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


@dataclass(frozen=True)
class Dim:
    """What a charge is."""

    resource: str
    cost_class: str
    inside: bool
    code: str
    service: str
    usage_type: str
    unit: str
    rate: int
    """Public on-demand rate, in money units per 1 of `unit`."""
    kind: str = "usage"
    """usage, spot, plan, reservation, plan_fee, reservation_fee, upfront, or a monthly line."""
    family: str = ""
    operation: str = ""
    description: str = ""
    instance_type: str = ""
    disk: str = ""
    zone: str = ""
    commitment: str = ""
    payment: str = ""
    asset: str = ""
    entity: str = "AWS"
    account: str = ""
    """Empty: the cluster's own account."""
    tags: Tags = ()


FACTS = (
    "dim",
    "hour",  # from the world's start; negative for lines that began before it
    "length",  # hours
    "quantity",
    "list",  # at public on-demand rates
    "gross",  # what the invoice says before discounts (public rate of its pricing model, in cash)
    "edp",  # negotiated discounts, negative
    "private",
    "public",  # what it costs amortised, before negotiated discounts
    "effective",  # what it costs amortised, after them
    "billed",  # cash, after discounts
    "committed",  # plan fee: the hour's commitment; reservation fee: the period's amortised cost
    "used",  # the part of it that covered something
    "recurring",  # cash part of `committed`
)


class Book:
    """Collects charges."""

    def __init__(self, discounts: Discounts) -> None:
        self.discounts = discounts
        self.dims: list[Dim] = []
        self._blocks: list[pd.DataFrame] = []
        self._edp = units(discounts.edp)

    def add(self, dim: Dim, hour: np.ndarray, **columns: Any) -> None:
        """Add charges of one kind; missing columns are 0 (length: 1)."""
        import pandas as pd

        if len(hour) == 0:
            return
        self.dims.append(dim)
        block = dict.fromkeys(FACTS, 0) | {"length": 1} | columns
        block |= {"dim": len(self.dims) - 1, "hour": hour}
        self._blocks.append(pd.DataFrame(block)[list(FACTS)].astype("int64"))

    def used(
        self,
        dim: Dim,
        hour: np.ndarray,
        quantity: np.ndarray,
        *,
        rate: np.ndarray | int | None = None,
        private: int = 0,
    ) -> None:
        """Ordinary usage: billed as it is used, on demand or at a spot rate.

        Args:
            dim: what it is.
            hour: hours from the start.
            quantity: amounts in units.
            rate: what is charged if not the public rate (spot): an array or one rate.
            private: share taken off by a private rate, in units.
        """
        import numpy as np

        listed = scale(quantity, dim.rate)
        if rate is None:
            gross = listed
        else:
            rates = np.broadcast_to(np.asarray(rate, "int64"), quantity.shape)
            gross = np.zeros_like(listed)
            for each in np.unique(rates):
                gross[rates == each] = scale(quantity[rates == each], int(each))
        off = -scale(gross, private)
        edp = -scale(gross + off, self._edp)
        self.add(
            dim,
            hour,
            quantity=quantity,
            list=listed,
            gross=gross,
            private=off,
            edp=edp,
            public=gross,
            effective=gross + off + edp,
            billed=gross + off + edp,
        )

    def covered(
        self, dim: Dim, hour: np.ndarray, quantity: np.ndarray, public: np.ndarray
    ) -> np.ndarray:
        """Usage paid by a commitment: no cash now. Returns its effective cost."""
        effective = self.net(public)
        self.add(
            dim,
            hour,
            quantity=quantity,
            list=scale(quantity, dim.rate),
            public=public,
            effective=effective,
        )
        return effective

    def net(self, amounts: np.ndarray) -> np.ndarray:
        """Commitment cost after the negotiated discount, where it reaches commitments.

        Discounts that come as lines without net columns cannot be tied to what a plan covers,
        so a world of that style leaves commitments out of the agreement, as some do.
        """
        return amounts if self.discounts.style == "lines" else amounts - scale(amounts, self._edp)

    def frame(self) -> pd.DataFrame:
        """All facts."""
        import pandas as pd

        return pd.concat(self._blocks, ignore_index=True)
