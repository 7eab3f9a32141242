"""What burn finds of this plugin. The SDK is imported when it serves, not before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from burn.api import ServiceSpec, hookimpl
from burn_mcp.settings import McpSettings

if TYPE_CHECKING:
    from burn.api import Service


def _make(settings: McpSettings) -> Service:
    from burn_mcp.service import McpService

    return McpService(settings)


@hookimpl
def burn_services() -> Sequence[ServiceSpec]:
    """The service."""
    return [
        ServiceSpec(
            name="mcp",
            summary="Answers for AI clients (Model Context Protocol), over stdio or HTTP",
            make=_make,
            settings=McpSettings,
        )
    ]
