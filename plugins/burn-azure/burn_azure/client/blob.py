"""Exports in Blob storage, through pyarrow's own Azure file system."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from burn.api import AccessError, UsageError

if TYPE_CHECKING:
    from burn.api.bills.arrow_files import ArrowFiles
    from burn_azure.settings import AzureSettings

_URL = re.compile(r"^(?:abfss?|az)://([^@/]+)@([a-z0-9]+)(?:\.[a-z0-9.]+)?(?:/(.*))?$")
NEED = "the role Storage Blob Data Reader on the container"


def blob_files(url: str, settings: AzureSettings, setting: str) -> ArrowFiles:
    """The files below `abfss://container@account.dfs.core.windows.net/folder`.

    Credentials are found as by every Azure SDK (environment, workload identity, `az login`).

    Raises:
        UsageError: the URL has another form.
        AccessError: this pyarrow cannot talk to Azure.
    """
    from burn.api.bills.arrow_files import ArrowFiles

    found = _URL.match(url)
    if not found:
        raise UsageError(
            f"{setting} is `{url}`, which names no container and account",
            hint="use abfss://container@account.dfs.core.windows.net/folder",
        )
    container, account, folder = found[1], found[2], found[3] or ""
    try:
        from pyarrow.fs import AzureFileSystem

        system = AzureFileSystem(account_name=account, **_options(settings))
    except (ImportError, OSError, ValueError) as error:
        raise AccessError(
            f"{url} cannot be opened: {str(error).splitlines()[0][:200]}",
            hint=f"sign in with `az login`; reading needs {NEED}",
        ) from error
    base = f"{container}/{folder}"
    return ArrowFiles(system, url, base, settings.cache_dir, setting=setting, need=NEED)


def _options(settings: AzureSettings) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if settings.storage_key:
        options["account_key"] = settings.storage_key
    if settings.storage_url:
        scheme, _, authority = settings.storage_url.rstrip("/").partition("://")
        for kind in ("blob", "dfs"):
            options[f"{kind}_storage_authority"] = authority
            options[f"{kind}_storage_scheme"] = scheme
    return options
