"""burn-mcp in burn's conformance kit, over HTTP, with the SDK's own client."""

from __future__ import annotations

import socket
import time
from typing import Any

import anyio
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client

from burn.api import Service
from burn.testing import ServiceConformance
from burn_mcp.service import McpService
from burn_mcp.settings import McpSettings


def _free() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class TestMcp(ServiceConformance):
    plugin = "mcp"
    port = _free()

    def make(self) -> Service:
        # The kit has no [access], so that everybody sees all.
        return McpService(McpSettings(transport="http", port=self.port))

    def use(self, said: str) -> None:
        url = said.removeprefix("listening on ")
        assert url == f"http://127.0.0.1:{self.port}/mcp"
        self._wait()

        async def ask() -> Any:
            async with Client(streamable_http_client(url)) as client:
                tools = {tool.name for tool in (await client.list_tools()).tools}
                answer = await client.call_tool("summary", {})
                return tools, answer.structured_content, answer.is_error

        tools, answer, wrong = anyio.run(ask)
        assert {"summary", "ledger", "calculate"} <= tools
        assert not wrong
        assert answer["about"]["window"] == "2026-10-01..2026-10-02"

    def _wait(self) -> None:
        for _ in range(100):
            with socket.socket() as trial:
                if trial.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
