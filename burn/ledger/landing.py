"""Ties bill rows to observed assets, and says where each row lands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api import BillFrame, DataError, IdentityFrame, InventoryFrame, schemas
from burn.ledger.shared_resources import with_assets

if TYPE_CHECKING:
    import pandas as pd


def land(
    rows: BillFrame, identities: IdentityFrame, inventory: InventoryFrame | None = None
) -> pd.DataFrame:
    """The bill rows with two more columns; every row has exactly one landing.

    Args:
        rows: bill rows.
        identities: see `burn.ledger.shared_resources` for a resource with several assets.
        inventory: the observed hours that a shared resource is split by.

    Adds:
        asset_id: the observed asset the row belongs to, else empty.
        landing: one of
            modelled — a charge that reports model, on an observed asset;
            unseen — such a charge on a cluster resource that was not observed;
            rate — a discount line of the cluster's (negotiated, sustained use, free tier);
            unmodelled — any other charge on the cluster;
            unused — commitment that nobody used, shared by rule;
            outside — not the cluster's;
            accounting — tax, credits, …: on the invoice, in nobody's usage.
    """
    import numpy as np

    out = with_assets(rows, identities, inventory)
    out["asset_id"] = out["asset_id"].fillna("").where(out["in_cluster"], "")
    kind, inside, known = out["x_cost_class"], out["in_cluster"], out["asset_id"] != ""
    conditions = [
        kind.isin(schemas.ACCOUNTING_CLASSES),
        kind == "unused_commitment",
        ~inside | (kind == "commitment_fee"),
        kind.isin(schemas.MODELLED_CLASSES) & known,
        kind.isin(schemas.MODELLED_CLASSES),
        kind.isin(schemas.RATE_CLASSES),
    ]
    choices = ["accounting", "unused", "outside", "modelled", "unseen", "rate"]
    out["landing"] = np.select(conditions, choices, default="unmodelled")
    return out


def require_nodes(
    landed: pd.DataFrame, identities: IdentityFrame, inventory: InventoryFrame
) -> None:
    """Stop when nodes are known to the provider and not one of them is on the bill.

    Raises:
        DataError: a ledger of nothing but `unbilled` and `outside` would be read as a result.
    """
    nodes = inventory.loc[inventory["kind"] == "node", "asset_id"].unique()
    known = identities[identities["asset_id"].isin(nodes)]
    if known.empty:
        raise DataError(
            f"the provider recognises none of the {len(nodes)} nodes",
            hint="is this the right --provider for the cluster? nodes need a spec.providerID",
        )
    if not known["asset_id"].isin(landed.loc[landed["landing"] == "modelled", "asset_id"]).any():
        keys = ", ".join(known["resource_key"].head(3))
        raise DataError(
            f"none of the {known['asset_id'].nunique()} nodes is on the bill (looked for {keys}, …)",
            hint="another account or month? an export without resource ids? see `burn doctor`",
        )
