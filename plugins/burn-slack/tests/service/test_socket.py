"""The real Bolt over a websocket on loopback: acknowledged at once, answered to one person, in Slack's limits."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode import SocketModeHandler

from burn.api import Desk, ServeRequest
from burn.history.store import History
from burn.questions import opened
from burn.questions.access import AccessSettings, Grant
from burn.questions.rules import meant
from burn_slack.client.sdk import quiet, web_client
from burn_slack.listen import app_of
from burn_slack.settings import ServiceSettings
from tests.servers.slack import APP_TOKEN, TOKEN, FakeSlack, texts
from tests.servers.slack_socket import SlackSocket

Ask = Callable[..., list[dict[str, Any]]]


def request_of(desk: Callable[[str | None], Desk], said: list[str]) -> ServeRequest:
    return ServeRequest(
        report=lambda _: pytest.fail("no report is made for an answer"),
        say=said.append,
        desk=desk,
        meant=lambda at, text: [(o.question, o.params) for o in meant(at, text)],  # type: ignore[arg-type]
    )


class Served:
    """A service that answers over the socket, in a thread of its own."""

    def __init__(
        self, slack: FakeSlack, desk: Callable[[str | None], Desk], **settings: Any
    ) -> None:
        self.slack, self.socket, self.said = slack, SlackSocket(), []  # type: ignore[var-annotated]
        self.socket.start()
        slack.socket_url = self.socket.url
        made = ServiceSettings(bot_token=TOKEN, app_token=APP_TOKEN, api=slack.api, **settings)
        client = web_client(TOKEN, slack.api, 5)
        self.handler: Any = SocketModeHandler(
            app_of(made, request_of(desk, self.said), client),
            APP_TOKEN,
            logger=quiet(),
            web_client=web_client(APP_TOKEN, slack.api, 5),
        )
        self.handler.connect()
        assert self.socket.connected.wait(5)

    def ask(self, text: str, **more: str) -> list[dict[str, Any]]:
        return self._answers(lambda url: self.socket.command(text, url, **more))

    def press(self, value: str, action: str, **user: str) -> list[dict[str, Any]]:
        return self._answers(lambda url: self.socket.press(value, action, url, **user))

    def _answers(self, send: Callable[[str], str], most: float = 20.0) -> list[dict[str, Any]]:
        before = len(self.slack.responses)
        name = send(f"{self.slack.url}/respond/1")
        end = time.monotonic() + most
        while time.monotonic() < end and (
            len(self.slack.responses) == before or name not in self.socket.acked
        ):
            time.sleep(0.02)
        assert self.socket.acked[name] < 3.0, "Slack shows an error to the person after 3 seconds"
        assert self.slack.refused == []
        return self.slack.responses[before:]

    def close(self) -> None:
        """Slack hangs up first: the SDK would wait three seconds for something to read."""
        self.handler.client.auto_reconnect_enabled = False
        self.socket.close()
        self.handler.close()


@pytest.fixture
def serve(slack: FakeSlack) -> Iterator[Callable[..., Served]]:
    made: list[Served] = []

    def start(desk: Callable[[str | None], Desk], **settings: Any) -> Served:
        made.append(Served(slack, desk, **settings))
        return made[-1]

    yield start
    for one in made:
        one.close()


def body(answer: dict[str, Any]) -> str:
    return "\n".join([answer["text"], *(one["text"] for one in texts(answer["blocks"]))])


def buttons(answer: dict[str, Any]) -> dict[str, dict[str, str]]:
    found = [e for b in answer["blocks"] if b["type"] == "actions" for e in b["elements"]]
    return {one["text"]["text"]: one for one in found}


@pytest.mark.parametrize(
    ("text", "shows"),
    [
        ("", "The Kubernetes report says"),
        ("why", "The Kubernetes report says"),
        ("why spot", "Interruptible capacity"),
        ("ns", "namespace, USD"),
        ("ns shop", "shop comes to"),
        ("team", "owner, USD"),
        ("diff", "changed by"),
        ("diff 2026-09 2026-10", "From 2026-09 to 2026-10"),
        ("forecast", "is forecast to be billed"),
        ("plan", "act on"),
        ("budgets", "budgets have reached a limit"),
        ("ask why is the bill higher than the report?", "The Kubernetes report says"),
        ("trend", "the newest"),
        ("missing", "What this report does not know"),
        ("ask how did cost go over time?", "the newest"),
        ("help", "/burn forecast"),
        ("nonsense", "/burn help lists them"),
        ("ns nobody-has-this", "no namespace"),
        ("run", "cannot be started"),
    ],
)
def test_a_command_is_answered_to_who_asked(
    serve: Callable[..., Served], desk: Desk, text: str, shows: str
) -> None:
    answers = serve(lambda _: desk).ask(text)
    assert shows in body(answers[0])
    assert {one["response_type"] for one in answers} == {"ephemeral"}


def test_buttons_go_down_the_ledger_and_share_shows_it_to_the_channel(
    serve: Callable[..., Served], desk: Desk
) -> None:
    served = serve(lambda _: desk)
    (summary,) = served.ask("")
    (why,) = served.press(buttons(summary)["Why"]["value"], buttons(summary)["Why"]["action_id"])
    ledger = desk.ask("ledger")
    row = max(
        (r for r in ledger["rows"] if r["name"] != "report"),
        key=lambda r: abs(float(r["figure"]["amount"])),
    )
    driver = buttons(why)[row["title"]]
    (behind,) = served.press(driver["value"], driver["action_id"])
    exact = float(desk.ask("explain", {"of": row["name"]})["total"]["amount"])
    (table,) = (b for b in behind["blocks"] if b["type"] == "table")
    assert float(table["rows"][-1][1]["text"].replace(",", "")) == round(exact, 2)
    share = buttons(behind)["Share in channel"]
    (shared,) = served.press(share["value"], share["action_id"])
    assert (shared["response_type"], "shared by ann" in body(shared)) == ("in_channel", True)


def test_slack_is_acknowledged_while_an_answer_takes_its_time(
    serve: Callable[..., Served], desk: Desk
) -> None:
    class Slow:
        questions = ()

        def ask(self, name: str, params: Any = None) -> dict[str, Any]:
            time.sleep(3.2)
            return desk.ask(name, params)

        def document(self, run: str, name: str) -> str:
            raise NotImplementedError

    assert serve(lambda _: Slow()).ask("plan")


def test_what_a_person_may_not_see_is_in_no_answer(
    serve: Callable[..., Served], history: History, both: object
) -> None:
    own = opened(history)
    access = AccessSettings(grants={"shop": Grant(people=("slack:U0ANN",), namespaces=("shop",))})
    asked: list[str | None] = []

    def of(person: str | None) -> Desk:
        asked.append(person)
        return own.of(person, access)

    served = serve(of)
    (part,) = served.ask("")
    assert "The Kubernetes report says" not in body(part)
    assert "shop" in body(part)
    (why,) = served.ask("why")
    assert "hidden from you" in body(why)
    (nobody,) = served.ask("ns", user_id="U0BOB")
    assert "shop " not in body(nobody)
    assert asked == ["slack:U0ANN", "slack:U0ANN", "slack:U0BOB"]


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"users": ("U0BOB",)}, "U0ANN to service.slack.users"),
        ({"channels": ("C0OPS",)}, "C0SHOP to service.slack.channels"),
    ],
)
def test_who_is_on_no_list_gets_no_answer_from_commands_or_buttons(
    serve: Callable[..., Served], settings: dict[str, Any], says: str
) -> None:
    served = serve(lambda _: pytest.fail("a desk was made"), **settings)
    value = json.dumps(["summary", {}])
    assert says in body(served.ask("")[0])
    assert says in body(served.press(value, "burn_ask:0")[0])
    assert says in body(served.press(value, "burn_share:0")[0])
    assert says in body(served.press(value, "burn_files:0")[0])


def test_a_channels_view_is_that_of_the_channel(serve: Callable[..., Served], desk: Desk) -> None:
    asked: list[str | None] = []

    def of(person: str | None) -> Desk:
        asked.append(person)
        return desk

    serve(of, view="channel").ask("")
    assert asked == ["slack:C0SHOP"]


def test_files_go_to_who_asks_for_them(
    slack: FakeSlack, serve: Callable[..., Served], history: History, both: object
) -> None:
    own = opened(history, write=lambda _, name: f"all of {name}")
    served = serve(lambda _: own)
    value = json.dumps(["files", {"run": "latest"}])
    (told,) = served.press(value, "burn_files:0")
    assert "direct messages" in body(told)
    assert slack.uploads == {n: f"all of {n}".encode() for n in ("report.html", "ledger.csv")}
    assert slack.messages[0]["channel"] == "D0ANN"
    slack.scopes = "commands"
    (refused,) = served.press(value, "burn_files:0")
    assert "add the scope files:write" in body(refused)


@pytest.mark.parametrize(
    "value", ["", "{}", "[]", '["no-such-view",{}]', '["why",{"x":1}]', "[1,2,3]"]
)
def test_a_button_that_is_not_burns_changes_nothing(
    serve: Callable[..., Served], desk: Desk, value: str
) -> None:
    served = serve(lambda _: desk)
    (answer,) = served.press(value, "burn_ask:0")
    for inside in ("Traceback", "json", "Error", "/work", ".py"):
        assert inside not in body(answer)
    assert served.ask("help")


def test_a_defect_is_told_without_what_is_inside(serve: Callable[..., Served]) -> None:
    def broken(_: str | None) -> Desk:
        raise RuntimeError("postgres://burn:hunter2@db/secret is down")

    served = serve(broken)
    (answer,) = served.ask("")
    assert "Burn failed to answer this" in body(answer)
    assert "hunter2" not in body(answer) + " ".join(served.said)
    assert served.said == ["slack: a request failed: RuntimeError"]


def test_an_address_that_is_not_slacks_is_not_answered(
    slack: FakeSlack, serve: Callable[..., Served], desk: Desk
) -> None:
    served = serve(lambda _: desk)
    served.socket.command("", "https://evil.example.com/steal")
    end = time.monotonic() + 10
    while not served.said and time.monotonic() < end:
        time.sleep(0.02)
    assert served.said == ["slack: an answer was refused: response_url is not Slack's"]
    assert slack.responses == []
