"""One client of Azure Resource Manager's cost management, and how its calls are repeated."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from burn_azure.client.credentials import credential
from burn_azure.client.errors import explained, retry_after, status_of

if TYPE_CHECKING:
    from azure.mgmt.costmanagement import CostManagementClient
    from tenacity import RetryCallState

    from burn_azure.settings import AzureSettings

T = TypeVar("T")
ATTEMPTS = 6
LONGEST = 120.0
"""Seconds: a longer wait is not waited for."""


def client_of(settings: AzureSettings) -> CostManagementClient:
    """A client with the credentials that azure-identity finds; none over plain HTTP."""
    from azure.core.pipeline.policies import SansIOHTTPPolicy
    from azure.mgmt.costmanagement import CostManagementClient

    url = settings.management_url.rstrip("/")
    more: dict[str, Any] = {}
    if url.startswith("http://"):  # an emulator: a token must not travel unencrypted
        more["authentication_policy"] = SansIOHTTPPolicy()
    return CostManagementClient(
        credential(),
        base_url=url,
        credential_scopes=["https://management.azure.com/.default"],
        retry_total=0,
        polling_interval=1,
        **more,
    )


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
