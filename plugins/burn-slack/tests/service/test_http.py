"""Over HTTP: a request is Slack's by its signature and its time, or it is nobody's."""

from __future__ import annotations

import hashlib
import hmac
import socket
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlencode

import httpx
import pytest

from burn.api import AccessError, Desk, ServeRequest
from burn_slack.service import SlackService
from burn_slack.settings import ServiceSettings
from tests.servers.slack import TOKEN, FakeSlack, texts

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])


@pytest.fixture
def url(slack: FakeSlack, desk: Desk) -> Iterator[str]:
    said: list[str] = []
    made = ServiceSettings(
        mode="http", bot_token=TOKEN, signing_secret=SECRET, api=slack.api, port=free_port()
    )
    request = ServeRequest(
        report=lambda _: pytest.fail("a run"), say=said.append, desk=lambda _: desk
    )
    threading.Thread(target=SlackService(made).serve, args=(request,), daemon=True).start()
    end = time.monotonic() + 10
    while not said and time.monotonic() < end:
        time.sleep(0.02)
    return said[0].removeprefix("listening on ")


def post(
    url: str, slack: FakeSlack, *, at: float = 0.0, secret: str = SECRET, tamper: str = ""
) -> httpx.Response:
    form = {
        "command": "/burn", "text": "help", "user_id": "U0ANN", "channel_id": "C0SHOP",
        "team_id": "T000", "response_url": f"{slack.url}/respond/1",
    }  # fmt: skip
    body = urlencode(form)
    stamp = str(int(time.time() + at))
    mac = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256)
    headers = {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={mac.hexdigest()}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return httpx.post(url, content=body + tamper, headers=headers, timeout=10)


def test_a_signed_request_is_acknowledged_and_answered(url: str, slack: FakeSlack) -> None:
    began = time.monotonic()
    assert post(url, slack).status_code == 200
    assert time.monotonic() - began < 3
    end = time.monotonic() + 10
    while not slack.responses and time.monotonic() < end:
        time.sleep(0.02)
    (answer,) = slack.responses
    assert any("/burn why" in one["text"] for one in texts(answer["blocks"]))
    assert httpx.get(url.replace("/slack/events", "/health")).text == "ok"


def test_what_is_not_slacks_is_refused_and_asks_nothing(url: str, slack: FakeSlack) -> None:
    assert post(url, slack, secret="a" * 32).status_code == 401
    assert post(url, slack, tamper="&text=why").status_code == 401
    assert post(url, slack, at=-400).status_code == 401, "an old request is a replay"
    assert httpx.post(url, content="command=/burn").status_code == 401
    assert httpx.post(url, content="x" * (2 << 20)).status_code == 413
    assert httpx.post(url.replace("events", "other"), content="x").status_code == 404
    time.sleep(0.3)
    assert slack.responses == []


def test_a_taken_port_is_told(slack: FakeSlack, desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        made = ServiceSettings(
            mode="http",
            bot_token=TOKEN,
            signing_secret=SECRET,
            api=slack.api,
            port=taken.getsockname()[1],
        )
        request = ServeRequest(
            report=lambda _: pytest.fail("a run"), say=print, desk=lambda _: desk
        )
        with pytest.raises(AccessError, match="cannot listen on"):
            SlackService(made).serve(request)
