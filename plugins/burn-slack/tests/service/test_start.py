"""What the service says when it starts: where it answers, or which token is wrong."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from burn.api import AccessError, Desk, ServeRequest, UsageError
from burn_slack.service import SlackService
from burn_slack.settings import ServiceSettings
from tests.servers.slack import APP_TOKEN, TOKEN, FakeSlack
from tests.servers.slack_socket import SlackSocket


def request_of(desk: Callable[[str | None], Desk], said: list[str]) -> ServeRequest:
    return ServeRequest(report=lambda _: pytest.fail("a run"), say=said.append, desk=desk)


@pytest.mark.parametrize(
    ("settings", "error", "says"),
    [
        (
            {"bot_token": "xoxb-wrong", "app_token": APP_TOKEN},
            AccessError,
            "bot_token: invalid_auth",
        ),
        (
            {"bot_token": TOKEN, "app_token": TOKEN},
            AccessError,
            "app_token: not_allowed_token_type",
        ),
        ({"bot_token": TOKEN}, UsageError, "app_token is not set"),
        ({"bot_token": TOKEN, "mode": "http"}, UsageError, "signing_secret is not set"),
    ],
)
def test_wrong_tokens_are_told_at_the_start(
    slack: FakeSlack, desk: Desk, settings: dict[str, Any], error: type[Exception], says: str
) -> None:
    made = ServiceSettings(api=slack.api, **settings)

    def serve() -> None:
        SlackService(made).serve(request_of(lambda _: desk, []))

    with pytest.raises(error, match=says) as caught:
        serve()
    assert "xoxb" not in str(caught.value)


def test_the_service_says_where_it_answers_and_stops(slack: FakeSlack, desk: Desk) -> None:
    socket = SlackSocket()
    socket.start()
    slack.socket_url = socket.url
    said: list[str] = []
    made = ServiceSettings(bot_token=TOKEN, app_token=APP_TOKEN, api=slack.api)
    request = request_of(lambda _: desk, said)
    threading.Thread(target=SlackService(made).serve, args=(request,), daemon=True).start()
    end = time.monotonic() + 10
    while not said and time.monotonic() < end:
        time.sleep(0.02)
    assert said == ["answering /burn in Shop"]
    socket.command("help", f"{slack.url}/respond/1")
    while not slack.responses and time.monotonic() < end:
        time.sleep(0.02)
    assert slack.responses[0]["text"] == "What /burn takes"
    socket.close()
