"""Kept reports, and burn serving them: a process that the SDK's own client talks to."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from mcp import StdioServerParameters

from burn.history.place import Place
from burn.history.store import History
from tests.unit.questions.conftest import keep_both, october

BURN = (sys.executable, "-m", "burn", "serve", "mcp")
ANN, BEA = "ann-" + "a" * 24, "bea-" + "b" * 24
CONFIG = f"""
[history]
path = "{{here}}/kept"

[access.grants.shop]
people = ["mcp:ann"]
namespaces = ["shop"]

[access.grants.all]
people = ["mcp:bea"]
namespaces = ["*"]

[service.mcp.tokens]
"mcp:ann" = "{ANN}"
"mcp:bea" = "{BEA}"
"""


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two kept reports and a burn.toml."""
    folder = tmp_path_factory.mktemp("mcp")
    keep_both(History(Place(str(folder / "kept"))), october())
    (folder / "burn.toml").write_text(CONFIG)
    return folder


@pytest.fixture
def stdio(home: Path) -> Callable[..., StdioServerParameters]:
    """How a client starts burn, with settings."""

    def started(*sets: str) -> StdioServerParameters:
        more = [part for one in sets for part in ("--set", f"service.mcp.{one}")]
        command, *args = BURN
        return StdioServerParameters(
            command=command, args=[*args, *more], cwd=home, env=dict(os.environ)
        )

    return started


@pytest.fixture(scope="session")
def http(home: Path) -> Iterator[str]:
    """The address of burn serving over HTTP, with tokens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    sets = ["--set", "service.mcp.transport=http", "--set", f"service.mcp.port={port}"]
    with subprocess.Popen([*BURN, *sets], cwd=home, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            assert "listening on" in process.stderr.readline()
            for _ in range(100):
                with socket.socket() as trial:
                    if trial.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}/mcp"
        finally:
            process.terminate()
            process.wait(10)
