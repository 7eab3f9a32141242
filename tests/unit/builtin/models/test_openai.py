"""The model over HTTP: what it sends, how it signs in, and what it makes of answers."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from burn.api import AccessError, DataError, Message, QuestionSpec, TurnRequest, UsageError
from burn.builtin.models.openai import OpenAIModel
from burn.builtin.models.settings import OpenAISettings
from burn.text.secrets import scrub
from tests.servers.model import ScriptedModel, scripted_model

TOOL = QuestionSpec(
    name="ledger",
    title="t",
    about="the walk",
    parameters={"type": "object", "properties": {}},
    answer={},
)
ASKED = TurnRequest(
    messages=(Message(role="system", text="be good"), Message(role="user", text="why?")),
    tools=(TOOL,),
    most_tokens=77,
)


@pytest.fixture
def server() -> Iterator[ScriptedModel]:
    with scripted_model() as model:
        model.steps = ["hello"]
        yield model


def model(server: ScriptedModel, **more: Any) -> OpenAIModel:
    return OpenAIModel(OpenAISettings(url=server.url, model="qwen", **more))


def test_a_turn_is_one_request(server: ScriptedModel) -> None:
    turn = model(server, key="sk-secret-1").turn(ASKED)
    assert (turn.text, turn.sent, turn.said, turn.cost) == ("hello", 100, 10, None)
    body = server.requests[0]
    assert server.paths == ["/v1/chat/completions"]
    assert server.headers[0]["authorization"] == "Bearer sk-secret-1"
    assert (body["model"], body["max_tokens"]) == ("qwen", 77)
    assert body["messages"][1] == {"role": "user", "content": "why?"}
    assert body["tools"][0]["function"]["name"] == "ledger"


def test_azure_has_its_own_header_and_new_models_their_own_limit(server: ScriptedModel) -> None:
    model(server, key="k-12345", key_header="api-key", limit="max_completion_tokens").turn(ASKED)
    assert server.headers[0]["api-key"] == "k-12345"
    assert "authorization" not in server.headers[0]
    assert server.requests[0]["max_completion_tokens"] == 77


def test_calls_come_and_go_as_the_protocol_has_them(server: ScriptedModel) -> None:
    server.steps = [[("ledger", {"by": "group"})], "done"]
    asked = model(server)
    turn = asked.turn(ASKED)
    (call,) = turn.calls
    assert (call.name, call.arguments) == ("ledger", {"by": "group"})
    talk = (
        *ASKED.messages,
        Message(role="assistant", text="", calls=turn.calls),
        Message(role="tool", text="{}", answers=call.id),
    )
    asked.turn(TurnRequest(messages=talk, tools=(TOOL,), most_tokens=5))
    said, answered = server.requests[1]["messages"][2:]
    assert said["tool_calls"][0]["id"] == answered["tool_call_id"] == call.id
    assert said["tool_calls"][0]["function"]["arguments"] == '{"by": "group"}'


def test_prices_make_a_cost(server: ScriptedModel) -> None:
    """By hand: 100 at 3 and 10 at 15 a million are 0.00045."""
    assert model(server, price_in=3.0, price_out=15.0).turn(ASKED).cost == Decimal("0.00045")


def test_a_busy_server_is_asked_again_and_a_redirect_is_not_followed(server: ScriptedModel) -> None:
    server.faults = [(429, {"retry-after": "0"}), (503, {"retry-after": "0"})]
    assert model(server).turn(ASKED).text == "hello"
    server.faults = [(429, {"retry-after": "0"})] * 3
    with pytest.raises(AccessError, match="too busy: HTTP 429"):
        model(server).turn(ASKED)
    server.faults = [(307, {"location": "http://127.0.0.1:1/"})]
    with pytest.raises(AccessError, match="HTTP 307"):
        model(server, key="sk-secret-2").turn(ASKED)


@pytest.mark.parametrize(
    "raw",
    [b"", b"[]", b"{}", b'{"choices":[]}', b"<html>", b'{"choices":[{"message":{"content":7}}]}'],
)
def test_what_is_no_completion_is_refused(server: ScriptedModel, raw: bytes) -> None:
    server.raw = raw
    with pytest.raises(DataError, match="no chat completion"):
        model(server).turn(ASKED)


@pytest.mark.parametrize("ended", ["length", "content_filter", "error", "insufficient_resource"])
def test_half_an_answer_is_none(server: ScriptedModel, ended: str) -> None:
    """It might hold half a figure; a word that is not known may mean so, too."""
    server.steps, server.ended = ["It is $1,0"], ended
    with pytest.raises(DataError, match=f"is not whole: {ended}"):
        model(server).turn(ASKED)
    server.steps = [[("ledger", {"by": "gro"})]]
    with pytest.raises(DataError, match=f"is not whole: {ended}"):
        model(server).turn(ASKED)


def test_a_server_that_says_nothing_of_the_end_is_believed(server: ScriptedModel) -> None:
    server.raw = b'{"choices": [{"message": {"content": "hello"}}]}'
    assert model(server).turn(ASKED).text == "hello"


def test_refusals_name_the_setting_and_no_secret(server: ScriptedModel) -> None:
    server.faults = [(401, {})]
    with pytest.raises(AccessError, match="refuses access") as caught:
        model(server, key="sk-secret-3").turn(ASKED)
    assert "sk-secret-3" not in scrub(f"{caught.value} {caught.value.hint}")
    with pytest.raises(UsageError, match="model is not set"):
        OpenAIModel(OpenAISettings(url="http://localhost:1/v1"))
    with pytest.raises(UsageError, match="is not a URL"):
        OpenAISettings(url="localhost:11434")
    with pytest.raises(AccessError, match="cannot be reached"):
        OpenAIModel(OpenAISettings(url="http://127.0.0.1:1/v1", model="x")).turn(ASKED)
