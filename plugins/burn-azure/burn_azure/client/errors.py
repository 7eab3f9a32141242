"""What went wrong at Azure, as burn's errors with a next step; never with a secret."""

from __future__ import annotations

import re

from burn.api import AccessError
from burn_azure.client.credentials import SIGN_IN

ROLE = "Cost Management Reader"
_SECRET = re.compile(r"(sig|sv|se|token|secret|password|key)=[^&\s]+", re.I)


def status_of(error: Exception) -> int:
    """The HTTP status of an SDK error; 0 without one."""
    return int(getattr(error, "status_code", 0) or 0)


def explained(error: Exception, what: str) -> AccessError:
    """The error of a call, naming the permission or setting that would help."""
    status = status_of(error)
    if type(error).__name__ in ("ClientAuthenticationError", "CredentialUnavailableError"):
        return AccessError(
            f"{what}: no Azure credentials were found or accepted",
            hint=SIGN_IN,
        )
    if status in (401, 403):
        return AccessError(
            f"not allowed: {what} ({status})",
            hint=f"grant the role {ROLE} on the scope to the identity that burn runs as",
        )
    if status == 429:
        return AccessError(
            f"{what}: Azure kept throttling",
            hint="wait some minutes, or read an export instead (provider.azure.bill)",
        )
    if status == 404:
        return AccessError(
            f"{what}: the scope does not exist",
            hint="check provider.azure.scope: /subscriptions/ID, …/resourceGroups/NAME or a"
            " management group's id",
        )
    return AccessError(
        f"{what} failed: {line(error)}", hint="check provider.azure.scope and the network"
    )


def line(error: Exception) -> str:
    """An error in one line, without what could be a signature or secret."""
    return _SECRET.sub(r"\1=…", " ".join(str(error).split()))[:300]
