"""What a provider reads of a bill: its charges in scope, and the time it covers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from burn.api.counted import ControlTotal

if TYPE_CHECKING:
    import pandas as pd

    from burn.api.frames import BillFrame, CommitmentTermsFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """A bill in scope, aggregated inside the engine.

    Attributes:
        rows: day × resource × charge class (see schema `bill`).
        control: the independent total.
        final_until: rows before this instant can no longer change; None when nothing is final.
        origin: what was read, for the reader to trace (files, table, version of the month).
        notes: sentences a reader must see.
        bytes_scanned: what the engine read, if it says.
        namespace_split: the provider's own split by namespace, columns namespace and cost,
            in the bill's currency; None when the bill has none. Never part of a total.
        commitments: what the bill says of the commitments that its rows name, whoever in the
            account bought them; None when it says nothing.
    """

    rows: BillFrame
    control: ControlTotal
    final_until: datetime | None = None
    origin: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    bytes_scanned: int | None = None
    namespace_split: pd.DataFrame | None = None
    commitments: CommitmentTermsFrame | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BillPeriod:
    """Which time a bill covers: the default window ends at `complete_until`."""

    start: datetime
    complete_until: datetime
