"""`burn plan`: what a kept report says could be saved, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from burn.api import DataError
from burn.api.find import WEEK
from burn.api.money import cents, count, figure
from burn.cli import console, plan_commitments, plan_spot, report_store
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
    "types": ("3 Other types for {}", "node"),
    "spot": ("4 Move {} to spot", "node"),
    "commit": ("5 Commit to the floor", ""),
}
_HEADS = ("", *FIGURES.values())
_UNKNOWN = "not known"
_ROWS = 6
"""Of a step or verdict, where nobody says how many; of steps, fewer if a screen has no room for them."""
_SCREEN = 44
"""Lines, with the prompt one more."""
_CLOSING = (
    "Steps are in sequence, each begins where the one before ends. Moves to idle is no money: it is"
    " room on nodes. Saved later is on the bill as unused commitment until the commitment ends, and"
    " may cover other nodes meanwhile, which is not counted."
)


def plan(
    flags: Flags,
    run: str,
    limit: int | None,
    *,
    as_json: bool,
    spot: bool = False,
    commitments: bool = False,
) -> None:
    """Show the plan of a kept report, or what may run on spot nodes, or its commitments.

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
        plan_spot.show(plan_spot.of(report), limit or _ROWS)
        return
    console.data(f"{where} · {info.currency} a month (730 hours)\n")
    if commitments:
        plan_commitments.show(plan_commitments.of(report), limit or _ROWS)
        if report.offers is not None:
            plan_commitments.buy(report.offers, limit or _ROWS)
        for text in plan_commitments.not_asked(report):
            console.prose(f"{text}.")
        return
    notes = [_CLOSING, *(f"{note}." for note in _unknown(report, frame))]
    closing = [line for note in notes for line in console.wrapped(note)]
    table = _steps(frame)
    room = _SCREEN - len(table) - len(closing) - 6
    most = limit or next((n for n in range(_ROWS, 1, -1) if len(_details(frame, n)) <= room), 1)
    console.table(_HEADS, table, right=_HEADS[1:])
    for line in ("", *_details(frame, most), "", *closing):
        console.data(line)


def _steps(frame: pd.DataFrame) -> list[list[str]]:
    """The table's rows; what must be bought first stands under a sum of its own."""
    free = frame["x_needs"].isna()
    rows, summed = list[list[str]](), False
    for step, (title, noun) in TITLES.items():
        mine = frame[frame["step"] == step]
        if mine.empty:
            continue
        if not free[mine.index].any() and rows and not summed:
            rows.append(["Without a commitment", *_sums(frame[free])])
            summed = True
        nodes = mine["x_nodes"].sum() if step in ("types", "spot") else len(mine)
        label = title.format(count(int(nodes), noun)) if noun else f"{title}, bought first"
        rows.append([label, *_sums(mine)])
    return [*rows, ["All steps", *_sums(frame)]]


def _sums(rows: pd.DataFrame) -> list[str]:
    """Of what is priced; where nothing is, it is not known."""
    return [
        figure(cents(float(rows[name].sum())))
        if rows.empty or rows[name].notna().any()
        else _UNKNOWN
        for name in FIGURES
    ]


def _details(frame: pd.DataFrame, limit: int) -> list[str]:
    """The largest of each step, with what each rests on."""
    out = []
    for step, (title, _) in TITLES.items():
        rows = frame[frame["step"] == step]
        worth = rows[list(FIGURES)].sum(axis="columns", min_count=len(FIGURES))
        order = worth.sort_values(ascending=False, kind="stable", na_position="last").index
        for at in order[:limit]:
            one = rows.loc[at]
            said = f"{one['subject']}: {one['why']}" if step == "right-size" else one["why"]
            total = _UNKNOWN if worth.isna()[at] else figure(cents(float(worth[at])))
            out += console.wrapped(clean(str(said)), label=f"{title[0]} {total:>9}  ")
        if len(rows) > limit:
            out.append(f"{title[0]} {'':>9}  and {len(rows) - limit} more")
    return out


def _unknown(report: Report, frame: pd.DataFrame) -> list[str]:
    """What the plan does not know, so that nobody takes silence for advice."""
    out = []
    if report.sizes is None:
        out.append("What containers use is not known, so that nothing is right-sized")
    elif not (report.sizes["preset"] == "burn").any():
        out.append("Containers were seen for less than a week, so that nothing is right-sized")
    if report.control is None:
        out.append("There is no bill, so that no node and no commitment is priced")
    elif report.info.no_types:
        whose = ", ".join(clean(name) for name in report.info.no_types)
        out.append(
            f"Provider {whose} lists no types of machines, so that no node gets another type"
        )
    out += plan_commitments.not_asked(report)
    if report.info.window.hours < WEEK:
        out.append(
            "The window is shorter than a week, so that no node is let go and nothing committed"
        )
    if report.spot is None:
        out.append("What may run on spot is not known: the report was kept by an older version")
    else:
        out.append(f"{plan_spot.summary(report.spot)}: `burn plan --spot`")
    if report.commitments is not None:
        covered = plan_commitments.summary(plan_commitments.of(report))
        out.append(f"{covered}: `burn plan --commitments`")
    if unpriced := int(frame.loc[frame["now"].isna(), "x_nodes"].sum()):
        listed = float(frame.loc[frame["now"].isna(), "x_listed"].sum())
        by_list = (
            f": {figure(cents(listed))} a month if spot cost what it is listed at" if listed else ""
        )
        out.append(
            f"What {count(unpriced, 'node')} would save on spot is not known, and in no sum{by_list}"
        )
    return out


def _document(report: Report, frame: pd.DataFrame) -> dict[str, Any]:
    info = report.info
    return {
        "run": info.run_id,
        "cluster": info.cluster,
        "window": [info.window.start.isoformat(), info.window.end.isoformat()],
        "currency": info.currency,
        "hours_a_month": 730,
        "totals": {name: _total(frame[name]) for name in FIGURES},
        "now_with_a_commitment": _total(frame.loc[frame["x_needs"].notna(), "now"]),
        "steps": plan_spot.document(frame),
        "spot": None if report.spot is None else plan_spot.document(report.spot),
        "commitments": plan_commitments.document(report),
        "offers": None if report.offers is None else plan_spot.document(report.offers),
        "unknown": _unknown(report, frame),
    }


def _total(amounts: pd.Series[float]) -> float:
    return round(float(amounts.sum()), 10) + 0.0
