"""Stage price lists: what a plan asks the provider's lists for, beside what the bill teaches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import cast

from burn.api import (
    AccessError,
    BillingProvider,
    ContractError,
    DataError,
    ListedFrame,
    ListedRequest,
    PriceListProvider,
    SoldMachine,
    schemas,
)
from burn.plugin.chosen import Chosen


class PriceLists:
    """Asks a provider's lists, for each machine once; where they cannot be asked, it says so once.

    Args:
        provider: whose; one whose spec does not say `listed` is not asked.
        currency: the bill's.
        day: on which is asked.

    Attributes:
        unknown: sentences of what could not be asked. They are of the plan alone: no figure of the report rests on
            these lists.
    """

    def __init__(self, provider: Chosen[BillingProvider], currency: str, day: date) -> None:
        self._provider, self._currency, self._day = provider, currency, day
        self.unknown: list[str] = []
        self._known = set[SoldMachine]()
        self._rows: ListedFrame = schemas.LISTED.empty()
        self._open = provider.listed

    def __call__(self, machines: Sequence[SoldMachine]) -> ListedFrame:
        """All that is known so far, of these machines and those before."""
        new = [one for one in dict.fromkeys(machines) if one not in self._known]
        if self._open and new:
            self._known.update(new)
            self._ask(new)
        return self._rows

    def _ask(self, machines: Sequence[SoldMachine]) -> None:
        import pandas as pd

        made = cast("PriceListProvider", self._provider.made)
        request = ListedRequest(machines=machines, currency=self._currency, day=self._day)
        try:
            listed = made.listed(request)
        except (AccessError, DataError) as error:
            self._open = False
            remedy = f"; {error.hint}" if error.hint else ""
            self.unknown.append(
                f"What commitments and spot cost by the price list is not known: {error.message}{remedy}"
            )
            return
        rows = schemas.LISTED.validate(listed.rows, author=self._provider.author)
        if not (rows[["rate", "on_demand"]] > 0).all(axis=None):
            raise ContractError(
                f"{self._provider.author} lists a machine at a rate that is not above 0",
                hint="its author finds the frame in docs/reference/frames.md#listed",
            )
        self._rows = schemas.LISTED.validate(
            pd.concat([self._rows, rows], ignore_index=True), author=self._provider.author
        )
        self.unknown += [note for note in listed.notes if note not in self.unknown]
