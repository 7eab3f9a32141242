"""What went wrong at Azure, as burn's errors with a next step; never with a secret."""

from __future__ import annotations

import re
from typing import Any

from burn.api import AccessError
from burn_azure.client.credentials import SIGN_IN

ROLE = "Cost Management Reader"
_SECRET = re.compile(r"(sig|sv|se|token|secret|password|key)=[^&\s]+", re.I)


def status_of(error: Exception) -> int:
    """The HTTP status of an SDK error; 0 without one."""
    return int(getattr(error, "status_code", 0) or 0)


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
