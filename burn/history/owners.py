"""What changed for namespaces, workloads, owners or teams between two reports; adds up to the cluster's change.

Allocated cost has no quantity of its own; what it costs at list price stands for one, since that moves
with hours and requests and not with discounts.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from burn.api import Report, UsageError, clean
from burn.api.dimensions import UNKNOWN, names, problem, values
from burn.history.diff import NOISE, Diff, notes, require_alike

if TYPE_CHECKING:
    import pandas as pd

DIMENSIONS = {
    "cluster": ["cluster"],
    "namespace": ["namespace"],
    "workload": ["namespace", "workload_kind", "workload"],
    "owner": ["owner"],
    "resource": ["resource"],
}
"""What allocated cost can always be grouped by, and the columns that name it.

Beside them there are the dimensions that an enricher or a policy named, e.g. team.
"""
_WORKLOAD = ["cluster", "namespace", "workload_kind", "workload"]


def diff_by(before: Report, after: Report, by: str) -> Diff:
    """Compare two reports of one cluster by what carries the cost.

    Args:
        before, after: at the same basis.
        by: one of `DIMENSIONS`, or a dimension that either has.

    Returns:
        A `Diff` whose rows have `by` as driver, and add up to the change of the cluster's cost.

    Raises:
        UsageError: clusters, providers, currencies or bases differ, or neither has the dimension.
    """
    require_alike(before, after)
    require_dimension([before.allocation, after.allocation], by)
    basis = after.info.basis
    if before.info.basis != basis:
        raise UsageError(
            f"the reports have different bases: {before.info.basis} and {basis}",
            hint="compare reports of one basis, or leave out --by",
        )
    rows = _joined(before, after, by, basis)
    rows = _long(rows, _causes(rows, before, after), by)
    change = after.totals.cluster(basis) - before.totals.cluster(basis)
    residual = change - math.fsum(rows["amount"])
    sides = (("earlier", before), ("later", after))
    lacking = [
        f"the {word} report names no {by}" for word, one in sides if lacks(one.allocation, by)
    ]
    return Diff(before, after, rows, residual, (*notes(before, after), *lacking))


def groups(word: str) -> bool:
    """Whether cost can be grouped by this, if somebody named it: a dimension or one of `DIMENSIONS`."""
    return word in DIMENSIONS or not problem(word)


def lacks(frame: pd.DataFrame, by: str) -> bool:
    """Whether nothing in an allocation can be grouped so."""
    return by not in DIMENSIONS and by not in names(frame["dimensions"])


def require_dimension(frames: Sequence[pd.DataFrame], by: str) -> None:
    """Refuse what no allocation can be grouped by: most likely it is misspelt.

    Raises:
        UsageError: says what there is.
    """
    if not all(lacks(frame, by) for frame in frames):
        return
    there = [
        *DIMENSIONS,
        *dict.fromkeys(name for one in frames for name in names(one["dimensions"])),
    ]
    close = difflib.get_close_matches(by, there, n=1)
    meant = f"did you mean `{close[0]}`? " if close else ""
    raise UsageError(
        f"nothing can be grouped by `{clean(by)}`", hint=f"{meant}there are {', '.join(there)}"
    )


def named(frame: pd.DataFrame, by: str) -> pd.Series[Any]:
    """What each row of an allocation belongs to; cost nobody carries by its kind, `(idle)`."""
    if by not in DIMENSIONS:
        name, carried = values(frame["dimensions"], by).astype(str), frame["namespace"] != ""
        nobodys = "(" + frame["kind"].astype(str) + ")"
        return name.where(name != "", nobodys.mask(carried, UNKNOWN))
    columns = [frame[column].astype(str) for column in DIMENSIONS[by]]
    name = columns[0]
    for part in columns[1:]:
        name = name + "/" + part
    empty = columns[0] == "" if by in ("namespace", "workload", "owner") else name == ""
    return name.where(~empty, "(" + frame["kind"].astype(str) + ")")


def _joined(before: Report, after: Report, by: str, basis: str) -> pd.DataFrame:
    """Costs a and b, list costs la and lb, by owner and workload."""
    a, b = (_costs(one, by, basis) for one in (before, after))
    rows = a.merge(b, how="outer", left_index=True, right_index=True, suffixes=("_a", "_b"))
    for side, costs in (("a", a), ("b", b)):
        rows[f"here_{side}"] = rows.index.isin(costs.index)
        rows[f"known_{side}"] = rows.index.get_level_values("key").isin(
            costs.index.get_level_values("key")
        )
    return rows.fillna(0.0).reset_index()


def _costs(report: Report, by: str, basis: str) -> pd.DataFrame:
    import pandas as pd

    frame = report.allocation
    text = frame[_WORKLOAD].astype(str)
    key = text[_WORKLOAD[0]]
    for column in _WORKLOAD[1:]:
        key = key + "/" + text[column]
    # Cost of no workload is known by what it is for.
    loose = frame["kind"].astype(str) + "/" + frame["resource"].astype(str)
    key = key.where(text["namespace"] != "", loose)
    keyed = pd.DataFrame(
        {
            "owner": named(frame, by),
            "key": key,
            "cost": frame["cost"],
            "basis": frame["basis"].astype(str),
        }
    )
    sums = {
        column: keyed[keyed["basis"] == wanted].groupby(["owner", "key"])["cost"].sum()
        for column, wanted in (("cost", basis), ("list", "list"))
    }
    return pd.DataFrame(sums).fillna(0.0)


def _causes(rows: pd.DataFrame, before: Report, after: Report) -> pd.DataFrame:
    a, b = rows["cost_a"], rows["cost_b"]
    moved = (~rows["here_a"] & rows["known_a"]) | (~rows["here_b"] & rows["known_b"])
    out = {
        "new": b.where(~rows["known_a"], 0.0),
        "gone": (-a).where(~rows["known_b"], 0.0),
        "ownership": (b - a).where(moved, 0.0),
    }
    there = rows["here_a"] & rows["here_b"]
    rest = (b - a).where(there, 0.0)
    otherwise = before.info.policies != after.info.policies
    if before.info.window == after.info.window:
        return rows[[]].assign(**out, **{"policy" if otherwise else "restated": rest})
    ratio = after.info.window.hours / before.info.window.hours
    calendar = (a * (ratio - 1)).where(there, 0.0)
    if otherwise:
        return rows[[]].assign(**out, calendar=calendar, policy=rest - calendar)
    grown = (rows["list_b"] / rows["list_a"]).where(there & (rows["list_a"] > 0))
    price = (b - a * grown).where(grown.notna(), 0.0)
    left = rest - calendar - price
    out |= {"calendar": calendar, "price": price, "usage": left.where(grown.notna(), 0.0)}
    return rows[[]].assign(**out, amount=left.where(grown.isna(), 0.0))


def _long(rows: pd.DataFrame, parts: pd.DataFrame, by: str) -> pd.DataFrame:
    """One row for each cause that moved an owner's workload."""
    head = rows[["owner", "key"]].rename(columns={"owner": "subject", "key": "name"})
    long = (
        head.join(parts)
        .melt(["subject", "name"], var_name="cause", value_name="value")
        .rename(columns={"value": "amount"})
    )
    long = long[long["amount"].abs() > NOISE].reset_index(drop=True)
    return long.assign(group="cluster", driver=by)
