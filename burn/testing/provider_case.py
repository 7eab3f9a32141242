"""What a billing provider is checked on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from burn.api import (
    Bill,
    BillingProvider,
    BillRequest,
    IdentifyRequest,
    InventoryFrame,
    Scope,
    Window,
    schemas,
)
from burn.testing.raw_files import Amount

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderCase:
    """A provider on recorded or generated data, and the cluster it is asked about.

    Attributes:
        provider: ready to use, no network unless the case starts a server.
        inventory: asset × day over the whole window, schema `inventory`.
        window: at least two days; the bill has charges on both halves.
        denied: makes the provider with credentials that are refused, or a file nobody may read.
        truncated: makes the provider on the same bill, cut off in the middle.
        files: the data files of the bill, if it reads files, wherever they were copied to.
        amount: what a row of them was billed: its column, or what works it out.
        amount_columns: those that `amount` looks at, where it is no column.
        again: makes the provider anew, on the folder that holds `files`; the kit puts a copy of one
            beside it for a moment.
        ledger: driver → amount, worked out by hand; for a bill of a few lines whose arithmetic a
            reader can follow.
    """

    provider: BillingProvider
    inventory: InventoryFrame
    window: Window
    scope: Scope = field(default_factory=Scope)
    denied: Callable[[], BillingProvider] | None = None
    truncated: Callable[[], BillingProvider] | None = None
    files: Sequence[Path] = ()
    amount: Amount = ""
    amount_columns: Sequence[str] = ()
    again: Callable[[], BillingProvider] | None = None
    ledger: Mapping[str, float] | None = None


def bill_of(case: ProviderCase, window: Window) -> Bill:
    """The bill of a window, for the case's own assets."""
    return case.provider.bill(
        BillRequest(
            scope=case.scope,
            window=window,
            identities=case.provider.identify(IdentifyRequest(inventory=case.inventory)),
        )
    )


def inventory_of(frame: pd.DataFrame) -> InventoryFrame:
    """Rows changed by a check, as a valid frame."""
    return schemas.INVENTORY.validate(frame, author="burn.testing")
