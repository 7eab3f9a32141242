"""Over HTTP: which hosts a request may name, and whose token it carries."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from mcp.server.auth.provider import AccessToken
from mcp.server.auth.settings import AuthSettings
from mcp.server.transport_security import TransportSecuritySettings

from burn_mcp.settings import LOOPBACK, McpSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mcp.server.lowlevel.server import Server
    from starlette.applications import Starlette

MOST_BYTES = 256 * 1024
"""Of a request: questions are short."""


class Tokens:
    """The people whose tokens are known.

    Args:
        tokens: by person.
    """

    def __init__(self, tokens: Mapping[str, str]) -> None:
        self._tokens = {person: token.encode() for person, token in tokens.items()}

    async def verify_token(self, token: str) -> AccessToken | None:
        """Whose it is; looks at every one, so that time tells nothing."""
        given = token.encode()
        found: str | None = None
        for person, known in self._tokens.items():
            if hmac.compare_digest(given, known):
                found = person
        # The SDK keeps what it is given: the person, and never the token.
        return AccessToken(token="", client_id=found, scopes=[]) if found else None


def app(server: Server, settings: McpSettings) -> Starlette:
    """The server as an ASGI application at `/mcp`, with no session that could outlive its token."""
    names = [f"[{name}]" if ":" in name else name for name in LOOPBACK]
    security = TransportSecuritySettings(
        enable_dns_rebinding_protection=True,
        allowed_hosts=[*(f"{name}:*" for name in names), *settings.hosts],
        allowed_origins=[f"http://{name}:*" for name in names]
        + [f"https://{name}" for name in settings.hosts],
    )
    auth = None
    if settings.tokens:
        from pydantic import AnyHttpUrl

        here = AnyHttpUrl(f"http://{names[0]}:{settings.port}")
        auth = AuthSettings(issuer_url=here, resource_server_url=None)
    return server.streamable_http_app(
        json_response=True,
        stateless_http=True,
        max_request_body_size=MOST_BYTES,
        transport_security=security,
        host=settings.host,
        auth=auth,
        token_verifier=Tokens(settings.tokens) if settings.tokens else None,
    )
