"""Dimensions of cost: team, cost_centre, product, … What they are called is the user's choice.

A row of the allocation holds all of its dimensions in one column, as the text of a JSON object with
sorted keys. There are few different texts, so the column is as small as one of categories.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from burn.api.frames import DimensionsFrame
from burn.api.schema import Column, Schema

if TYPE_CHECKING:
    import pandas as pd

NONE = "{}"
"""The text of a row without dimensions."""
UNKNOWN = "(none)"
"""What cost is called that somebody carries, and whose dimension nobody named."""
SUBJECTS = ("namespace", "workload", "shared")
"""What a dimension can be said of. shared: cost that nobody carries, by the ledger's driver."""
GROUPS = ("owner", "namespace", "workload")
"""What a report groups by without an enricher."""
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_TAKEN = frozenset(
    (
        *(
            "account",
            "amount",
            "asset_id",
            "basis",
            "but",
            "by",
            "cluster",
            "cost",
            "day",
            "dimensions",
        ),
        *(
            "driver",
            "group",
            "kind",
            "label",
            "labels",
            "line",
            "name",
            "namespace",
            "owner",
            "resource",
        ),
        *("service", "shared", "subject", "total", "valid_from", "workload", "workload_kind"),
    )
)

DIMENSIONS: Schema[DimensionsFrame] = Schema(
    "dimensions",
    key=(
        *("kind", "cluster", "namespace", "workload_kind", "workload", "name"),
        *("valid_from", "dimension"),
    ),
    about="What an enricher says of namespaces, workloads and shared cost. A row holds until the next"
    " one of the same subject and dimension; of a workload comes before of its namespace.",
    columns=(
        Column("kind", "string", one_of=SUBJECTS, doc="what the row is about"),
        Column("cluster", "string", doc="empty: in any"),
        Column("namespace", "string", doc="empty for `shared`"),
        Column("workload_kind", "string", doc="empty: of any kind"),
        Column("workload", "string", doc="of `workload` only"),
        Column("name", "string", doc="of `shared` only: a driver of the ledger"),
        Column(
            "valid_from",
            "timestamp",
            null=True,
            optional=True,
            doc="a UTC midnight; null, or left out: since there was any",
        ),
        Column("dimension", "string", doc="its name, e.g. `team`"),
        Column("value", "string", doc="empty: from here on it has none"),
    ),
)


def problem(name: str) -> str:
    """Why nothing can be called so as a dimension; empty: it can."""
    if name in _TAKEN:
        return f"`{name}` is what burn calls something else"
    if not _NAME.fullmatch(name):
        return f"`{name}` is no name: lower case letters, digits, `_` and `-`, at most 40"
    return ""


def text(values: Mapping[str, str]) -> str:
    """The dimensions of a row as the column holds them; empty values are left out."""
    kept = {name: value for name, value in values.items() if value}
    return json.dumps(kept, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def fault(dimensions: pd.Series[Any]) -> str:
    """What is wrong with a column that somebody else made; empty: nothing."""
    for one in dimensions.unique():
        try:
            held = json.loads(one or NONE)
        except ValueError:
            return f"`{one}` is no JSON object"
        if not isinstance(held, dict) or not all(isinstance(v, str) for v in held.values()):
            return f"`{one}` is no JSON object of texts"
        for name in held:
            if why := problem(name):
                return why
    return ""


def names(dimensions: pd.Series[Any]) -> list[str]:
    """Every dimension that some row has, sorted."""
    return sorted({name for one in dimensions.unique() for name in json.loads(one or NONE)})


def values(dimensions: pd.Series[Any], name: str) -> pd.Series[Any]:
    """One dimension of each row, as categories; empty where it has none.

    Args:
        dimensions: the column of an allocation.
        name: e.g. `team`; one that no row has is empty everywhere.
    """
    import pandas as pd

    column = dimensions.astype("category")
    each = [json.loads(one or NONE).get(name, "") for one in column.cat.categories]
    codes, found = pd.factorize(pd.Series(each, dtype="str"), sort=True)
    kind = pd.CategoricalDtype(pd.Index(found, dtype="str"))
    made = pd.Categorical.from_codes(codes[column.cat.codes], dtype=kind)
    return pd.Series(made, index=dimensions.index, name=name)
