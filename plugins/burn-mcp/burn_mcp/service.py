"""`burn serve mcp`: over standard input and output, or over HTTP."""

from __future__ import annotations

import sys
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING

from burn.api import AccessError, BurnError, ServeRequest
from burn_mcp.clients import config
from burn_mcp.settings import McpSettings

if TYPE_CHECKING:
    from mcp.server.lowlevel.server import Server

    from burn.api import Desk

ANONYMOUS = "mcp:anonymous"


class McpService:
    """See the module.

    Args:
        settings: `[service.mcp]`.
    """

    def __init__(self, settings: McpSettings) -> None:
        self._settings = settings

    def serve(self, request: ServeRequest) -> None:
        """Serve until it is stopped, or until the client closes its end.

        Raises:
            AccessError: the port cannot be listened on.
        """
        if self._settings.print_config:
            sys.stdout.write(config(self._settings) + "\n")
            return
        from burn_mcp.server import made

        Thread(target=_warm, args=(request.desk(None),), daemon=True).start()
        if self._settings.transport == "stdio":
            person = self._settings.person or None
            _over_stdio(made(lambda _: request.desk(person)))
            return
        anybody = self._settings.person or ANONYMOUS
        self._over_http(made(lambda who: request.desk(who or anybody)), request)

    def _over_http(self, server: Server, request: ServeRequest) -> None:
        import socket

        import uvicorn

        from burn_mcp.http import app

        host, port = self._settings.host, self._settings.port
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, port))
        except OSError as error:
            listening.close()
            raise AccessError(
                f"cannot listen on {host}:{port}: {error.strerror or error}",
                hint="choose another service.mcp.port or service.mcp.host",
            ) from error
        request.say(f"listening on http://{host}:{port}/mcp")
        served = uvicorn.Config(app(server, self._settings), log_level="warning", access_log=False)
        with listening:
            uvicorn.Server(served).run(sockets=[listening])


def _over_stdio(server: Server) -> None:
    import anyio
    from mcp.server.stdio import stdio_server

    async def talk() -> None:
        async with stdio_server() as (read, write):
            await server.run(read, write, server.create_initialization_options())

    anyio.run(talk)


def _warm(desk: Desk) -> None:
    """Import and read what the first answer needs, while the client still introduces itself."""
    with suppress(BurnError):
        desk.ask("ledger", {"limit": 1})
        desk.ask("allocation", {"limit": 1})
