"""The app's manifest: what Slack's page asks for, with the least that burn needs."""

from __future__ import annotations

import json
from typing import Any

from burn_slack.settings import ServiceSettings

_URL = "https://burn.example.com/slack/events"


def scopes(settings: ServiceSettings) -> list[str]:
    """Of the bot: answers need `commands` alone, files two more."""
    return ["commands", *(["files:write", "im:write"] if settings.files else [])]


def manifest(settings: ServiceSettings) -> str:
    """As JSON, to paste."""
    socket = settings.mode == "socket"
    command: dict[str, Any] = {
        "command": "/burn",
        "description": "Why the bill is not what the Kubernetes report says",
        "usage_hint": "why | ns NAME | team NAME | diff | forecast | plan | ask …",
        "should_escape": False,
    }
    interactivity: dict[str, Any] = {"is_enabled": True}
    if not socket:
        command["url"] = interactivity["request_url"] = _URL
    made = {
        "display_information": {"name": "burn", "description": "Kubernetes cost, explained"},
        "features": {
            "bot_user": {"display_name": "burn", "always_online": False},
            "slash_commands": [command],
        },
        "oauth_config": {"scopes": {"bot": scopes(settings)}},
        "settings": {
            "interactivity": interactivity,
            "org_deploy_enabled": False,
            "socket_mode_enabled": socket,
            "token_rotation_enabled": False,
        },
    }
    return json.dumps(made, indent=2, ensure_ascii=False)
