"""The SDK's own client, over both transports and in both eras of the protocol."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest
from jsonschema import Draft202012Validator
from mcp import StdioServerParameters
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError

from burn.history.place import Place
from burn.history.store import History
from tests.unit.questions.test_answers import ASKED

from .conftest import ANN, BEA

Started = Callable[..., StdioServerParameters]
ERAS = ("auto", "legacy")
TOKENS = 4_000
LEAST_CHARACTERS = 3.0
"""Of a token, of JSON and English: tokenizers of today make longer ones."""


def over_http(
    url: str, token: str, use: Callable[[Client], Awaitable[Any]], mode: str = "auto"
) -> Any:
    async def talk() -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with (
            httpx2.AsyncClient(headers=headers) as web,
            Client(streamable_http_client(url, http_client=web), mode=mode) as client,  # type: ignore[arg-type]
        ):
            return await use(client)

    return anyio.run(talk)


def over_stdio(
    started: StdioServerParameters, use: Callable[[Client], Awaitable[Any]], mode: str = "auto"
) -> Any:
    async def talk() -> Any:
        async with Client(started, mode=mode) as client:  # type: ignore[arg-type]
            return await use(client)

    return anyio.run(talk)


async def walk(client: Client) -> dict[str, Any]:
    """Everything once: tools, each question, a resource, a prompt."""
    tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    answers = []
    for name, params in ASKED:
        result = await client.call_tool(name, params)
        assert not result.is_error, (name, result.content)
        Draft202012Validator(tools[name].output_schema or {}).validate(result.structured_content)
        assert json.loads(result.content[0].text) == result.structured_content  # type: ignore[union-attr]
        answers.append(result.structured_content)
    listed = (await client.list_resources()).resources
    texts = [(await client.read_resource(one.uri)).contents[0].text for one in listed[:3]]  # type: ignore[union-attr]
    prompt = await client.get_prompt("why_the_gap", {"run": "2026-10"})
    return {"tools": tools, "answers": answers, "texts": texts, "prompt": prompt, "listed": listed}


@pytest.mark.parametrize("mode", ERAS)
def test_all_is_answered_over_stdio(stdio: Started, home: Path, mode: str) -> None:
    found = over_stdio(stdio(), walk, mode)
    ledger = next(
        a for (name, _), a in zip(ASKED, found["answers"], strict=True) if name == "ledger"
    )
    kept = History(Place(str(home / "kept")))
    newest = kept.load(kept.all()[0])
    shown = sum(Decimal(row["figure"]["amount"]) for row in ledger["rows"])
    assert shown + Decimal(ledger["omitted"]["amount"]["amount"]) == Decimal(
        ledger["total"]["amount"]
    )
    assert float(ledger["total"]["amount"]) == pytest.approx(newest.totals.billed, abs=1e-5)
    assert "2026-10" in found["prompt"].messages[0].content.text
    whole, csv, page = found["texts"]
    assert json.loads(whole)["totals"]["billed"] == pytest.approx(newest.totals.billed)
    assert csv.splitlines()[0].startswith("group,driver,subject")
    assert len(csv.splitlines()) == len(newest.ledger) + 1
    assert page.startswith("<!doctype html>")
    assert len(found["listed"]) == 6


@pytest.mark.parametrize("mode", ERAS)
def test_a_token_is_a_person_over_http(http: str, mode: str) -> None:
    async def allocation(client: Client) -> Any:
        rows = (await client.call_tool("allocation", {})).structured_content["rows"]
        ledger = await client.call_tool("ledger", {})
        with_csv = [one.uri for one in (await client.list_resources()).resources]
        try:
            text = (await client.read_resource(with_csv[0])).contents[0].text  # type: ignore[union-attr]
        except MCPError as error:
            text = error.error.message
        return [row["name"] for row in rows], ledger, text

    names, ledger, text = over_http(http, ANN, allocation, mode)
    assert names == ["shop"]
    assert ledger.is_error
    assert "hidden from you" in ledger.content[0].text
    assert "hidden from you" in text
    names, ledger, text = over_http(http, BEA, allocation, mode)
    assert {"shop", "(idle)"} < set(names)
    assert ledger.structured_content["rows"]
    assert json.loads(text)["ledger"]


def test_http_refuses_strangers_and_other_hosts(http: str) -> None:
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    head = {"Accept": "application/json, text/event-stream"}

    def status(**headers: str) -> int:
        return httpx2.post(http, json=body, headers={**head, **headers}).status_code

    assert status() == 401
    assert status(Authorization="Bearer " + "x" * 28) == 401
    known = {"Authorization": f"Bearer {BEA}"}
    assert status(**known, Host="evil.example") == 421
    assert status(**known, Origin="https://evil.example") == 403
    big = httpx2.post(http, content=b"[" + b" " * 300_000, headers={**head, **known})
    assert big.status_code == 413


def test_the_list_of_tools_is_short_and_says_that_they_only_read(stdio: Started) -> None:
    async def listed(client: Client) -> Any:
        return (await client.list_tools()).tools

    tools = over_stdio(stdio(), listed)
    text = json.dumps(
        [tool.model_dump(by_alias=True, exclude_none=True) for tool in tools], separators=(",", ":")
    )
    assert 10 <= len(tools) <= 14
    assert len(text) / LEAST_CHARACTERS < TOKENS
    assert all(tool.annotations.read_only_hint for tool in tools)
    for tool in tools:
        Draft202012Validator.check_schema(tool.input_schema)
        Draft202012Validator.check_schema(tool.output_schema)


BAD: list[tuple[str, dict[str, Any], str]] = [
    ("ledgr", {}, "did you mean `ledger`"),
    ("ledger", {"by": "colour"}, "driver"),
    ("ledger", {"limit": 0}, "greater than or equal to 1"),
    ("ledger", {"limit": "many"}, "limit"),
    ("ledger", {"ruin": "latest"}, "did you mean `run`"),
    ("ledger", {"run": "2031-01"}, "no report of 2031-01"),
    ("explain", {}, "`of`"),
    ("explain", {"of": "x" * 5_000}, "1000"),
    ("explain", {"of": "nobody"}, "there is no"),
    ("allocation", {"where": {"namespace": "shpo"}}, "did you mean `shop`"),
    ("diff", {"before": "2026-09", "by": "colour!"}, "compared by"),
]


def test_a_wrong_question_is_told_how_to_be_right(stdio: Started) -> None:
    async def ask(client: Client) -> list[Any]:
        return [await client.call_tool(name, params) for name, params, _ in BAD]

    for (name, _, told), result in zip(BAD, over_stdio(stdio(), ask), strict=True):
        assert result.is_error, name
        text = result.content[0].text
        assert told in text, text
        assert len(text) < 1_000
        assert "Traceback" not in text


def test_a_wrong_resource_or_prompt_is_told(stdio: Started) -> None:
    async def ask(client: Client) -> list[str]:
        told = []
        for uri in (
            "burn://run/latest/report.exe",
            "burn://run/../../etc/passwd",
            "burn://run/2031-01/ledger.csv",
        ):
            with pytest.raises(MCPError) as caught:
                await client.read_resource(uri)
            told.append(caught.value.error.message)
        for name, arguments in (
            ("nothing", {}),
            ("why_the_gap", {"run": "x\ny"}),
            ("why_the_gap", {"ruin": "x"}),
        ):
            with pytest.raises(MCPError) as caught:
                await client.get_prompt(name, arguments)
            told.append(caught.value.error.message)
        return told

    told = over_stdio(stdio(), ask)
    assert told[0] == told[1] == "there is no such resource; list the resources or their templates"
    assert "2031-01" in told[2]
    assert "why_the_gap" in told[3]


def test_over_stdio_a_person_may_be_set(stdio: Started) -> None:
    async def names(client: Client) -> list[str]:
        return [
            row["name"]
            for row in (await client.call_tool("allocation", {})).structured_content["rows"]
        ]

    assert over_stdio(stdio("person=mcp:ann"), names) == ["shop"]
    assert len(over_stdio(stdio(), names)) > 1
