"""`burn plan --spot`: what may run on spot nodes, of a kept report."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from burn.api import DataError
from burn.api.containers import VERDICTS
from burn.api.money import count
from burn.cli import console
from burn.planning.readiness import LABEL
from burn.text.clean import clean

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    import pandas as pd

    from burn.api import Report, SpotFrame

_CLOSING = (
    "Ready is what is known to be; step 4 of `burn plan` says which nodes that makes spot nodes. Spot"
    " nodes go at half a minute's to two minutes' notice."
    f" Where nobody says, a label {LABEL} of the pods does, kept by run.label_keys."
)
_NAMES = 4
"""Workloads that are named of those for which the same holds."""
_SAID = (("pro", ""), ("against", "against: "), ("unknown", "not known: "))


def of(report: Report) -> SpotFrame:
    """What the report has of it.

    Raises:
        DataError: it has nothing.
    """
    if report.spot is None:
        raise DataError(
            f"report {report.info.run_id} does not say what may run on spot: an older version kept it",
            hint="run burn again for its window",
        )
    return report.spot


def show(frame: SpotFrame, limit: int) -> None:
    """Workloads by verdict, what spot was paid, and the nodes that it would free."""
    console.data(f"{summary(frame)}.\n")
    workloads = frame[frame["scope"] == "workload"]
    for verdict in VERDICTS:
        _few(_alike(workloads[workloads["verdict"] == verdict]), limit, verdict)
    families = frame[frame["scope"] == "family"].sort_values("subject")
    told = (families["nodes"] > 0) | families[["discount", "x_listed"]].notna().any(axis="columns")
    _few([_family(row) for row in families[told].to_dict("records")], limit, "paid")
    if others := ", ".join(families.loc[~told, "name"]):
        _few([f"{others}: no spot was seen, so that no discount is known"], limit, "paid")
    console.data("")
    console.prose(_CLOSING)


def summary(frame: SpotFrame) -> str:
    """One sentence, without its full stop."""
    verdicts = frame.loc[frame["scope"] == "workload", "verdict"].value_counts()
    each = {name: int(verdicts.get(name, 0)) for name in VERDICTS}
    judged = sum(each.values()) - each["with its node"]
    return (
        f"Of {count(judged, 'workload')} {each['ready']} ready for spot, {each['not ready']} not,"
        f" {each['unknown']} not known"
    )


def document(frame: pd.DataFrame) -> list[dict[Hashable, Any]]:
    """Its rows; what is not known is null."""
    rows = frame.round(10).astype(object)
    return rows.where(frame.notna(), None).to_dict("records")


def _few(said: Sequence[str], limit: int, label: str) -> None:
    for one in said[:limit]:
        console.prose(clean(one), label=f"{label:<13}  ")
    if len(said) > limit:
        console.data(f"{'':<13}  and {len(said) - limit} more")


def _alike(rows: pd.DataFrame) -> list[str]:
    """A sentence a reason, with those for which it holds; the commonest first."""
    by: dict[str, list[str]] = {}
    for row in rows.sort_values("subject").to_dict("records"):
        why = "; ".join(before + row[name] for name, before in _SAID if row[name])
        by.setdefault(why, []).append(row["subject"])
    commonest = sorted(by.items(), key=lambda one: -len(one[1]))
    return [f"{why}: {_names(who)}" for why, who in commonest]


def _names(who: Sequence[str]) -> str:
    more = len(who) - _NAMES
    return ", ".join(who[:_NAMES]) + (f" and {more} more" if more > 0 else "")


def _family(row: Mapping[Any, Any]) -> str:
    seen = int(row["nodes"])
    became = (
        f"{count(seen, 'spot node')} seen, of which {int(row['gone'])} not there at the end,"
        " interrupted or let go"
        if seen
        else "no spot node seen"
    )
    return f"{row['name']}: {_discount(row)}; {became}"


def _listed(row: Mapping[Any, Any]) -> str:
    below = row["x_listed"]
    return "" if math.isnan(below) else f"; {row['x_price_list']} asks {below:.0%} less for spot"


def _discount(row: Mapping[Any, Any]) -> str:
    if row["discount"] != row["discount"]:
        return f"discount not known, as this bill has no spot beside on-demand of it{_listed(row)}"
    below = row["discount"]
    return f"spot was paid {abs(below):.0%} {'below' if below >= 0 else 'above'} on-demand"
