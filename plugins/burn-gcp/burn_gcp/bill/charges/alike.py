"""Outside the cluster, SKUs that burn treats alike are summed as one of them.

The engine learns which by a small table, so that the rules for SKUs stay in one place and one
language. Machines and commitments keep their SKU: rates are learned of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from burn_gcp.bill.charges.classes import described

if TYPE_CHECKING:
    import pandas as pd

OWN = ("node", "unused_commitment")
"""Classes whose SKUs are never summed as another."""


def alike(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Which SKU of its service stands for a SKU outside the cluster.

    Args:
        pairs: service and SKU, as they are on the bill.

    Returns:
        Columns service, sku, stands: only where that is not the empty text, which is of a kind
        of its own in each service (`other`, mostly).
    """
    import pandas as pd

    known = pd.DataFrame(sorted(set(pairs)), columns=["service", "sku"]).astype("str")
    empty = known[["service"]].drop_duplicates().assign(sku="")
    # The empty text sorts first: it stands for all that are treated as it is.
    kinds = described(pd.concat([empty, known]).drop_duplicates().reset_index(drop=True))
    kinds = kinds.sort_values(["service", "sku"], kind="stable", ignore_index=True)
    stands = kinds.groupby(_treated(kinds))["sku"].transform("first")
    stands = kinds["sku"].where(kinds["cost_class"].isin(OWN), stands)
    listed = kinds.assign(stands=stands)[(stands != "") & (kinds["sku"] != "")]
    return {name: listed[name].tolist() for name in ("service", "sku", "stands")}


def _treated(kinds: pd.DataFrame) -> list[pd.Series[str]]:
    return [kinds[name].astype("str") for name in ("service", "cost_class", "spot", "per_unit")]
