"""Dimensions: takes team, cost centre, product, … from the pods' labels. Moves no cost."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from burn.api import AllocationFrame, ApplyRequest, UsageError, dimensions
from burn.builtin.policies.settings import DimensionsSettings

if TYPE_CHECKING:
    import pandas as pd


class DimensionsPolicy:
    """Adds to a row's dimensions what its labels say; what is named already stays."""

    def __init__(self, settings: DimensionsSettings) -> None:
        if not settings.labels:
            raise UsageError(
                "policy `dimensions` has no labels",
                hint='set [policy.dimensions.labels], e.g. cost_centre = "example.com/cost-centre"',
            )
        for name in settings.labels:
            if why := dimensions.problem(name):
                raise UsageError(f"policy.dimensions.labels: {why}")
        self._labels = settings.labels

    def apply(self, request: ApplyRequest) -> AllocationFrame:
        """Text is looked at once for each pair of labels and dimensions, not once a row."""
        import pandas as pd

        allocation = request.allocation
        pairs = allocation[["labels", "dimensions"]].astype("category")
        number = pairs.groupby(["labels", "dimensions"], observed=True, sort=False).ngroup()
        texts = self._texts(pairs[~number.duplicated()].astype("str"))
        made = pd.Categorical(texts, categories=sorted(set(texts))).take(number.to_numpy())
        return AllocationFrame(allocation.assign(dimensions=made))

    def _texts(self, pairs: pd.DataFrame) -> list[str]:
        out = []
        for labels, had in pairs.itertuples(index=False, name=None):
            held = json.loads(labels or dimensions.NONE)
            said = {name: held.get(key, "") for name, key in self._labels.items()}
            out.append(dimensions.text({**said, **json.loads(had or dimensions.NONE)}))
        return out
