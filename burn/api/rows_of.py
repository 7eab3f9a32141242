"""Finds the rows of assets and pods that are listed once a day, or once an hour.

A window may hold many days, and what an asset or a pod is may change from one to the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

MICROSECONDS_PER_HOUR = 3_600_000_000
MICROSECONDS_PER_DAY = 24 * MICROSECONDS_PER_HOUR


@dataclass(frozen=True, slots=True)
class RowsOf:
    """Where each id stands at each time, as a table of row numbers; -1 where it is not listed.

    Attributes:
        ids: the distinct ids.
        first: the earliest time, in steps since 1970.
        step: length of a time, in microseconds.
        table: id × time → row.
    """

    ids: pd.Index[Any]
    first: int
    step: int
    table: NDArray[np.int32]

    @classmethod
    def of(
        cls, ids: pd.Series[str], times: pd.Series[Any], step: int = MICROSECONDS_PER_DAY
    ) -> RowsOf:
        """From the two columns that together name a row; of two that agree, the first counts.

        Args:
            ids: `asset_id` or `pod_uid`.
            times: `day`, or `hour` with a step of an hour.
            step: what a row is about, in microseconds.
        """
        import numpy as np
        import pandas as pd

        code, unique = coded(ids)
        at = steps(times, step)
        first, last = (int(at.min()), int(at.max())) if len(at) else (0, 0)
        table = np.full((len(unique) + 1, last - first + 2), -1, dtype=np.int32)
        rows = np.arange(len(code), dtype=np.int32)[::-1]
        table[code[::-1], (at - first)[::-1]] = rows
        return cls(pd.Index(unique), first, step, table)

    def find(self, ids: pd.Series[str], times: pd.Series[Any]) -> NDArray[np.int64]:
        """The row of each id at each time; -1 where there is none.

        Args:
            ids: of any frame.
            times: any instants, such as an hour of the day.
        """
        import numpy as np

        code, unique = coded(ids)
        own = np.append(self.ids.get_indexer(unique), -1)[code]
        at = steps(times, self.step) - self.first
        width = self.table.shape[1] - 1
        at[(at < 0) | (at >= width)] = width  # the last column and row answer for what is unknown
        return np.asarray(self.table[own, at], dtype=np.int64)


def steps(times: pd.Series[Any], step: int = MICROSECONDS_PER_DAY) -> NDArray[np.int64]:
    """Whole steps since 1970 of each instant; the times are as `Schema.validate` leaves them."""
    import numpy as np

    return np.asarray(times.astype("int64").to_numpy() // step, dtype=np.int64)


def coded(values: pd.Series[Any]) -> tuple[NDArray[np.integer[Any]], pd.Index[Any]]:
    """Each value as the number of a distinct one; categories are not looked at again."""
    import numpy as np
    import pandas as pd

    if isinstance(values.dtype, pd.CategoricalDtype):
        return values.cat.codes.to_numpy(), pd.Index(values.cat.categories)
    code, unique = pd.factorize(values)
    return np.asarray(code), pd.Index(unique)
