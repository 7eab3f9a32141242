"""`burn plan`: what a kept report says could be saved, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from burn.api import DataError
from burn.api.find import WEEK
from burn.api.money import cents, count, figure
from burn.cli import console, plan_spot, report_store
from burn.cli.history import find
from burn.text.clean import clean

if TYPE_CHECKING:
    import pandas as pd

    from burn.api import Report
    from burn.cli.options import Flags

FIGURES = {"idle": "moves to idle", "now": "saved now", "later": "saved later"}
TITLES = {
    "right-size": ("1 Right-size {}", "workload"),
    "nodes": ("2 Let {} go", "node"),
    "commit": ("3 Commit to the floor", ""),
}
_HEADS = ("", *FIGURES.values())
_CLOSING = (
    "Steps are in sequence, each begins where the one before ends. Moves to idle is no money: it is"
    " room on nodes. Saved later is on the bill as unused commitment until the commitment ends. A"
    " commitment that is freed may cover other nodes meanwhile, which is not counted."
)


def plan(flags: Flags, run: str, limit: int, *, as_json: bool, spot: bool = False) -> None:
    """Show the plan of a kept report, or what may run on spot nodes.

    Raises:
        DataError: the report does not have it.
    """
    store = report_store.configured(flags)
    report = store.load(find(store, flags, run))
    frame = report.plan
    if frame is None:
        raise DataError(
            f"report {report.info.run_id} has no plan: it was kept by an older version",
            hint="run burn again for its window",
        )
    if as_json:
        console.data_json(_document(report, frame))
        return
    info = report.info
    where = f"{info.cluster or 'cluster'} · {info.window}"
    if spot:
        console.data(f"{where}\n")
        plan_spot.show(plan_spot.of(report), limit)
        return
    console.data(f"{where} · {info.currency} a month (730 hours)\n")
    _steps(frame)
    for step in TITLES:
        _details(frame[frame["step"] == step], limit)
    console.data("")
    console.prose(_CLOSING)
    for note in _unknown(report):
        console.prose(f"{note}.")


def _steps(frame: pd.DataFrame) -> None:
    rows = []
    for step, (title, noun) in TITLES.items():
        mine = frame[frame["step"] == step]
        if len(mine):
            label = title.format(count(len(mine), noun)) if noun else title
            rows.append([label, *_sums(mine)])
    console.table(_HEADS, [*rows, ["All steps", *_sums(frame)]], right=_HEADS[1:])


def _sums(rows: pd.DataFrame) -> list[str]:
    return [figure(cents(float(rows[name].sum()))) for name in FIGURES]


def _details(rows: pd.DataFrame, limit: int) -> None:
    """The largest, with what each rests on."""
    if rows.empty:
        return
    worth = rows[list(FIGURES)].sum(axis="columns")
    order = worth.sort_values(ascending=False, kind="stable").index
    console.data("")
    for row in rows.loc[order[:limit]].to_dict("records"):
        total = sum(float(row[name]) for name in FIGURES)
        said = row["why"] if row["step"] != "right-size" else f"{row['subject']}: {row['why']}"
        console.prose(clean(str(said)), label=f"{figure(cents(total)):>10}  ")
    if len(rows) > limit:
        console.data(f"{'':>10}  and {len(rows) - limit} more")


def _unknown(report: Report) -> list[str]:
    """What the plan does not know, so that nobody takes silence for advice."""
    out = []
    if report.sizes is None:
        out.append("What containers use is not known, so that nothing is right-sized")
    elif not (report.sizes["preset"] == "burn").any():
        out.append("Containers were seen for less than a week, so that nothing is right-sized")
    if report.control is None:
        out.append("There is no bill, so that no node and no commitment is priced")
    if report.info.window.hours < WEEK:
        out.append(
            "The window is shorter than a week, so that no node is let go and nothing committed"
        )
    if report.spot is None:
        out.append("What may run on spot is not known: the report was kept by an older version")
    else:
        out.append(
            f"{plan_spot.summary(report.spot)}: `burn plan --spot`; it is no step and not priced"
        )
    out.append("Other types of nodes are not judged")
    return out


def _document(report: Report, frame: pd.DataFrame) -> dict[str, Any]:
    info = report.info
    return {
        "run": info.run_id,
        "cluster": info.cluster,
        "window": [info.window.start.isoformat(), info.window.end.isoformat()],
        "currency": info.currency,
        "hours_a_month": 730,
        "totals": {name: round(float(frame[name].sum()), 10) + 0.0 for name in FIGURES},
        "steps": frame.round(10).to_dict("records"),
        "spot": None if report.spot is None else plan_spot.document(report.spot),
        "unknown": _unknown(report),
    }
