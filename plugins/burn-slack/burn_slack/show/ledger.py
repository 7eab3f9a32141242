"""The summary, the ledger and what is behind a line of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from burn_slack.show.common import always, doubt, notes, pinned, small, title
from burn_slack.show.figures import Answer, column, shown
from burn_slack.show.message import Button, Line, Message
from burn_slack.show.table import Row, Table

_BUTTONS = 5


def walk(answer: Answer, head: str = "From report to bill") -> Table:
    """The ledger's rows, in the order they are walked."""
    found = answer["rows"]
    parts, rest, total = column([row["figure"] for row in found], answer["total"])
    currency = answer["total"]["currency"]
    return Table(
        heads=(f"{head}, {currency}", "amount"),
        rows=tuple(Row(row["title"], (part,)) for row, part in zip(found, parts, strict=True)),
        signed=(False,),
        left=answer["omitted"]["rows"],
        rest=(rest,),
        total=Row("= BILLED" if answer["total"]["basis"] == "billed" else "= TOTAL", (total,)),
    )


def summary(answer: Answer, groups: Answer, params: Mapping[str, Any]) -> Message:
    """`/burn`: the sentences, and the ledger by group."""
    about = answer["about"]
    return Message(
        summary=f"{title(about)}: {answer['sentence']}",
        title=title(about),
        lines=(
            Line(answer["sentence"]),
            Line(answer["detail"]),
            *doubt(about),
            *notes(answer["notes"], answer["omitted_notes"]),
        ),
        table=walk(groups),
        buttons=(
            Button("Why", "why", pinned(about)),
            Button("Namespaces", "allocation", pinned(about)),
            Button("What changed", "diff", {"after": about["run"]}),
            *([Button("What to do", "plan", pinned(about))] if answer["findings"] else []),
            *always("summary", {**params, "run": about["run"]}, about),
        ),
        context=small(about),
    )


def why(answer: Answer, params: Mapping[str, Any]) -> Message:
    """`/burn why`: every driver; a button for each of the largest."""
    about = answer["about"]
    rows = [row for row in answer["rows"] if row["name"] != "report"]
    largest = sorted(rows, key=lambda row: -abs(float(row["figure"]["amount"])))[:_BUTTONS]
    where = {"report": "", "billed": ""}
    for end in answer["landings"]:
        where[end["name"]] = shown(end["figure"])
    sentence = f"The Kubernetes report says {where['report']}, the bill says {where['billed']}."
    told = [Line(row["evidence"], f"{row['title']} {shown(row['figure'])}") for row in largest]
    return Message(
        summary=f"{title(about)}: {sentence}",
        title=title(about, "why"),
        lines=(Line(sentence), *doubt(about), *told),
        table=walk(answer),
        buttons=(
            *(
                Button(row["title"], "explain", pinned(about, of=row["name"], what="driver"))
                for row in largest
            ),
            *always("why", {**params, "run": about["run"]}, about),
        ),
        context=small(about),
    )


def explained(answer: Answer, params: Mapping[str, Any]) -> Message:
    """What is behind a driver, a resource or a namespace."""
    about, what = answer["about"], answer["what"]
    found, listed = answer["rows"], answer["listed"]
    parts, rest, total = column([row["figure"] for row in found], answer["total"])
    head = {"driver": "resource", "resource": "driver"}.get(what, "workload")
    rows = [Row(row["title"], (part,)) for row, part in zip(found, parts, strict=True)]
    table = Table(
        heads=(f"{head}, {answer['total']['currency']}", answer["total"]["basis"]),
        rows=tuple(rows),
        signed=(False,),
        left=answer["omitted"]["rows"],
        rest=(rest,),
        total=Row("= TOTAL", (total,)),
    )
    sentence = f"{answer['title']} comes to {shown(answer['total'])} ({answer['total']['basis']})"
    sentence += f", {shown(listed)} at list price." if listed else "."
    then = {"driver": "resource", "resource": "driver"}.get(what)
    lines = [Line(sentence), *doubt(about)]
    lines += [Line(answer["why"], "Why")] if answer["why"] else []
    lines += [Line(answer["action"], "What to do")] if answer["action"] else []
    return Message(
        summary=f"{title(about)}: {sentence}",
        title=title(about, answer["title"]),
        lines=tuple(lines),
        table=table if found else None,
        buttons=(
            *(
                Button(row["title"], "explain", pinned(about, of=row["name"], what=then))
                for row in (found[:_BUTTONS] if then else ())
                if not row["name"].endswith("…")  # cut: it would not be found
            ),
            Button("The whole ledger", "why", pinned(about)),
            *always("explain", {**params, "run": about["run"]}, about),
        ),
        context=(*small(about), f"burn explain {answer['total']['cite']}"),
    )
