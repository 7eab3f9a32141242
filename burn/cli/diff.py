"""`burn diff A B`: what changed between two kept reports, by driver and cause."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from burn.api import UsageError, Window
from burn.api.dimensions import problem
from burn.api.money import cents, figure, money, spread
from burn.cli import console, report_store
from burn.history.causes import CAUSES
from burn.plugin.messages import did_you_mean
from burn.text.clean import clean
from burn.view.waterfall import CLUSTER_GROUPS, known

if TYPE_CHECKING:
    import pandas as pd

    from burn.api import Report
    from burn.cli.options import Flags
    from burn.history.diff import Diff
    from burn.history.store import History

DRIVER = "driver"
_STEPS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("REPORT", "report", ("report",)),
    ("= CLUSTER", "cluster_effective", CLUSTER_GROUPS),
    ("= ACCOUNT", "account_effective", ("outside",)),
    ("= BILLED", "billed", ("accounting",)),
)
"""Each landing of the ledger, its field in `Totals`, and the groups that lead to it."""
_HINT = f"by {DRIVER}, cluster, namespace, workload, owner, resource or a dimension, e.g. team"


def diff(flags: Flags, runs: tuple[str, str], by: str, limit: int, *, as_json: bool) -> None:
    """Compare the kept reports that A and B mean."""
    from burn.history.diff import diff as by_driver
    from burn.history.owners import DIMENSIONS, diff_by

    if by not in (DRIVER, *DIMENSIONS) and problem(by):
        meant = did_you_mean(by, [DRIVER, *DIMENSIONS])
        raise UsageError(f"nothing is compared by `{by}`", hint=f"{meant} {_HINT}".strip())
    store = report_store.configured(flags)
    before, after = (_report(store, flags, run) for run in runs)
    made = by_driver(before, after) if by == DRIVER else diff_by(before, after, by)
    if as_json:
        console.data_json(_document(made))
        return
    _print(made, by, limit)


def _report(store: History, flags: Flags, run: str) -> Report:
    """The kept report that is meant; of a window that was run in pieces, their sum."""
    from burn.cli.history import find
    from burn.history.tiled import tiled

    try:
        return store.load(find(store, flags, run))
    except UsageError:
        try:
            window = Window.parse(run, now=datetime.now(UTC))
        except UsageError:
            window = None
        mine = report_store.asked(flags).of(report_store.listed(store)) if window else []
        made = tiled(store, mine, window) if window else None
        if made is None:
            raise
        return made


def _print(made: Diff, by: str, limit: int) -> None:
    for word, one in (("From", made.before), ("To", made.after)):
        console.prose(_headline(one), label=f"{word:<5} ")
    console.data("")
    for note in made.notes:
        console.prose(f"{note[:1].upper()}{note[1:]}.")
        console.data("")
    weight = made.rows["amount"].abs().groupby(made.rows["cause"]).sum()
    causes = [cause for cause in CAUSES if cents(weight.get(cause, 0.0))]
    lines = _by_driver(made, causes) if by == DRIVER else _by_owner(made, causes, limit)
    console.table((by, "change", "of it"), lines, right=("change",))
    console.data(f"\nresidual {figure(cents(made.residual))}\n")
    for cause in causes:
        console.prose(CAUSES[cause], label=f"  {cause:<9} ")
    _largest(made.rows, limit, made.after.info.currency)


def _headline(report: Report) -> str:
    info, totals = report.info, report.totals
    if report.control is None:
        figures = f"report {money(cents(totals.report), info.currency)}, no bill"
        return f"{info.window} ({info.run_id}): {figures}"
    state = "final" if info.provisional_from is None else "provisional"
    figures = (
        f"report {money(cents(totals.report), info.currency)}, "
        f"cluster {money(cents(totals.cluster_effective), info.currency)}, "
        f"billed {money(cents(totals.billed), info.currency)}"
    )
    return f"{info.window} ({info.run_id}, {state}): {figures}"


def _by_driver(made: Diff, causes: Sequence[str]) -> list[list[str]]:
    """Drivers between the ledger's landings; cents add up down and across."""
    lines: list[list[str]] = []
    reached: dict[str, int] = dict.fromkeys(causes, 0)
    before = 0
    billed = made.after.control is not None
    for label, landing, groups in _STEPS if billed else _STEPS[:1]:
        step = made.rows[made.rows["group"].isin(groups)]
        total = _change(made, landing)
        cells = _cells(step, ["group", "driver"], total - before)
        before = total
        order = sorted(cells, key=lambda key: (groups.index(key[0]), -abs(_sum(cells[key])), key))
        if label != "REPORT":
            lines += [
                _line(f"  {known(key[1], key[0]).title}", cells[key], causes) for key in order
            ]
        for key in order:
            reached = {cause: reached[cause] + cells[key].get(cause, 0) for cause in causes}
        lines.append(_line(label, reached, causes))
    return lines


