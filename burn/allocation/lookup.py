"""What enrichers say, looked up for every row of an allocation, day by day.

Rows are reduced to subjects (who carries the cost) × periods between two days on which something
changes; text is looked at once for each of those, not for each row.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

from burn.api import AllocationFrame, DimensionsFrame, dimensions, schemas

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

SUBJECT = ["cluster", "namespace", "workload_kind", "workload", "name"]
_ANY = ("cluster", "workload_kind")
"""What may be left empty: it then stands for any."""
_LEVELS = (
    ("workload", ["cluster", "namespace", "workload_kind", "workload"]),
    ("namespace", ["cluster", "namespace"]),
    ("shared", ["cluster", "name"]),
)
"""By what each kind of row is looked up; what is told more closely comes first."""


def subjects_of(rows: AllocationFrame) -> tuple[NDArray[np.int64], pd.DataFrame]:
    """Which subject each row is of, by position, and the subjects: columns SUBJECT."""
    import numpy as np

    loose = (rows["kind"] == "shared") & (rows["namespace"] == "")
    drivers = rows["resource"].astype("category")
    if "" not in drivers.cat.categories:
        drivers = drivers.cat.add_categories("")
    who = rows[SUBJECT[:-1]].assign(name=drivers.where(loose, ""))
    number = who.groupby(SUBJECT, observed=True, sort=False, dropna=False).ngroup()
    subjects = who[~number.duplicated()].reset_index(drop=True).astype("str")
    return np.asarray(number, dtype=np.int64), subjects


def unnamed(rows: AllocationFrame, by: Sequence[str]) -> str:
    """What a reader who groups by something that no cost has must see; empty: nothing."""
    there = dimensions.names(rows["dimensions"])
    lacking = [name for name in by if name not in (*dimensions.GROUPS, *there)]
    if not lacking:
        return ""
    known = f"there are {', '.join(there)}" if there else "no dimension is named at all"
    return f"no cost has a `{'` or a `'.join(lacking)}`: {known}"


def enriched(
    rows: AllocationFrame,
    number: NDArray[np.int64],
    subjects: pd.DataFrame,
    said: Sequence[DimensionsFrame],
) -> AllocationFrame:
    """The rows with what is said of their subject on their day, where they do not have it yet.

    Args:
        rows: their dimensions stay.
        number, subjects: as `subjects_of` gives them.
        said: by enrichers, the first one counts.
    """
    import numpy as np
    import pandas as pd

    days = pd.concat([one["valid_from"] for one in said]).dropna().sort_values().unique()
    starts = pd.DatetimeIndex(days)
    period = starts.searchsorted(pd.DatetimeIndex(rows["day"]), side="right")
    own = rows["dimensions"].astype("category").cat
    # One number for each subject, period and what the row has already.
    mixed = (number * (len(starts) + 1) + period) * len(own.categories) + own.codes.to_numpy()
    which, cells = pd.factorize(mixed)
    cells, had = np.divmod(np.asarray(cells), max(len(own.categories), 1))
    subject, at = np.divmod(cells, len(starts) + 1)
    before = pd.Series(pd.Categorical.from_codes(had, own.categories))
    names = {name for one in said for name in one["dimension"].astype("str").unique()}
    columns = {}
    for name in sorted(names | set(dimensions.names(before))):
        value = dimensions.values(before, name).astype("str").to_numpy(dtype=object)
        for one in said:
            if not (value == "").any():
                break
            mine = DimensionsFrame(one[one["dimension"] == name])
            found = _found(mine, subjects, [None, *starts])
            value = np.where(value == "", found[at, subject], value)
        columns[name] = value
    texts = _texts(pd.DataFrame(columns, index=range(len(cells))))
    made = pd.Categorical(texts[which], categories=sorted(set(texts)))
    return schemas.ALLOCATION.validate(rows.assign(dimensions=made), author="burn")


def _found(
    said: DimensionsFrame, subjects: pd.DataFrame, starts: Sequence[Any]
) -> NDArray[np.object_]:
    """The value of one dimension in each period (rows) of each subject (columns)."""
    import numpy as np

    keys = ["kind", *SUBJECT]
    text = said.astype(dict.fromkeys([*keys, "value"], "str"))
    text = text.sort_values("valid_from", na_position="first", kind="stable")
    out = np.full((len(starts), len(subjects)), "", dtype=object)
    changed = {None, *text["valid_from"].dropna()}
    for row, start in enumerate(starts):
        if start not in changed:
            out[row] = out[row - 1]
            continue
        since = text["valid_from"]
        valid = text[since.isna() | (since <= start)] if start is not None else text[since.isna()]
        out[row] = _valid(valid.drop_duplicates(keys, keep="last"), subjects)
    return out


def _valid(said: pd.DataFrame, subjects: pd.DataFrame) -> NDArray[np.object_]:
    """What holds at one time, for each subject: of the workload before of the namespace."""
    import numpy as np
    import pandas as pd

    value = np.full(len(subjects), "", dtype=object)
    for kind, columns in _LEVELS:
        mine = said[said["kind"] == kind]
        free = [name for name in _ANY if name in columns]
        for empty in product((False, True), repeat=len(free)):
            blank = [name for name, is_empty in zip(free, empty, strict=True) if is_empty]
            by = [name for name in columns if name not in blank]
            level = mine
            for name in free:
                level = level[(level[name] == "") == (name in blank)]
            if level.empty:
                continue
            rows = pd.MultiIndex.from_frame(level[by]).get_indexer(
                pd.MultiIndex.from_frame(subjects[by])
            )
            found = np.where(rows >= 0, level["value"].to_numpy(dtype=object)[rows], "")
            of_kind = found if kind != "shared" else np.where(subjects["name"] != "", found, "")
            value = np.where(value == "", of_kind, value)
    return value


def _texts(values: pd.DataFrame) -> NDArray[np.object_]:
    """The dimensions of each row as text; each different one is written once."""
    import numpy as np

    if values.columns.empty:
        return np.full(len(values), dimensions.NONE, dtype=object)
    number = values.groupby(list(values.columns), sort=False).ngroup().to_numpy()
    first = values[~values.duplicated()].to_dict("records")
    written: NDArray[np.object_] = np.empty(len(first), dtype=object)
    written[:] = [dimensions.text({str(k): str(v) for k, v in one.items()}) for one in first]
    made: NDArray[np.object_] = written[number]
    return made
