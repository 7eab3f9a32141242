"""Owners: names who answers for each row, from labels and namespaces. Moves no cost."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from burn.api import AllocationFrame, ApplyRequest, UsageError
from burn.builtin.policies.settings import NAMESPACE, OwnersSettings

if TYPE_CHECKING:
    import pandas as pd


class OwnersPolicy:
    """Sets `owner` on every row that some namespace carries; what nobody carries keeps none."""

    def __init__(self, settings: OwnersSettings) -> None:
        if not settings.keys:
            raise UsageError(
                "policy `owners` has no keys", hint='set keys in [policy.owners], e.g. ["team"]'
            )
        self._settings = settings

    def apply(self, request: ApplyRequest) -> AllocationFrame:
        """The first key that names an owner wins."""
        allocation = request.allocation
        who = allocation[["namespace", "labels"]].astype("category")
        pairs = who.groupby(["namespace", "labels"], observed=True, sort=False).ngroup()
        owners = who[~pairs.duplicated()].astype("str")
        names = self._owners(owners).astype("category")
        # Every row points at its pair's owner: text is looked at once per pair, not per row.
        return AllocationFrame(allocation.assign(owner=names.array[pairs.to_numpy()]))

    def _owners(self, pairs: pd.DataFrame) -> pd.Series[str]:
        import pandas as pd

        labels = pd.DataFrame([json.loads(text) for text in pairs["labels"]], index=pairs.index)
        found = pd.Series("", index=pairs.index)
        for key in self._settings.keys:
            if key == NAMESPACE:
                table = self._settings.namespaces
                names = pairs["namespace"].map(table) if table else pairs["namespace"]
            elif key in labels:
                names = labels[key]
            else:
                continue
            found = found.where(found != "", names.fillna("").astype("str"))
        found = found.where(found != "", self._settings.unowned)
        return found.where(pairs["namespace"] != "", "")
