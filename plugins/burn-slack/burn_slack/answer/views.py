"""The views: which questions each asks, and the message of the answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from burn.api import AccessError, Desk, UsageError
from burn_slack.answer.commands import HELP
from burn_slack.show import ledger, others, over_time
from burn_slack.show.common import pinned
from burn_slack.show.message import Line, Message
from burn_slack.show.others import generic

Params = Mapping[str, Any]
View = Callable[[Desk, Params], Message]
_ROWS = 25


def message(desk: Desk, view: str, params: Params) -> Message:
    """Ask, and show the answer.

    Raises:
        UsageError, AccessError: as the desk says; it may be shown to the person.
    """
    found = VIEWS.get(view)
    if found is None:
        raise UsageError("this view is not known to this burn", hint="/burn help lists what is")
    return found(desk, params)


def of_question(desk: Desk, question: str, params: Params) -> Message:
    """The message of any question of the desk."""
    named = {"ledger": "why", "findings": "plan"}.get(question, question)
    if named in VIEWS:
        return message(desk, named, params)
    title = next((one.title for one in desk.questions if one.name == question), question)
    return generic(desk.ask(question, params), title)


def _summary(desk: Desk, params: Params) -> Message:
    try:
        answer = desk.ask("summary", params)
    except AccessError:
        return _allocation(desk, params)  # who sees a part of it sees that part
    groups = desk.ask("ledger", pinned(answer["about"], by="group"))
    return ledger.summary(answer, groups, params)


def _why(desk: Desk, params: Params) -> Message:
    answer = desk.ask("ledger", {"limit": _ROWS, **params})
    return (
        ledger.why(answer, params)
        if params.get("by", "driver") == "driver"
        else generic(answer, "ledger")
    )


def _explain(desk: Desk, params: Params) -> Message:
    return ledger.explained(desk.ask("explain", params), params)


def _allocation(desk: Desk, params: Params) -> Message:
    return others.allocation(desk.ask("allocation", {"limit": _ROWS, **params}), params)


def _diff(desk: Desk, params: Params) -> Message:
    asked = dict(params)
    if not asked.get("before"):
        asked["before"] = _before(desk, asked.get("after", ""))
    return others.diff(desk.ask("diff", asked), asked)


def _before(desk: Desk, after: str) -> str:
    """The newest report of the same cluster whose window begins earlier."""
    latest: Params | None = None
    offset: int | None = 0
    while offset is not None:
        page = desk.ask("reports", {"limit": 100, "offset": offset})
        for about in (row["about"] for row in page["rows"]):
            if latest is None:
                latest = about if after in ("", about["run"]) else None
            elif _whose(about) == _whose(latest) and about["window"] < latest["window"]:
                return str(about["run"])
        offset = page["next"]
    raise UsageError(
        "there is no earlier report to compare with", hint="name two: /burn diff BEFORE AFTER"
    )


def _whose(about: Params) -> tuple[Any, Any]:
    return about["cluster"], about["provider"]


def _help(desk: Desk, params: Params) -> Message:
    del desk, params
    lines = tuple(Line(about, command) for command, about in HELP)
    return Message(summary="What /burn takes", title="What /burn takes", lines=lines)


VIEWS: dict[str, View] = {
    "summary": _summary,
    "why": _why,
    "explain": _explain,
    "allocation": _allocation,
    "diff": _diff,
    "forecast": lambda desk, params: others.forecast(desk.ask("forecast", params), params),
    "plan": lambda desk, params: others.plan(desk.ask("findings", params), params),
    "budgets": lambda desk, params: others.budgets(desk.ask("budgets", params), params),
    "trend": lambda desk, params: over_time.trend(desk.ask("trend", params), params),
    "missing": lambda desk, params: over_time.missing(desk.ask("missing", params), params),
    "help": _help,
}
