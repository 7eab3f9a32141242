"""Share: each asset's cost to the pods that held it, the rest to idle and system.

Who gets which part of an asset on a day does not depend on what it costs, so the parts are worked
out once and applied to each basis.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api import AllocationFrame, ApplyRequest, schemas
from burn.api.stack import stack
from burn.builtin.policies.balancers import balancer_parts
from burn.builtin.policies.nodes import Measure, node_parts
from burn.builtin.policies.parts import Seen, parts_frame
from burn.builtin.policies.volumes import volume_parts

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray


class SharePolicy:
    """Gives the unallocated cost of nodes, volumes and balancers to who held them."""

    def __init__(self, measure: Measure) -> None:
        self._measure = measure

    def apply(self, request: ApplyRequest) -> AllocationFrame:
        """Cut every `unallocated` row by its asset's parts; an asset nobody saw is idle."""
        import numpy as np

        allocation, observed = request.allocation, request.observed
        unallocated = allocation["kind"] == "unallocated"
        rows = allocation[unallocated]
        seen = Seen.of(observed)
        parts = node_parts(seen, observed.usage, self._measure)
        parts += volume_parts(seen, observed.usage, observed.mounts)
        parts += balancer_parts(seen)
        shares = parts_frame(seen, parts)
        shares = shares.assign(key=_keys(shares["asset"].to_numpy(), shares["resource"]))
        at = seen.assets.find(rows["asset_id"], rows["day"])
        kept = ["basis", "day", "cluster", "owner", "dimensions", "asset_id"]
        kept += ["resource", "cost"]
        cut = rows[kept].assign(row=np.arange(len(rows)), key=_keys(at, rows["resource"]))
        cut = cut[at >= 0].merge(shares.drop(columns=["asset", "resource"]), on="key")
        cut["cost"] *= cut["part"]
        held = np.zeros(len(rows), dtype=bool)
        held[cut["row"]] = True
        unseen, cut = rows[~held].assign(kind="idle"), cut[allocation.columns]
        return AllocationFrame(stack([allocation[~unallocated], cut, unseen]))


def _keys(asset: NDArray[np.int64], resource: pd.Series[str]) -> NDArray[np.int64]:
    """One number for an asset's resource: what is joined by it, is joined as integers."""
    import pandas as pd

    names = pd.Index(schemas.RESOURCES)
    words = resource.astype("category")
    code = names.get_indexer(words.cat.categories)[words.cat.codes]
    return asset * (1 + len(names)) + 1 + code  # 0 is for a resource that has no parts