def _by_owner(made: Diff, causes: Sequence[str], limit: int) -> list[list[str]]:
    """Whose cost changed most, the rest summed."""
    basis = made.after.info.basis
    total = cents(made.after.totals.cluster(basis)) - cents(made.before.totals.cluster(basis))
    cells = {key[0]: cell for key, cell in _cells(made.rows, ["subject"], total).items()}
    order = sorted(cells, key=lambda name: (-abs(_sum(cells[name])), name))
    lines = [_line(clean(name), cells[name], causes) for name in order[:limit]]
    if rest := order[limit:]:
        lines.append(_line(f"{len(rest):,} others", _added(cells, rest, causes), causes))
    return [*lines, _line("= CLUSTER", _added(cells, order, causes), causes)]


Cells = dict[str, int]
"""Cents by cause."""


def _cells(rows: pd.DataFrame, keys: list[str], total: int) -> dict[tuple[str, ...], Cells]:
    """Cents of each key and cause, which add up to the total: no sum of the table is off."""
    sums = rows.groupby([*keys, "cause"])["amount"].sum()
    values = spread([float(one) for one in sums], total)
    out: dict[tuple[str, ...], Cells] = {}
    for key, value in zip(sums.index, values, strict=True):
        out.setdefault(tuple(map(str, key[:-1])), {})[str(key[-1])] = value
    return out


def _change(made: Diff, landing: str) -> int:
    return cents(getattr(made.after.totals, landing)) - cents(getattr(made.before.totals, landing))


def _sum(cells: Cells) -> int:
    return sum(cells.values())


def _added(cells: dict[str, Cells], names: Sequence[str], causes: Sequence[str]) -> Cells:
    return {cause: sum(cells[name].get(cause, 0) for name in names) for cause in causes}


def _line(label: str, cells: Cells, causes: Sequence[str]) -> list[str]:
    """A row: whose change, how much, and what of it each cause is, the largest first."""
    order = sorted((cause for cause in causes if cells.get(cause)), key=lambda c: -abs(cells[c]))
    parts = ", ".join(f"{cause} {figure(cells[cause], sign=True)}" for cause in order)
    return [label, figure(_sum(cells), sign=True), parts]


def _largest(rows: pd.DataFrame, limit: int, currency: str) -> None:
    """The single changes that are worth most; the calendar's are everywhere, amortisation's offset."""
    told = rows[(rows["cause"] != "calendar") & (rows["driver"] != "amortisation")]
    order = told["amount"].abs().sort_values(ascending=False, kind="stable").index[:limit]
    columns = ["cause", "driver", "subject", "name", "amount"]
    cells = [
        (cause, driver, clean(str(name or subject)), figure(cents(amount), sign=True))
        for cause, driver, subject, name, amount in told.loc[order, columns].itertuples(
            index=False, name=None
        )
        if cents(amount)
    ]
    if cells:
        console.data(f"\nLargest single changes ({currency}):\n")
        console.table(("cause", "driver", "subject", "change"), cells, right=("change",))


def _document(made: Diff) -> dict[str, Any]:
    from burn.builtin.sinks.json_sink import plain

    sides = {}
    for word, one in (("from", made.before), ("to", made.after)):
        info, totals = one.info, one.totals
        sides[word] = {
            "run_id": info.run_id,
            "window": {"start": info.window.start, "end": info.window.end},
            "bill": one.control is not None,
            "final": info.provisional_from is None,
            "report": totals.report,
            "cluster_effective": totals.cluster_effective,
            "account_effective": totals.account_effective,
            "billed": totals.billed,
        }
    return {
        **dict(plain(sides)),
        "currency": made.after.info.currency,
        "residual": plain(round(made.residual, 6)),
        "notes": list(made.notes),
        "rows": plain(made.rows.to_dict("records")),
    }
