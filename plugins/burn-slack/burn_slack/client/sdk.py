"""Slack's SDK, set up: it waits where it is told to, for a minute at most, and logs nothing."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from burn.api import conceal

if TYPE_CHECKING:
    from slack_sdk import WebClient
    from slack_sdk.http_retry.handler import RetryHandler
    from slack_sdk.webhook import WebhookClient

LONGEST_WAIT = 60
"""Seconds of a Retry-After that is obeyed, so that a run cannot be parked for hours."""
_TRIES = 3


def quiet() -> logging.Logger:
    """The SDK quotes addresses and messages in its logs; what fails is told by an error instead."""
    logger = logging.getLogger("burn_slack.sdk")
    logger.propagate = False
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
    return logger


def retries() -> list[RetryHandler]:
    """Once more where nothing arrived, and as often as Slack says that it is too busy.

    A connection that breaks after the request may have told it already: it is not told twice.
    """
    from urllib.error import URLError

    from slack_sdk.http_retry import ConnectionErrorRetryHandler, RateLimitErrorRetryHandler

    class Patient(RateLimitErrorRetryHandler):
        def _can_retry(self, **about: Any) -> bool:
            response = about.get("response")
            if response is None or not super()._can_retry(**about):
                return False
            headers = {name.lower(): value for name, value in response.headers.items()}
            wait = headers.get("retry-after", ["1"])
            first = wait[0] if isinstance(wait, list) else wait
            return str(first).isdecimal() and int(first) <= LONGEST_WAIT

    unsent = ConnectionErrorRetryHandler(error_types=[URLError])
    return [unsent, Patient(max_retry_count=_TRIES)]


def web_client(token: str, api: str, timeout: float) -> WebClient:
    """The web API with a token."""
    from slack_sdk import WebClient

    conceal(token)
    return WebClient(
        token=token,
        base_url=api if api.endswith("/") else f"{api}/",
        timeout=max(1, round(timeout)),
        retry_handlers=retries(),
        logger=quiet(),
    )


def webhook_client(url: str, timeout: float) -> WebhookClient:
    """An incoming webhook: its address is a password."""
    from urllib.parse import urlsplit

    from slack_sdk.webhook import WebhookClient

    conceal([url, urlsplit(url).path.strip("/")])
    return WebhookClient(
        url, timeout=max(1, round(timeout)), retry_handlers=retries(), logger=quiet()
    )
