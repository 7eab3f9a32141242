"""What to put into a client's configuration, so that it finds burn."""

from __future__ import annotations

import json
import shutil
from typing import Any

from burn_mcp.settings import McpSettings

_KEYS = {"claude": "mcpServers", "cursor": "mcpServers", "vscode": "servers"}
_TOKEN = "Bearer ${BURN_TOKEN}"  # noqa: S105  a place for one


def config(settings: McpSettings) -> str:
    """JSON for the client that `print_config` names: of burn started by it, or at its address."""
    one: dict[str, Any]
    if settings.transport == "http":
        one = {"type": "http", "url": f"http://{settings.host}:{settings.port}/mcp"}
        if settings.tokens:
            one["headers"] = {"Authorization": _TOKEN}
    else:
        one = {"type": "stdio", "command": shutil.which("burn") or "burn", "args": ["serve", "mcp"]}
    return json.dumps({_KEYS[settings.print_config]: {"burn": one}}, indent=2)
