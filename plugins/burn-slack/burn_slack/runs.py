"""`/burn run`: starts one where the person may, and says how it ends."""

from __future__ import annotations

import time
from collections.abc import Callable

from burn.api import Desk
from burn_slack.answer.commands import Wanted
from burn_slack.client.reply import Reply
from burn_slack.show.message import Button, Line, Message

_EVERY = 2.0
_LONGEST = 29 * 60.0
"""Seconds: Slack takes answers for half an hour."""
_TELL = (20.0, 120.0, 600.0)
"""After how long the progress is shown anew: five answers are all there are."""


def follow(
    desk: Desk, wanted: Wanted, reply: Reply, sleep: Callable[[float], None] = time.sleep
) -> None:
    """Start a run, show how it does, and say how it ended.

    Raises:
        AccessError: the person may not start one.
        UsageError: the window is none, or a run is not done yet.
    """
    job = desk.ask("start_run", {"window": str(wanted.params.get("window") or "")})
    reply.send(_running(job["window"], "It has begun"))
    waited, told = 0.0, 0
    while job["state"] == "running" and waited < _LONGEST:
        sleep(_EVERY)
        waited += _EVERY
        job = desk.ask("job", {"id": job["id"]})
        if told < len(_TELL) and waited >= _TELL[told] and job["state"] == "running":
            told += 1
            steps = f", {job['steps_done']} of {job['steps']}" if job["steps"] else ""
            reply.send(_running(job["window"], f"It is at {job['stage']}{steps}"), replace=True)
    reply.send(_ended(job))


def _running(window: str, what: str) -> Message:
    text = f"{what}. A run reads the metrics and the bill anew, which takes minutes."
    return Message(summary=text, title=f"burn run · {window}", lines=(Line(text),))


def _ended(job: dict[str, object]) -> Message:
    state, window = job["state"], job["window"]
    buttons: tuple[Button, ...] = ()
    if state == "done":
        text = f"The report is there, after {job['seconds']:.0f} seconds."
        buttons = (Button("Show it", "summary", {"run": job["run"]}),)
    elif state == "failed":
        text = f"It failed: {job['error']}"
    else:
        text = "It still runs; its report will be the latest: /burn shows it then."
    title = f"burn run · {window}"
    return Message(summary=text, title=title, lines=(Line(text),), buttons=buttons)
