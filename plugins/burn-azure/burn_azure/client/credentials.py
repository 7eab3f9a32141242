"""Credentials as azure-identity finds them, asked for quietly and within seconds."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from burn.api import AccessError

if TYPE_CHECKING:
    from azure.identity import DefaultAzureCredential

STORAGE = "https://storage.azure.com/.default"
SIGN_IN = "sign in with `az login`, or set AZURE_CLIENT_ID, AZURE_TENANT_ID and a secret"
_NOT_ARROW = ("shared_token_cache", "visual_studio_code", "powershell", "developer_cli", "broker")
"""Sources that Arrow's own client does not know."""


def credential(*, arrow: bool = False) -> DefaultAzureCredential:
    """The default chain; what it tried is in burn's error, not in warnings on the terminal.

    Args:
        arrow: only sources that Arrow's file system knows as well.
    """
    from azure.identity import DefaultAzureCredential

    log = logging.getLogger("azure")
    if not log.handlers:  # else Python's handler of last resort prints its warnings
        log.addHandler(logging.NullHandler())
    left = {f"exclude_{name}_credential": True for name in _NOT_ARROW} if arrow else {}
    return DefaultAzureCredential(process_timeout=10, **left)


def require_storage_token(url: str) -> None:
    """Ask for a token before Arrow does, which says less about what is missing.

    Raises:
        AccessError: there are no credentials, or they are expired or refused.
    """
    from azure.core.exceptions import AzureError

    try:
        credential(arrow=True).get_token(STORAGE)
    except AzureError as error:
        raise AccessError(
            f"{url} cannot be read: no Azure credentials were found or accepted", hint=SIGN_IN
        ) from error
