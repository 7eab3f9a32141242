"""One name per frame, so that signatures say which frame they take. Only `validate` mints them.

At run time they are plain DataFrames; pandas is not imported here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NewType

if TYPE_CHECKING:
    import pandas as pd

InventoryFrame = NewType("InventoryFrame", "pd.DataFrame")
PresenceFrame = NewType("PresenceFrame", "pd.DataFrame")
PodsFrame = NewType("PodsFrame", "pd.DataFrame")
UsageFrame = NewType("UsageFrame", "pd.DataFrame")
MountsFrame = NewType("MountsFrame", "pd.DataFrame")
ContainersFrame = NewType("ContainersFrame", "pd.DataFrame")
WorkloadsFrame = NewType("WorkloadsFrame", "pd.DataFrame")
SizesFrame = NewType("SizesFrame", "pd.DataFrame")
PlanFrame = NewType("PlanFrame", "pd.DataFrame")
SpotFrame = NewType("SpotFrame", "pd.DataFrame")
CommitmentTermsFrame = NewType("CommitmentTermsFrame", "pd.DataFrame")
CommitmentsFrame = NewType("CommitmentsFrame", "pd.DataFrame")
OffersFrame = NewType("OffersFrame", "pd.DataFrame")
ListedFrame = NewType("ListedFrame", "pd.DataFrame")
IdentityFrame = NewType("IdentityFrame", "pd.DataFrame")
PriceFrame = NewType("PriceFrame", "pd.DataFrame")
BillFrame = NewType("BillFrame", "pd.DataFrame")
LedgerFrame = NewType("LedgerFrame", "pd.DataFrame")
UseFrame = NewType("UseFrame", "pd.DataFrame")
DimensionsFrame = NewType("DimensionsFrame", "pd.DataFrame")
AssetsFrame = NewType("AssetsFrame", "pd.DataFrame")
AllocationFrame = NewType("AllocationFrame", "pd.DataFrame")
