"""Cost by period, and what a report does not know."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from burn_slack.show.common import always, notes, small, title
from burn_slack.show.figures import Answer, shown
from burn_slack.show.message import Line, Message
from burn_slack.show.table import Row, Table

_PERIODS = 6


def trend(answer: Answer, params: Mapping[str, Any]) -> Message:
    """`/burn trend`: the newest periods, each amount rounded by itself."""
    periods = answer["periods"][-_PERIODS:]
    found = answer["rows"]
    rows = tuple(Row(row["name"], tuple(map(_cents, row["amounts"][-_PERIODS:]))) for row in found)
    where = answer["cluster"] or answer["provider"]
    partly = [one["start"] for one in periods if not one["complete"]]
    open_ = [one["start"] for one in periods if not one["final"]]
    lines = [Line(f"Cost by {answer['by']}, the newest {len(periods)} of each {answer['every']}.")]
    lines += [Line(", ".join(partly), "Not all days are kept:")] if partly else []
    lines += [Line(", ".join(open_), "The bill can still change:")] if open_ else []
    left = answer["omitted"]["rows"] if answer["omitted"] else 0
    lines += [Line(f"{left:,} more rows are left out.")] if left else []
    table = None
    if found:
        heads = (answer["by"], *(one["start"] for one in periods))
        heads = (f"{heads[0]}, {found[0]['figure']['currency']}", *heads[1:])
        table = Table(heads, rows, (False,) * len(periods))
    return Message(
        summary=f"{where}: cost by {answer['every']}",
        title=f"{where} · by {answer['every']}",
        lines=(*lines, *notes(answer["notes"])),
        table=table,
        buttons=always("trend", params),
    )


def missing(answer: Answer, params: Mapping[str, Any]) -> Message:
    """`/burn missing`: everything that makes a figure less sure, or that there is no such thing."""
    about = answer["about"]
    gaps = [f"{one['start']} to {one['end']}" for one in answer["gaps"]]
    gaps += [f"{answer['omitted_gaps']:,} more"] if answer["omitted_gaps"] else []
    files = [*answer["not_read"]]
    files += [f"{answer['omitted_files']:,} more"] if answer["omitted_files"] else []
    residual = Decimal(answer["residual"]["amount"])
    told = (
        ("The bill can still change from", answer["provisional_from"]),
        (
            "Hours without metrics:",
            f"{answer['hours_missing']:g}" if answer["hours_missing"] else "",
        ),
        ("Gaps in the metrics:", ", ".join(gaps)),
        ("The metrics could not show:", ", ".join(answer["not_seen"])),
        ("Nothing says whether the metrics could show:", ", ".join(answer["unknown"])),
        ("Files of the bill that were not read:", ", ".join(files)),
        ("The ledger leaves unexplained:", shown(answer["residual"]) if residual else ""),
    )
    lines = [Line(text, head) for head, text in told if text]
    sentence = "Nothing is known to be missing." if not lines else "What this report does not know:"
    return Message(
        summary=f"{title(about)}: {sentence}",
        title=title(about, "what is missing"),
        lines=(Line(sentence), *lines, *notes(answer["notes"], answer["omitted_notes"])),
        buttons=always("missing", {**params, "run": about["run"]}, about),
        context=small(about),
    )


def _cents(amount: str) -> int:
    return round(Decimal(amount) * 100)
