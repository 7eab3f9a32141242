"""Series as a matrix: one row per series, one column per hour, NaN where there is no sample.

All joins are made on rows (thousands), never on row × hour (millions).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Grid:
    """`labels`: one text column per label, `""` where a series lacks it. `values`: series × hour."""

    labels: pd.DataFrame
    values: Matrix

    def keep(self, rows: Any) -> Grid:
        """The rows under a boolean mask."""
        import numpy as np

        mask = np.asarray(rows, dtype=bool)
        return Grid(rows_where(self.labels, mask), self.values[mask])


def stacked(grids: list[Grid]) -> Grid:
    """Grids of the same labels and hours, one under the other."""
    import numpy as np
    import pandas as pd

    labels = pd.concat([grid.labels for grid in grids], ignore_index=True)
    return Grid(labels, np.concatenate([grid.values for grid in grids]))


def rows_where(frame: pd.DataFrame, mask: Any) -> pd.DataFrame:
    """Rows under a boolean mask, numbered anew."""
    import numpy as np

    return frame.take(np.flatnonzero(np.asarray(mask, dtype=bool))).reset_index(drop=True)


def text(values: pd.Series[Any]) -> pd.Series[str]:
    """Looked-up text, `""` where nothing was found."""
    found = values.astype("object")
    return found.where(found.notna(), "").astype("str")


def by(codes: Any, values: Matrix, size: int, how: Literal["sum", "max"]) -> Matrix:
    """Aggregate rows that share a code; NaN where no row had a value.

    Args:
        codes: row → 0 … size-1; negative rows are left out.
        values: row × hour.
        size: rows of the result.
        how: what to do with several values.
    """
    import numpy as np
    import pandas as pd

    codes = np.asarray(codes, dtype=np.int64)
    used = codes >= 0
    grouped = pd.DataFrame(values[used]).groupby(codes[used], sort=False)
    merged = grouped.sum(min_count=1) if how == "sum" else grouped.max()
    out = np.full((size, values.shape[1]), np.nan)
    out[merged.index.to_numpy(dtype=np.int64)] = merged.to_numpy()
    return out


def codes_of(labels: pd.DataFrame, columns: list[str]) -> tuple[Any, pd.DataFrame]:
    """Number the distinct combinations of columns, in order of their text.

    Returns:
        One code per row, and the combinations (row n has code n).
    """
    grouped = labels.groupby(columns, sort=True, dropna=False)
    keys = grouped.size().reset_index()[columns]
    return grouped.ngroup().to_numpy(), keys
