"""What is refused before anything listens, what a client is configured with, and what is not imported."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from burn.api import UsageError
from burn_mcp.clients import config
from burn_mcp.settings import McpSettings

from .conftest import ANN, BEA, BURN

TOKEN = "t" * 24


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"transport": "http", "host": "0.0.0.0"}, "which others reach"),
        ({"tokens": {"mcp:ann": "short"}}, "less than 24"),
        ({"tokens": {"mcp:ann": TOKEN, "mcp:bea": TOKEN}}, "same token"),
        ({"port": 0}, "from 1 to 65535"),
    ],
)
def test_what_would_be_open_or_odd_is_refused(values: dict[str, Any], told: str) -> None:
    with pytest.raises(UsageError, match=told) as caught:
        McpSettings(**values)
    assert TOKEN not in f"{caught.value.message} {caught.value.hint}"


def test_with_tokens_others_may_be_let_in() -> None:
    assert (
        McpSettings(transport="http", host="0.0.0.0", tokens={"mcp:ann": TOKEN}).host == "0.0.0.0"
    )


@pytest.mark.parametrize(
    ("client", "key"), [("claude", "mcpServers"), ("cursor", "mcpServers"), ("vscode", "servers")]
)
def test_a_client_is_told_how_to_start_burn_or_where_it_is(client: Any, key: str) -> None:
    started = json.loads(config(McpSettings(print_config=client)))[key]["burn"]
    assert (Path(started["command"]).name, started["args"]) == ("burn", ["serve", "mcp"])
    there = McpSettings(print_config=client, transport="http", port=9000, tokens={"mcp:ann": TOKEN})
    at = json.loads(config(there))[key]["burn"]
    assert at["url"] == "http://127.0.0.1:9000/mcp"
    assert TOKEN not in json.dumps(at), "a configuration file is no place for it"


def test_tokens_are_shown_nowhere(home: Path) -> None:
    shown = subprocess.run(
        [*BURN, "--print-config", "claude", "--set", "service.mcp.transport=http"],
        cwd=home,
        capture_output=True,
        text=True,
        check=True,
    )
    odd = subprocess.run(
        [*BURN, "--set", f"service.mcp.tokens=mcp:ann={ANN},mcp:bea={ANN}"],
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
    )
    assert odd.returncode == 2
    assert not any(token in one.stdout + one.stderr for one in (shown, odd) for token in (ANN, BEA))


def test_a_port_that_is_taken_is_told(home: Path, http: str) -> None:
    port = http.rpartition(":")[2].partition("/")[0]
    sets = ["--set", "service.mcp.transport=http", "--set", f"service.mcp.port={port}"]
    taken = subprocess.run([*BURN, *sets], cwd=home, capture_output=True, text=True, check=False)
    assert (taken.returncode, f"cannot listen on 127.0.0.1:{port}" in taken.stderr) == (4, True)


def test_the_sdk_is_imported_when_it_serves_and_not_before() -> None:
    code = (
        "import sys, burn_mcp.hooks; burn_mcp.hooks.burn_services();"
        "print([m for m in sys.modules if m.split('.')[0] in ('mcp', 'starlette', 'anyio', 'pydantic')])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
