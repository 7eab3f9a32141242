"""/burn run: for who may, with its progress, in no more answers than Slack takes."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from burn.api import AccessError
from burn.history.store import History
from burn.questions import opened
from burn.questions.access import AccessSettings
from burn_slack.answer.commands import parse
from burn_slack.client.reply import Reply
from burn_slack.runs import follow
from tests.servers.slack import FakeSlack, texts


def said(answer: dict[str, Any]) -> str:
    return " ".join(one["text"] for one in texts(answer["blocks"]))


def replying(slack: FakeSlack) -> Reply:
    return Reply(f"{slack.url}/respond/1", slack.api, 5, tables=True)


def test_a_run_tells_that_it_begins_how_it_does_and_how_it_ends(
    slack: FakeSlack, history: History, both: dict[str, Any]
) -> None:
    going, asked = threading.Event(), []

    def start(window: str, events: Any) -> str:
        asked.append(window)
        events.started("bill", 3)
        events.advanced("bill")
        assert going.wait(10)
        return list(both)[-1]

    desk = opened(history, start=start).of("slack:U0ANN", AccessSettings(runs=("slack:U0ANN",)))
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) > 400:  # 800 seconds of Slack's half hour
            going.set()
            threading.Event().wait(0.02)

    follow(desk, parse("run 2026-10"), replying(slack), sleep)
    assert asked == ["2026-10"]
    began, *progress, ended = slack.responses
    assert "It has begun" in said(began)
    assert [one["replace_original"] for one in progress] == [True] * 3
    assert "It is at bill, 1 of 3" in said(progress[0])
    assert "The report is there" in said(ended)
    assert len(slack.responses) <= 5, "Slack takes no more for one command"


def test_who_may_not_start_one_is_told(slack: FakeSlack, history: History, both: object) -> None:
    def start(window: str, events: Any) -> str:
        raise AssertionError("it was started")

    desk = opened(history, start=start).of("slack:U0BOB", AccessSettings(runs=("slack:U0ANN",)))
    with pytest.raises(AccessError, match="cannot be started"):
        follow(desk, parse("run"), replying(slack), lambda _: None)
    assert slack.responses == []
