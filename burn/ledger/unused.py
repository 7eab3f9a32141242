"""The cluster's part of commitments nobody used: by its part of what each one covered."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def cluster_share(landed: pd.DataFrame) -> pd.DataFrame:
    """Rows of unused commitment with their amount cut in two.

    The rule: of a commitment's unused cost, the cluster carries the part that its covered
    usage (at effective cost) has in all usage the same commitment covered in the window.
    A commitment that covered nothing is nobody's: it stays outside.

    Adds:
        inside, outside: the two parts of `effective_cost`.
    """
    unused = landed[landed["landing"] == "unused"]
    covered = landed[
        (landed["pricing_category"] == "Committed")
        & (landed["commitment_discount_id"] != "")
        & ~landed["landing"].isin(["unused", "accounting"])
    ]
    everyone = covered.groupby("commitment_discount_id")["effective_cost"].sum()
    cluster = (
        covered[covered["in_cluster"]].groupby("commitment_discount_id")["effective_cost"].sum()
    )
    share = (cluster / everyone.where(everyone > 0)).fillna(0.0)
    part = unused["commitment_discount_id"].map(share).astype("float64").fillna(0.0)
    inside = unused["effective_cost"] * part
    return unused.assign(
        inside=inside,
        outside=unused["effective_cost"] - inside,
        match_method="rule: share of what the commitment covered",
    )
