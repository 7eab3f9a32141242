"""Puts frames under each other and keeps their text columns as categories.

`pd.concat` turns categories that differ into plain strings, which for a day of a large cluster
is ten times the memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def stack(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """One frame of all rows, in order; text columns that are categorical anywhere stay so.

    Args:
        frames: at least one; all with the columns of the first.
    """
    import pandas as pd
    from pandas.api.types import union_categoricals

    columns: dict[str, object] = {}
    for name in frames[0].columns:
        parts = [frame[name] for frame in frames]
        if any(isinstance(part.dtype, pd.CategoricalDtype) for part in parts):
            columns[name] = union_categoricals([_categories(part) for part in parts])
        else:
            columns[name] = pd.concat(parts, ignore_index=True)
    return pd.DataFrame(columns)


def _categories(values: pd.Series[Any]) -> pd.Categorical[Any]:
    import pandas as pd

    if not isinstance(values.dtype, pd.CategoricalDtype):
        return pd.Categorical(values.astype("str"))
    text = values.cat.categories.astype("str")
    return pd.Categorical.from_codes(values.cat.codes.to_numpy(), text)
