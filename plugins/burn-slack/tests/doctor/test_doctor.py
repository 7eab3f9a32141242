"""Doctor: tokens, scopes and webhooks, without a message."""

from __future__ import annotations

import json

import pytest

from burn.api import Check, CheckRequest, ServeRequest
from burn_slack.service import SlackService
from burn_slack.settings import DigestSettings, ServiceSettings
from burn_slack.sink import SlackSink
from tests.servers.slack import APP_TOKEN, TOKEN, FakeSlack


def sink(**settings: object) -> dict[str, Check]:
    made = SlackSink(DigestSettings(**settings))  # type: ignore[arg-type]
    return {one.name: one for one in made.check(CheckRequest())}


def test_a_webhook_is_checked_without_posting(slack: FakeSlack) -> None:
    assert sink(webhook=slack.webhook)["webhook"].ok
    gone = sink(webhook=slack.url + "/services/T000/B000/gone")["webhook"]
    assert (gone.ok, "make another" in gone.hint) == (False, True)
    slack.broken = True
    assert "HTTP 503" in sink(webhook=slack.webhook)["webhook"].detail
    assert slack.messages == []


def test_a_bot_needs_the_scopes_of_what_it_does(slack: FakeSlack) -> None:
    channel = {"bot_token": TOKEN, "channel": "C0SHOP", "api": slack.api}
    slack.scopes = "chat:write"
    assert all(one.ok for one in sink(**channel).values())
    found = sink(**channel, attach=("report.html",))
    assert (found["scope chat:write"].ok, found["scope files:write"].ok) == (True, False)
    wrong = sink(bot_token="xoxb-wrong", channel="C0SHOP", api=slack.api)["bot token"]
    assert (wrong.ok, "copy it anew" in wrong.hint, "xoxb" in wrong.detail) == (False, True, False)
    assert not sink()["receiver"].ok


def test_the_service_needs_both_tokens(slack: FakeSlack) -> None:
    slack.socket_url = "ws://127.0.0.1:9/"
    made = ServiceSettings(bot_token=TOKEN, app_token=APP_TOKEN, api=slack.api)
    found = {one.name: one.ok for one in SlackService(made).check(CheckRequest())}
    assert found == {
        "bot token": True,
        "scope commands": True,
        "scope files:write": True,
        "scope im:write": True,
        "app token": True,
    }
    swapped = ServiceSettings(bot_token=TOKEN, app_token=TOKEN, api=slack.api, files=False)
    found = {one.name: one.ok for one in SlackService(swapped).check(CheckRequest())}
    assert found == {"bot token": True, "scope commands": True, "app token": False}


@pytest.mark.parametrize("mode", ["socket", "http"])
def test_the_manifest_asks_for_no_more_than_doctor_checks(
    mode: str, capsys: pytest.CaptureFixture[str]
) -> None:
    made = ServiceSettings(mode=mode, print_manifest=True, files=False)  # type: ignore[arg-type]
    request = ServeRequest(report=pytest.fail, say=pytest.fail, desk=pytest.fail)  # type: ignore[arg-type]
    SlackService(made).serve(request)
    manifest = json.loads(capsys.readouterr().out)
    assert manifest["oauth_config"]["scopes"]["bot"] == ["commands"]
    assert manifest["settings"]["socket_mode_enabled"] is (mode == "socket")
    (command,) = manifest["features"]["slash_commands"]
    assert ("url" in command) is (mode == "http")
