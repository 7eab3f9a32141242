"""How calls of Cost Management are repeated: how often, how long apart, and what is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from burn_azure.client.errors import explained, status_of

if TYPE_CHECKING:
    from tenacity import RetryCallState

T = TypeVar("T")
ATTEMPTS = 6
LONGEST = 120.0
"""Seconds: a longer wait is not waited for."""


def repeated(call: Callable[[], T], what: str) -> T:
    """The result of a call, repeated when it was throttled or the service stumbled.

    Raises:
        AccessError: it failed for good.
    """
    from azure.core.exceptions import AzureError
    from tenacity import Retrying, retry_if_exception, stop_after_attempt

    def again(error: BaseException) -> bool:
        if not isinstance(error, AzureError):
            return False
        status = status_of(error)
        return (status == 429 and (retry_after(error) or 0) <= LONGEST) or status >= 500

    def pause(state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = retry_after(error) if isinstance(error, Exception) else None
        return asked if asked is not None else min(2.0**state.attempt_number, LONGEST)

    try:
        for attempt in Retrying(
            retry=retry_if_exception(again),
            stop=stop_after_attempt(ATTEMPTS),
            wait=pause,
            reraise=True,
        ):
            with attempt:
                return call()
    except AzureError as error:
        raise explained(error, what) from error
    raise AssertionError("unreachable")


def retry_after(error: Exception) -> float | None:
    """Seconds until the service takes the next call: the longest of its headers.

    Cost Management says it by what was used up: entity, tenant, client type, or query units
    (`x-ms-ratelimit-microsoft.costmanagement-qpu-retry-after`), beside the standard header.
    """
    headers: dict[str, Any] = dict(getattr(getattr(error, "response", None), "headers", {}) or {})
    found = [
        float(value)
        for name, value in headers.items()
        if name.lower().endswith("retry-after") and str(value).replace(".", "", 1).isdigit()
    ]
    return max(found) if found else None
