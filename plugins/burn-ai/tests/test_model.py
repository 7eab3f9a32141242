"""What the kit does not ask: the library's function model, addresses, time, errors, and what is imported when."""

from __future__ import annotations

import asyncio
import gc
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart, ThinkingPart, ToolCallPart
from pydantic_ai.models.function import AgentInfo, FunctionModel
from pydantic_ai.models.test import TestModel as LibraryModel

from burn.api import (
    AccessError,
    BurnError,
    DataError,
    Message,
    Model,
    PluginError,
    QuestionSpec,
    Turn,
    TurnRequest,
    UsageError,
)
from burn_ai.model import PydanticAiModel
from burn_ai.settings import AiSettings
from tests.servers.anthropic import Anthropic

Make = Callable[..., Model]
KEY = "key-0123"
TOOL = QuestionSpec(
    name="ledger",
    title="t",
    about="the walk",
    parameters={"type": "object", "properties": {"by": {"type": "string"}}, "required": ["by"]},
    answer={},
)
TALK = (Message(role="system", text="be good"), Message(role="user", text="why?"))
ASKED = TurnRequest(messages=TALK, tools=(TOOL,), most_tokens=77)
SETTINGS = AiSettings(model="function:scripted")


def test_the_librarys_own_model_calls_a_tool_by_its_schema() -> None:
    turn = PydanticAiModel(SETTINGS, LibraryModel()).turn(ASKED)
    ((name, arguments),) = [(call.name, call.arguments) for call in turn.calls]
    assert name == "ledger"
    assert isinstance(arguments["by"], str)


def test_no_loop_is_left_to_whoever_runs_one_next() -> None:
    """A loop that nobody closes is told of by the garbage collector, in a test that has no part in it."""
    PydanticAiModel(SETTINGS, LibraryModel()).turn(ASKED)
    asyncio.run(asyncio.sleep(0))
    gc.collect()


def test_what_a_model_said_goes_back_to_it_as_it_was() -> None:
    """Thoughts and what a provider signs in a call are part of it; some refuse a talk without them."""
    seen: list[list[ModelMessage]] = []
    first = ModelResponse(
        parts=[
            ThinkingPart("hm", signature="signed"),
            ToolCallPart("ledger", {"by": "group"}, provider_details={"thought_signature": "x"}),
        ]
    )

    def says(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        assert [tool.name for tool in info.function_tools] == ["ledger"]
        seen.append(messages)
        return first if len(seen) == 1 else ModelResponse(parts=[TextPart("done")])

    model = PydanticAiModel(SETTINGS, FunctionModel(says))
    calls = model.turn(ASKED).calls
    said = Message(role="assistant", text="", calls=calls)
    answered = Message(role="tool", text="{}", answers=calls[0].id)
    talk = TurnRequest(messages=(*TALK, said, answered), tools=(TOOL,), most_tokens=5)
    assert model.turn(talk).text == "done"
    assert seen[1][1].parts[0] == ThinkingPart("hm", signature="signed")
    assert seen[1][1].parts[1].provider_details == {"thought_signature": "x"}
    assert [len(one.parts) for one in seen[1]] == [2, 2, 1]


def test_arguments_that_are_no_json_are_said_and_not_guessed() -> None:
    said = ModelResponse(parts=[ToolCallPart("ledger", '{"by": "gro')])
    (call,) = PydanticAiModel(SETTINGS, FunctionModel(lambda *_: said)).turn(ASKED).calls
    assert set(call.arguments) == {"INVALID_JSON"}


@pytest.mark.parametrize(
    ("ended", "says"), [("max_tokens", "length"), ("refusal", "content_filter")]
)
def test_half_an_answer_is_none(api: Anthropic, make: Make, ended: str, says: str) -> None:
    """It might hold half a figure."""
    api.turns, api.ended = [Turn(text="It is $1,0", sent=1, said=1)], ended
    with pytest.raises(DataError, match=f"is not whole: {says}"):
        make().turn(ASKED)


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"{}", b"<html>", b'{"content": [{"type": "text", "text": 7}]}']
)
def test_what_is_no_answer_is_not_guessed_at(api: Anthropic, make: Make, raw: bytes) -> None:
    api.turns, api.raw = [Turn(text="x")], raw
    with pytest.raises(DataError, match="cannot be understood"):
        make().turn(ASKED)


