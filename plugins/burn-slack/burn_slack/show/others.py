"""Who carries the cost, what changed, what is ahead, what to do, what is over its budget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from burn_slack.show.common import always, doubt, notes, pinned, small, title, window
from burn_slack.show.figures import Answer, amount, column, shown, whole
from burn_slack.show.message import Button, Line, Message
from burn_slack.show.table import Row, Table

_BUTTONS = 5


def allocation(answer: Answer, params: Mapping[str, Any]) -> Message:
    """`/burn ns`, `/burn team`: by what it was asked for, beside the report's list price."""
    about, found, by = answer["about"], answer["rows"], answer["by"]
    parts, rest, total = column([row["figure"] for row in found], answer["total"])
    heads, cells, rests, totals, signed = (
        [answer["total"]["basis"]],
        [parts],
        [rest],
        [total],
        [False],
    )
    if answer["listed"]:
        listed, list_rest, list_total = column([row["listed"] for row in found], answer["listed"])
        heads = ["report", *heads, "change"]
        cells = [listed, parts, [b - a for a, b in zip(listed, parts, strict=True)]]
        rests, totals = [list_rest, rest, rest - list_rest], [list_total, total, total - list_total]
        signed = [False, False, True]
    where = ", ".join(f"{key} {value}" for key, value in params.get("where", {}).items())
    sentence = (
        f"{where or 'The cluster'} costs {shown(answer['total'])} ({answer['total']['basis']})"
    )
    sentence += f", the report says {shown(answer['listed'])}." if answer["listed"] else "."
    rows = [Row(row["name"], tuple(column[at] for column in cells)) for at, row in enumerate(found)]
    table = Table(
        heads=(f"{by}, {answer['total']['currency']}", *heads),
        rows=tuple(rows),
        signed=tuple(signed),
        left=answer["omitted"]["rows"],
        rest=tuple(rests),
        total=Row("= TOTAL", tuple(totals)),
    )
    down = [row["name"] for row in found if row["name"][:1] != "(" and row["name"][-1:] != "…"]
    return Message(
        summary=f"{title(about)}: {sentence}",
        title=title(about, where or f"by {by}"),
        lines=(Line(sentence), *doubt(about), *notes(answer["notes"])),
        table=table if found else None,
        buttons=(
            *(
                Button(name, "allocation", pinned(about, by="workload", where={"namespace": name}))
                for name in (down[:_BUTTONS] if by == "namespace" else ())
            ),
            *always("allocation", {**params, "run": about["run"]}, about),
        ),
        context=(*small(about), f"burn explain {answer['total']['cite']}"),
    )


def diff(answer: Answer, params: Mapping[str, Any]) -> Message:
    """`/burn diff`: each change with its largest cause."""
    before, after, found = answer["before"], answer["after"], answer["rows"]
    changes, rest, total = column([row["figure"] for row in found], answer["total"])
    rows = [
        Row(
            row["title"],
            (whole(row["before"]), whole(row["after"]), change),
            ", ".join(f"{one['cause']} {shown(one['figure'])}" for one in _largest(row["causes"])),
        )
        for row, change in zip(found, changes, strict=True)
    ]
    currency = answer["total"]["currency"]
    spans = [window(one["window"]) for one in (before, after)]
    what = "what was billed" if answer["by"] == "driver" else "the cluster's cost"
    sentence = f"From {spans[0]} to {spans[1]}, {what} changed by {shown(answer['total'])}."
    table = Table(
        heads=(f"{answer['by']}, {currency}", spans[0], spans[1], "change", "largest causes"),
        rows=tuple(rows),
        signed=(False, False, True),
        left=answer["omitted"]["rows"],
        rest=(None, None, rest),
        total=Row("= TOTAL", (None, None, total)),
    )
    asked = {**params, "before": before["run"], "after": after["run"]}
    views = [by for by in ("driver", "namespace") if by != answer["by"]]
    return Message(
        summary=f"{title(after)}: {sentence}",
        title=f"{title(after)} · since {spans[0]}",
        lines=(Line(sentence), *notes(answer["notes"])),
        table=table if found else None,
        buttons=(
            *(Button(f"By {by}", "diff", {**asked, "by": by}) for by in views),
            *always("diff", asked, after),
        ),
        context=(*small(after), f"compared with run {before['run']}"),
    )


def _largest(causes: Sequence[Answer]) -> list[Answer]:
    """The two that moved most; a cause that is left out moved less."""
    return sorted(causes, key=lambda one: -abs(amount(one["figure"])))[:2]


