"""Whether tokens are right and have the scopes that are needed; posts nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from burn.api import AccessError, Check
from burn_slack.client.errors import denied, refused, unreachable, word_of
from burn_slack.client.sdk import web_client, webhook_client

if TYPE_CHECKING:
    from burn_slack.settings import DigestSettings, ServiceSettings

_THERE = ("no_text", "invalid_payload", "missing_text_or_fallback_or_attachments")
"""How a webhook that works answers a message without a text."""


def of_sink(settings: DigestSettings) -> Iterator[Check]:
    """The webhook, or the token with the scopes for the channel."""
    if settings.webhook:
        yield _webhook(settings.webhook, settings.timeout)
    elif settings.channel:
        scopes = ["chat:write", *(["files:write"] if settings.attach else [])]
        yield from of_token(settings.bot_token, settings.api, settings.timeout, scopes)
    else:
        yield Check(
            name="receiver",
            ok=False,
            detail="neither a webhook nor a channel is set: messages are printed",
            hint="set sink.slack.webhook, or bot_token and channel",
        )


def of_service(settings: ServiceSettings) -> Iterator[Check]:
    """The bot's token with its scopes, and the token that opens connections."""
    from burn_slack.manifest import scopes

    yield from of_token(settings.bot_token, settings.api, settings.timeout, scopes(settings))
    if settings.mode == "socket":
        yield _app_token(settings)


def of_token(token: str, api: str, timeout: float, scopes: Iterable[str]) -> Iterator[Check]:
    """Whether Slack knows the token, and each scope that is needed."""
    from slack_sdk.errors import SlackApiError, SlackClientError

    name = "bot token"
    try:
        answer = web_client(token, api, timeout).auth_test()
    except SlackApiError as error:
        yield _failed(name, denied(error, "take it"))
        return
    except (SlackClientError, OSError, ValueError) as error:
        yield _failed(name, unreachable(error, "check it"))
        return
    yield Check(name=name, ok=True, detail=f"{answer['user']} in {answer['team']}")
    headers = {key.lower(): value for key, value in answer.headers.items()}
    value = headers.get("x-oauth-scopes", "")
    has = {one.strip() for one in str(value).split(",")}
    for scope in scopes:
        yield Check(
            name=f"scope {scope}",
            ok=scope in has,
            detail="granted" if scope in has else "not granted",
            hint="add it on the app's page, OAuth & Permissions, and install the app again",
        )


def _app_token(settings: ServiceSettings) -> Check:
    """Whether it may open a connection; the address it gets is not used."""
    from slack_sdk.errors import SlackApiError, SlackClientError

    name = "app token"
    client = web_client(settings.app_token, settings.api, settings.timeout)
    try:
        client.apps_connections_open(app_token=settings.app_token)
    except SlackApiError as error:
        return _failed(name, denied(error, "take it"))
    except (SlackClientError, OSError, ValueError) as error:
        return _failed(name, unreachable(error, "check it"))
    return Check(name=name, ok=True, detail="it may open connections")


def _webhook(url: str, timeout: float) -> Check:
    """An empty message is refused by a webhook that works, and nothing is posted."""
    try:
        answer = webhook_client(url, timeout).send(text="")
    except (OSError, ValueError) as error:
        return _failed("webhook", unreachable(error, "check it"))
    word = word_of(answer.body, answer.status_code)
    if answer.status_code == 400 and word in _THERE:
        return Check(name="webhook", ok=True, detail="it is there; nothing was posted")
    return _failed("webhook", refused(word, "take a message"))


def _failed(name: str, error: AccessError) -> Check:
    return Check(name=name, ok=False, detail=error.message, hint=error.hint or "")
