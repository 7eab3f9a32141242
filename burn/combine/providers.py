"""Several providers over one cluster: each asset is priced by exactly one of them.

A node of a cloud and a machine of one's own may be in one cluster. A provider has what it identifies;
one whose spec says `rest` also has what nobody identifies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from burn.api import (
    BillingProvider,
    DataError,
    IdentifyRequest,
    IdentityFrame,
    InventoryFrame,
    PriceFrame,
    PriceRequest,
    UsageError,
    schemas,
)
from burn.plugin.chosen import Chosen

if TYPE_CHECKING:
    import pandas as pd

NAMED = 3
"""Assets named in a message."""


def together(providers: Sequence[Chosen[BillingProvider]]) -> Chosen[BillingProvider]:
    """One provider that stands for all; one alone is returned as it is.

    Raises:
        UsageError: two of them want what nobody identifies, or bill nodes by their pods.
    """
    if len(providers) == 1:
        return providers[0]
    for what, takers in (
        ("take the assets that no other provider knows", [p for p in providers if p.rest]),
        ("bill nodes by their pods", [p for p in providers if p.pod_billing]),
    ):
        if len(takers) > 1:
            names = " and ".join(one.name for one in takers)
            raise UsageError(
                f"providers {names} both {what}", hint="give one of them for this cluster"
            )
    return Chosen(
        name="+".join(one.name for one in providers),
        author=", ".join(dict.fromkeys(one.author for one in providers)),
        made=cast("BillingProvider", Several(tuple(providers))),
        pod_billing=next((one.pod_billing for one in providers if one.pod_billing), None),
    )


class Several:
    """Identifies and prices as `burn.api.BillingProvider` does; it has no bill."""

    def __init__(self, providers: tuple[Chosen[BillingProvider], ...]) -> None:
        self._providers = providers

    def identify(self, request: IdentifyRequest) -> IdentityFrame:
        """What each one identifies.

        Raises:
            DataError: two of them identify one asset.
        """
        import pandas as pd

        found = [_identified(one, request.inventory) for one in self._providers]
        self._require_one_each(found)
        return schemas.IDENTITY.validate(pd.concat(found, ignore_index=True), author="burn")

    def price(self, request: PriceRequest) -> PriceFrame:
        """Each asset's price by the provider it belongs to.

        Raises:
            DataError: an asset belongs to two, or to none.
        """
        import pandas as pd

        parts = [
            schemas.PRICES.validate(one.made.price(_part(request, mine)), author=one.author)
            for one, mine in self._split(request.inventory)
            if mine.any()
        ]
        return PriceFrame(pd.concat(parts, ignore_index=True))

    def _split(
        self, inventory: InventoryFrame
    ) -> list[tuple[Chosen[BillingProvider], pd.Series[bool]]]:
        """Each provider, and which rows are its own."""
        found = [_identified(one, inventory) for one in self._providers]
        self._require_one_each(found)
        ids = inventory["asset_id"].astype("str")
        whose = [ids.isin(frame["asset_id"]) for frame in found]
        nobodys = ~sum(whose[1:], whose[0])
        taker = next((at for at, one in enumerate(self._providers) if one.rest), None)
        if taker is not None:
            whose[taker] |= nobodys
        elif nobodys.any():
            # Volumes and balancers that nobody identifies cost nothing, by the first one's rule.
            lost = sorted(ids[nobodys & (inventory["kind"] == "node")].unique())
            if lost:
                names = ", ".join(one.name for one in self._providers)
                raise DataError(
                    f"{_names(lost)}: no machine of any of the providers ({names})",
                    hint="add the provider that they are of; machines of your own: --provider onprem",
                )
            whose[0] |= nobodys
        return list(zip(self._providers, whose, strict=True))

    def _require_one_each(self, found: Sequence[pd.DataFrame]) -> None:
        import pandas as pd

        claims = pd.concat(
            [
                pd.DataFrame({"asset_id": frame["asset_id"].astype("str").unique(), "by": one.name})
                for one, frame in zip(self._providers, found, strict=True)
            ]
        )
        twice = claims[claims.duplicated("asset_id", keep=False)]
        if len(twice):
            ids = sorted(twice["asset_id"].unique())
            by = twice.loc[twice["asset_id"] == ids[0], "by"]
            raise DataError(
                f"{_names(ids)}: claimed by provider {' and by provider '.join(by)}",
                hint="an asset has one price: narrow what selects them in [provider.NAME]",
            )


def _part(request: PriceRequest, mine: pd.Series[bool]) -> PriceRequest:
    """The request about some of its rows."""
    priced = request.priced
    return replace(
        request,
        inventory=InventoryFrame(request.inventory[mine].reset_index(drop=True)),
        priced=None if priced is None else priced[mine].reset_index(drop=True),
    )


def _identified(one: Chosen[BillingProvider], inventory: InventoryFrame) -> IdentityFrame:
    return schemas.IDENTITY.validate(
        one.made.identify(IdentifyRequest(inventory=inventory)), author=one.author
    )


def _names(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - NAMED:,} more" if len(ids) > NAMED else ""
    return ", ".join(ids[:NAMED]) + more