def forecast(answer: Answer, params: Mapping[str, Any]) -> Message:
    """`/burn forecast`: where the month lands, with its interval."""
    month = answer["month"]
    names = {"CLUSTER": "Cluster, effective", "REPORT": "Kubernetes report"}
    fields = ("so_far", "total", "low", "high")
    rows = [
        Row(
            names.get(one["name"], one["name"].capitalize()),
            tuple(whole(one[name]) for name in fields),
        )
        for one in month["landings"]
    ]
    currency = month["landings"][0]["total"]["currency"]
    billed = next(one for one in month["landings"] if one["name"] == "BILLED")
    sentence = (
        f"{month['month']} is forecast to be billed {shown(billed['total'])}, between"
        f" {shown(billed['low'])} and {shown(billed['high'])}; {month['known']} of {month['days']} days are known."
    )
    table = Table(
        heads=(f"{month['month']}, {currency}", "so far", "forecast", "low", "high"),
        rows=tuple(rows),
        signed=(False,) * 4,
    )
    where = answer["cluster"] or answer["provider"]
    return Message(
        summary=f"{where}: {sentence}",
        title=f"{where} · forecast of {month['month']}",
        lines=(Line(sentence), *notes(answer["notes"])),
        table=table,
        buttons=always("forecast", params),
        context=(f"from the days {answer['first']} to {answer['last']}", "a projection"),
    )


_EFFECTS = {"none": "saves no money", "part": "saves part of it"}


def plan(answer: Answer, params: Mapping[str, Any]) -> Message:
    """`/burn plan`: what to act on."""
    about, found = answer["about"], answer["rows"]
    lines = []
    for row in found:
        effect = _EFFECTS.get(
            row["saves"], "lowers the bill" if row["lowers_bill"] else "frees capacity"
        )
        head = f"{row['title']}: {row['subject']}"
        text = f"{shown(row['monthly'])} a month, {effect}, {row['confidence']} confidence. "
        lines.append(Line(f"{text}{row['evidence']}. {row['action']}.", head))
    left = answer["omitted"]["rows"]
    lines += [Line(f"{left:,} smaller ones are left out.")] if left else []
    count = f"{len(found) + left:,} findings" if len(found) + left != 1 else "1 finding"
    sentence = f"{count} to act on." if found else "There is nothing to act on in this report."
    return Message(
        summary=f"{title(about)}: {sentence}",
        title=title(about, "what to do"),
        lines=(Line(sentence), *doubt(about), *lines, *notes(answer["notes"])),
        buttons=always("plan", {**params, "run": about["run"]}, about),
        context=small(about),
    )


def budgets(answer: Answer, params: Mapping[str, Any]) -> Message:
    """`/burn budgets`: what is spent of each, and which limits are reached."""
    lines = []
    for row in answer["rows"]:
        fired = (
            ", ".join(f"{one['percent']:g} % ({one['state']})" for one in row["fired"]) or "none"
        )
        part = "" if row["complete"] else ", as far as its days are kept"
        text = f"{shown(row['spent'])} of {shown(row['budget'])} in the {row['every']} from {row['period']}{part}. Limits reached: {fired}."
        lines.append(Line(text, row["name"]))
    if answer["gap"]:
        gap = answer["gap"]
        lines.append(
            Line(f"{gap['percent']:g} %, over the limit of {gap['limit_percent']:g} %.", "Gap")
        )
    reached = sum(bool(row["fired"]) for row in answer["rows"]) + bool(answer["gap"])
    sentence = (
        f"{reached} of {len(answer['rows']) + bool(answer['gap'])} budgets have reached a limit."
    )
    if not lines:
        sentence = "There are no budgets."
    where = answer["cluster"] or answer["provider"]
    return Message(
        summary=f"{where}: {sentence}",
        title=f"{where} · budgets",
        lines=(Line(sentence), *lines, *notes(answer["notes"])),
        buttons=always("budgets", params),
    )


def generic(answer: Answer, what: str) -> Message:
    """Any answer that has no view of its own: its rows that have a figure, its sentences."""
    about = answer.get("about")
    found = [row for row in answer.get("rows", ()) if isinstance(row.get("figure"), Mapping)]
    rows = [
        Row(str(row.get("title") or row.get("name", "")), (whole(row["figure"]),)) for row in found
    ]
    table = None
    if found:
        left = answer.get("omitted") or {}
        rest = whole(left["amount"]) if isinstance(left, Mapping) and left.get("amount") else 0
        head = f"{what}, {found[0]['figure']['currency']}"
        number = int(left.get("rows", 0)) if isinstance(left, Mapping) else 0
        table = Table((head, "amount"), tuple(rows), (False,), number, (rest,))
    texts = [str(value) for key in ("sentence", "detail") if (value := answer.get(key))]
    listed = [
        text for key in ("notes", "gaps", "not_seen", "unknown") for text in answer.get(key, ())
    ]
    lines = [Line(text) for text in texts] + notes(map(str, listed))
    return Message(
        summary=f"{title(about)}: {what}" if about else what,
        title=title(about, what) if about else what,
        lines=tuple(lines) or (Line(f"{len(rows):,} rows." if rows else "There is nothing."),),
        table=table,
        context=small(about) if about else (),
    )
