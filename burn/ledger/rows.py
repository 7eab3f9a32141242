"""Makes ledger rows out of any frame with amounts and bill lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from burn.api import schemas
from burn.api.confidence import meaning

if TYPE_CHECKING:
    import pandas as pd

_DOUBT = {"high": 0, "medium": 1, "low": 2}
LEDGER_ORDER = {group: at for at, group in enumerate(schemas.LEDGER_GROUPS)}


def charges(
    rows: pd.DataFrame,
    group: str,
    driver: str | None,
    *,
    subject: str = "subject",
    amount: str,
    quantities: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """What each row puts into the ledger, for `ledger_rows` to sum.

    Args:
        rows: bill rows or assets; needs the columns named and `x_lines`, `match_method`.
        group: ledger group.
        driver: driver name; None takes it from `x_cost_class`.
        subject: column that names the subject.
        amount: column to sum.
        quantities: columns for observed, billed and unit; None leaves them empty.
    """
    import pandas as pd

    named = rows["resource_name"] if "resource_name" in rows else rows[subject]
    # A row without a method has no tie: it is outside.
    tie = meaning(rows["match_method"], schemas.MATCH_METHODS | {"": "high"}, "low")
    confidence = rows.get("confidence", tie)
    columns = {
        "group": group,
        "driver": rows["x_cost_class"] if driver is None else driver,
        "subject": rows[subject],
        "name": named.where(named != ""),
        "amount": rows[amount],
        "lines": rows["x_lines"],
        "observed": rows[quantities["observed"]] if quantities else float("nan"),
        "billed": rows[quantities["billed"]] if quantities else float("nan"),
        "unit": rows[quantities["unit"]] if quantities else "",
        "method": rows["match_method"],
        "doubt": confidence.map(_DOUBT),
    }
    return pd.DataFrame(columns, index=rows.index)


def ledger_rows(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Sum the parts of a ledger per group, driver and subject; it is as sure as the least sure of them.

    Args:
        parts: see `charges`; one subject may be in several of them.
    """
    import pandas as pd

    table = pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)
    out = table.groupby(["group", "driver", "subject"], as_index=False, sort=True).agg(
        name=("name", "min"),
        other_name=("name", "max"),
        amount=("amount", "sum"),
        lines=("lines", "sum"),
        observed=("observed", "first"),
        billed=("billed", "first"),
        unit=("unit", "first"),
        method=("method", "first"),
        doubt=("doubt", "max"),
    )
    # Rows of one commitment are on many resources: it has none of their names.
    out["name"] = out["name"].where(out["name"] == out["other_name"], out["subject"])
    out["confidence"] = out["doubt"].map({rank: word for word, rank in _DOUBT.items()})
    return out[schemas.LEDGER.names]
