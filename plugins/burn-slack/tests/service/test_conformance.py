"""The service passes the kit, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from burn.api import Service
from burn.testing import ServiceConformance
from burn_slack.service import SlackService
from burn_slack.settings import ServiceSettings
from tests.servers.slack import TOKEN, FakeSlack


class TestSlack(ServiceConformance):
    about = "over HTTP"
    plugin = "slack"

    @pytest.fixture(autouse=True)
    def _slack(self, slack: FakeSlack) -> Iterator[None]:
        import socket

        with socket.create_server(("127.0.0.1", 0)) as one:
            self.port = int(one.getsockname()[1])
        self.slack = slack
        return

    def make(self) -> Service:
        return SlackService(
            ServiceSettings(
                mode="http",
                bot_token=TOKEN,
                signing_secret="a" * 32,
                api=self.slack.api,
                port=self.port,
            )
        )

    def use(self, said: str) -> None:
        url = said.removeprefix("listening on ")
        assert httpx.get(url.replace("/slack/events", "/health")).text == "ok"
        assert httpx.post(url, content="command=/burn").status_code == 401