def test_silence_is_no_answer(api: Anthropic, make: Make) -> None:
    api.turns = [Turn(sent=1, said=1)]
    with pytest.raises(DataError):
        make().turn(ASKED)


def test_the_key_goes_to_the_address_and_no_further(api: Anthropic, make: Make) -> None:
    api.turns = [Turn(text="hello", sent=1, said=1)]
    assert make().turn(ASKED).text == "hello"
    assert KEY in api.keys[0]
    api.fault = 307, "elsewhere"
    with pytest.raises(AccessError):
        make().turn(ASKED)
    assert {path.partition("?")[0] for path in api.paths} == {"/v1/messages"}


def test_a_turn_ends_in_time(api: Anthropic, make: Make) -> None:
    api.turns, api.seconds = [Turn(text="late", sent=1, said=1)], 1.0
    with pytest.raises(AccessError, match=r"within 0\.2 s") as caught:
        make(timeout=0.2).turn(ASKED)
    assert "model.pydantic-ai.timeout" in (caught.value.hint or "")


def test_errors_hold_no_key_and_no_control_character(api: Anthropic, make: Make) -> None:
    """As they are, before burn looks for secrets in what it prints."""
    for status in (400, 401, 403, 404, 429, 529):
        api.fault = status, f"\x1b[1mbad {KEY}"
        with pytest.raises(AccessError) as caught:
            make().turn(ASKED)
        assert KEY not in f"{caught.value.message}{caught.value.hint}{caught.value.__cause__}"
        assert "\x1b" not in caught.value.message
    with pytest.raises(AccessError, match="cannot be reached"):
        make(url="http://127.0.0.1:1").turn(ASKED)


@pytest.mark.parametrize(
    ("given", "wrong", "says"),
    [
        ({"model": ""}, UsageError, "must name a provider and a model"),
        ({"model": "claude"}, UsageError, "must name a provider and a model"),
        ({"model": "nobody:x"}, UsageError, "no provider `nobody`"),
        ({"model": "nobody:x", "key": "", "url": ""}, UsageError, "cannot be set up"),
        ({"model": "anthropic:x", "key": ""}, UsageError, "ANTHROPIC_API_KEY"),
        ({"model": "gateway/anthropic:x"}, UsageError, "by variables of its own"),
        ({"model": "cohere:x"}, PluginError, "is not installed"),
        ({"url": "claude.example"}, UsageError, "is not a URL"),
        ({"timeout": 0.0}, UsageError, "timeout is 0.0"),
        ({"price_in": -1.0}, UsageError, "price_in is -1.0"),
        ({"key": "key\n"}, UsageError, "key cannot be sent"),
    ],
)
def test_what_is_set_wrong_is_told(
    make: Make,
    monkeypatch: pytest.MonkeyPatch,
    given: dict[str, Any],
    wrong: type[BurnError],
    says: str,
) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    with pytest.raises(wrong, match=says) as caught:
        make(**given)
    assert caught.value.hint or "must be" in caught.value.message
    assert KEY not in f"{caught.value.message}{caught.value.hint}"


def test_a_key_of_the_providers_own_variable_is_concealed(
    api: Anthropic, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    from burn.text.secrets import scrub

    monkeypatch.setenv("ANTHROPIC_API_KEY", "key-of-the-environment")
    api.turns = [Turn(text="hello", sent=1, said=1)]
    make(key="").turn(ASKED)
    assert "key-of-the-environment" in api.keys[0]
    assert scrub("key-of-the-environment") == "<redacted>"


def test_the_library_is_imported_when_a_model_is_made_and_not_before() -> None:
    code = (
        "import sys, burn_ai.hooks; burn_ai.hooks.burn_models()[0].settings();"
        "print([m for m in sys.modules if m.split('.')[0] in ('pydantic_ai', 'anthropic', 'pydantic')])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
