"""`[service.mcp]` in burn.toml."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from burn.api import UsageError, setting

LOOPBACK = ("127.0.0.1", "localhost", "::1")
_SHORTEST = 24


@dataclass(frozen=True, slots=True)
class McpSettings:
    """`[service.mcp]` in burn.toml."""

    transport: Literal["stdio", "http"] = setting(
        "stdio", help="stdio: a client starts burn and talks to it; http: burn listens"
    )
    host: str = setting(
        "127.0.0.1", help="address to listen on; another than this machine's needs tokens"
    )
    port: int = setting(8765, help="port to listen on")
    hosts: tuple[str, ...] = setting(
        (),
        help="names by which clients may reach it over HTTP, with their port, e.g. burn.example.com:443; this"
        " machine's are always among them",
    )
    tokens: dict[str, str] = setting(
        {},
        secret=True,
        help="a bearer token for each person, called as in [access], e.g. mcp:ann; without any, nobody is asked",
    )
    person: str = setting(
        help="whose view is shown over stdio, or over HTTP without tokens, as [access] calls them;"
        " empty: over stdio all, over HTTP that of mcp:anonymous"
    )
    print_config: Literal["", "claude", "cursor", "vscode"] = setting(
        "", help="print what to put into this client's configuration, and serve nothing"
    )

    def __post_init__(self) -> None:
        if not 0 < self.port < 65536:
            raise UsageError(f"service.mcp.port is {self.port}; it must be from 1 to 65535")
        if self.transport == "http" and self.host not in LOOPBACK and not self.tokens:
            raise UsageError(
                f"service.mcp.host is `{self.host}`, which others reach, and there are no tokens",
                hint="give each person one: [service.mcp.tokens], or BURN_SERVICE__MCP__TOKENS",
            )
        for person, token in self.tokens.items():
            if len(token) < _SHORTEST:
                raise UsageError(
                    f"the token of `{person}` in service.mcp.tokens has less than {_SHORTEST} characters",
                    hint="make one with `openssl rand -hex 24`",
                )
        if len(set(self.tokens.values())) < len(self.tokens):
            raise UsageError("two people in service.mcp.tokens have the same token")
