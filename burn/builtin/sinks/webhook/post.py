"""One POST, tried again where that can help and cannot tell anything twice. Nothing quotes the address."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from burn.api import AccessError, conceal

if TYPE_CHECKING:
    import httpx
    from tenacity import RetryCallState

LONGEST_WAIT = 60.0
"""Seconds of a Retry-After that are waited."""
_BUSY = (429, 502, 503, 504)
_TRIES = 4


class _BusyError(Exception):
    def __init__(self, cause: str, after: float = 0.0) -> None:
        super().__init__(cause)
        self.after = after


def post(
    url: str,
    body: Any,
    headers: Mapping[str, str],
    timeout: float,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Post JSON.

    Raises:
        AccessError: it cannot be reached, or refuses it.
    """
    from tenacity import Retrying, retry_if_exception_type, stop_after_attempt

    _hide(url)
    retrying = Retrying(
        stop=stop_after_attempt(_TRIES),
        wait=_wait,
        sleep=sleep,
        retry=retry_if_exception_type(_BusyError),
        reraise=True,
    )
    try:
        retrying(_once, url, body, headers, timeout)
    except _BusyError as error:
        raise AccessError(
            f"the webhook did not take the digest: {error}", hint="run it again when it is up"
        ) from None


def _once(url: str, body: Any, headers: Mapping[str, str], timeout: float) -> None:
    import httpx

    try:
        answer = httpx.post(url, json=body, headers=dict(headers), timeout=timeout)
    except httpx.ConnectError:
        raise _BusyError("it cannot be reached") from None
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        # Past the connection it may have been taken: trying again could tell it twice.
        raise AccessError(
            f"the webhook gave no answer: {type(error).__name__}",
            hint="see that sink.webhook.url is right, and sink.webhook.timeout long enough",
        ) from None
    if answer.status_code in _BUSY and (after := _after(answer)) <= LONGEST_WAIT:
        raise _BusyError(f"HTTP {answer.status_code}", after)
    if not answer.is_success:
        raise AccessError(
            f"the webhook did not take the digest: HTTP {answer.status_code}",
            hint="see that sink.webhook.url is the newest, and sink.webhook.shape what it takes",
        )


def _after(answer: httpx.Response) -> float:
    text = answer.headers.get("Retry-After", "")
    return float(text) if text.isdecimal() else 0.0


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = error.after if isinstance(error, _BusyError) else 0.0
    return max(asked, 0.5 * 2.0**state.attempt_number)


def _hide(url: str) -> None:
    """All of the address, and what in it may be the password."""
    parts = urlsplit(url)
    conceal(
        [url, parts.path.strip("/"), parts.query, *(value for _, value in parse_qsl(parts.query))]
    )
