"""`burn plan --commitments`: what there is, what ends next, what could be bought, of a kept report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from burn.api import DataError
from burn.api.money import cents, figure
from burn.cli import console
from burn.findings.commitments import how
from burn.text.clean import clean
from burn.view.commitments import HEADS, UNKNOWN, Commitments, cells, commitments, sentence

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from burn.api import OffersFrame, Report


def of(report: Report) -> Commitments:
    """What the report has of them.

    Raises:
        DataError: it has nothing.
    """
    found = commitments(report)
    if found is None:
        lacks = "has no bill" if report.control is None else "was kept by an older version"
        raise DataError(
            f"report {report.info.run_id} does not know its commitments: it {lacks}",
            hint="run burn with a bill for its window",
        )
    return found


def show(found: Commitments, limit: int) -> None:
    """A row each, the next to end first, with what it is below."""
    console.prose(f"{sentence(found)}.")
    console.data("")
    if found.rows:
        rows = [[clean(_short(one.label)), *cells(one)] for one in found.rows[:limit]]
        open_ = figure(found.open)
        rows.append(["nodes on demand", "", "", open_, open_, ""])
        console.table(("", *HEADS), rows, right=HEADS[:-1])
        console.data("")
        for one in found.rows[:limit]:
            console.prose(clean(one.what), label=f"{_short(one.label)}  ")
        if len(found.rows) > limit:
            console.data(f"and {len(found.rows) - limit} more")


def buy(frame: OffersFrame, limit: int) -> None:
    """What could be bought, and what that rests on; nothing where nothing would pay."""
    if frame.empty:
        console.data("")
        console.prose(f"No commitment would pay{_WHY_NOT}.")
        return
    console.data("")
    heads = ("to cover", "off", "from", "commit an hour", "save a month", "pays from")
    console.table(
        heads,
        [
            [
                clean(_offer(row)),
                f"{row['discount']:.0%}",
                row["source"],
                f"{row['commitment']:,.4g}",
                figure(cents(row["saving"])),
                f"{row['break_even']:,.0f} h",
            ]
            for row in frame.head(limit).to_dict("records")
        ],
        right=(heads[1], *heads[3:]),
    )
    if len(frame) > limit:
        console.data(f"and {len(frame) - limit} more")
    console.data("")
    if lists := ", ".join(sorted(frame["x_price_list"].dropna().unique())):
        console.prose(clean(f"{_LISTED}: {lists}."), label="price list  ")
        console.data("")
    console.prose(_CLOSING)


def not_asked(report: Report) -> list[str]:
    """Price lists that the plan was made without, in sentences without their full stops."""
    return [clean(text).rstrip(".") for text in report.info.no_lists]


def _offer(row: Mapping[Any, Any]) -> str:
    bought = how(row["months"], row["upfront"]) or "term not known"
    return f"{row['family'] or 'any family'}, {bought}"


def summary(found: Commitments) -> str:
    """Coverage and the next end, in a sentence without its full stop."""
    ends = [one for one in found.rows if one.ends != UNKNOWN]
    told = f"; {clean(ends[0].label)} ends on {ends[0].ends}" if ends else ""
    if found.rows and not ends:
        told = "; when commitments end is not on the bill"
    return f"{sentence(found)}{told}"


def document(report: Report) -> list[dict[Hashable, Any]] | None:
    """The frame's rows; what is not known is null, times are ISO 8601."""
    frame = report.commitments
    if frame is None:
        return None
    floats = frame.select_dtypes("float").round(10)
    rows = frame.assign(**floats).astype(object).where(frame.notna(), None)
    return [
        row | {name: row[name] and row[name].isoformat() for name in ("start", "end")}
        for row in rows.to_dict("records")
    ]


def _short(label: str) -> str:
    return label if len(label) <= _LABEL else f"{label[: _LABEL - 1]}…"


_LABEL = 24
_LISTED = "a list's rate against its on-demand one, or against what was paid if that is less"
_WHY_NOT = " on what nine of ten hours have after the plan, or the window is shorter than a week"
_CLOSING = (
    "A commitment has to be bought first and binds for its term; nothing of this is saved before. Rows are"
    " alternatives, each as if no other were bought, and no sum. Each covers what nine of ten hours have on"
    " demand after the plan's other steps, less what is committed already and not used, and pays from so"
    " many hours of 730 on."
)
