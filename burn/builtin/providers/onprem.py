"""One's own machines as a provider: prices from the settings, and no bill."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NoReturn

from burn.api import (
    Bill,
    BillPeriod,
    BillRequest,
    Check,
    CheckRequest,
    IdentifyRequest,
    IdentityFrame,
    LinesRequest,
    PeriodRequest,
    PriceFrame,
    PriceRequest,
    UsageError,
    schemas,
)
from burn.builtin.providers.rates import matched, price_frame
from burn.builtin.providers.settings import OnpremSettings

if TYPE_CHECKING:
    import pandas as pd


class OnpremProvider:
    """Implements `burn.api.BillingProvider` without a bill."""

    def __init__(self, settings: OnpremSettings) -> None:
        self._settings = settings

    def check(self, request: CheckRequest) -> Iterable[Check]:  # noqa: ARG002
        """Whether there is anything to price with."""
        pools = self._settings.pools
        yield Check(
            name="pools",
            ok=bool(pools),
            detail=", ".join(pools) or "none",
            hint=""
            if pools
            else "write [provider.onprem.pools.NAME] with cpu_hour and memory_hour",
        )

    def identify(self, request: IdentifyRequest) -> IdentityFrame:
        """The nodes that a pool names; what no other provider knows comes besides."""
        import pandas as pd

        inventory = request.inventory
        nodes = inventory[inventory["kind"] == "node"]
        pools = {name: pool for name, pool in self._settings.pools.items() if pool.selects}
        ids = nodes.loc[matched(nodes, pools) != "", "asset_id"].astype("str").unique()
        frame = pd.DataFrame({"asset_id": ids, "resource_key": ids, "method": "name"}, dtype="str")
        return schemas.IDENTITY.validate(frame, author="burn")

    def price(self, request: PriceRequest) -> PriceFrame:
        """By pool, storage class and kind.

        Raises:
            DataError: a node is in no pool or in two, or a class has no price.
        """
        return price_frame(request.inventory, self._settings, request.priced)

    def period(self, request: PeriodRequest) -> BillPeriod:  # noqa: ARG002
        """There is none."""
        self._no_bill()

    def bill(self, request: BillRequest) -> Bill:  # noqa: ARG002
        """There is none."""
        self._no_bill()

    def lines(self, request: LinesRequest) -> pd.DataFrame:  # noqa: ARG002
        """There are none."""
        self._no_bill()

    def _no_bill(self) -> NoReturn:
        raise UsageError(
            "provider `onprem` has no bill",
            hint="`burn analyze --provider onprem` reports what its prices come to",
        )
