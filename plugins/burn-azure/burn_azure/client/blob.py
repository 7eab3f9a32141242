"""Exports in Blob storage, through pyarrow's own Azure file system."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from burn.api import AccessError, UsageError
from burn.api.bills.files.remote import ArrowFiles
from burn_azure.client.credentials import SIGN_IN, require_storage_token
from burn_azure.client.errors import line
from burn_azure.client.stderr import silenced

if TYPE_CHECKING:
    from burn_azure.settings import AzureSettings

_URL = re.compile(r"^(?:abfss?|az)://([^@/?]+)@([a-z0-9]+)(?:\.[a-z0-9.]+)?(?:/([^?]*))?$")
NEED = "the role Storage Blob Data Reader on the container"
_REFUSED = re.compile(r"\b(?:401|403)\b|Authenticat|Authoriz")


class BlobFiles(ArrowFiles):
    """Files of a container; what Azure refuses is an AccessError with the next step.

    `sign` says with what: key, SAS, or nothing, for a token. `shell` says whether Arrow's
    client would complain on the terminal that there is no `az` to ask.
    """

    sign = ""
    shell = True

    @contextmanager
    def _reached(self, what: str) -> Iterator[None]:
        from pyarrow.lib import ArrowException

        try:
            with silenced(not self.shell):
                yield
        except (OSError, ArrowException) as error:
            text = line(error)[:200]
            if "Failed to get token" in text or "CredentialUnavailable" in text:
                raise AccessError(
                    f"{what} cannot be read: no Azure credentials were found or accepted",
                    hint=SIGN_IN,
                ) from error
            if not _REFUSED.search(text):
                raise AccessError(f"{what} cannot be read: {text}", hint=self._hint) from error
            raise AccessError(f"{what} may not be read: {text}", hint=self._refused()) from error

    def _refused(self) -> str:
        if self.sign == "storage_sas":
            return "is the SAS expired? make one with read and list, or sign in with `az login`"
        named = f"check provider.azure.{self.sign}; " if self.sign else ""
        return f"{named}reading needs {NEED}"


def blob_files(url: str, settings: AzureSettings, setting: str) -> BlobFiles:
    """The files below `abfss://container@account.dfs.core.windows.net/folder`.

    Credentials are a key or SAS of the settings, else found as by every Azure SDK (environment,
    workload identity, `az login`).

    Raises:
        UsageError: the URL has another form.
        AccessError: this pyarrow cannot talk to Azure, or there are no credentials.
    """
    found = _URL.match(url)
    if not found:
        secret = "?" in url  # a signature does not belong into a message
        raise UsageError(
            f"{setting} is `{url.partition('?')[0]}`, which names no container and account"
            if not secret
            else f"{setting} has a query behind `{url.partition('?')[0]}`",
            hint="put a SAS into provider.azure.storage_sas"
            if secret
            else "use abfss://container@account.dfs.core.windows.net/folder",
        )
    container, account, folder = found[1], found[2], found[3] or ""
    options, sign = _options(settings)
    if not sign:
        require_storage_token(url)
    try:
        from pyarrow.fs import AzureFileSystem

        system = AzureFileSystem(account_name=account, **options)
    except (ImportError, OSError, ValueError) as error:
        raise AccessError(
            f"{url} cannot be opened: {line(error)[:200]}",
            hint=f"{SIGN_IN}; reading needs {NEED}",
        ) from error
    base = f"{container}/{folder}"
    files = BlobFiles(system, url, base, settings.cache_dir, setting=setting, need=NEED)
    files.sign, files.shell = sign, bool(sign or shutil.which("az"))
    return files


def _options(settings: AzureSettings) -> tuple[dict[str, Any], str]:
    """Arguments of the file system, and the setting that signs its calls, if any."""
    options: dict[str, Any] = {}
    sign = ""
    if settings.storage_sas:
        options["sas_token"] = "?" + settings.storage_sas.lstrip("?")
        sign = "storage_sas"
    elif settings.storage_key:
        options["account_key"] = settings.storage_key
        sign = "storage_key"
    if settings.storage_url:
        scheme, _, authority = settings.storage_url.rstrip("/").partition("://")
        for kind in ("blob", "dfs"):
            options[f"{kind}_storage_authority"] = authority
            options[f"{kind}_storage_scheme"] = scheme
    return options, sign
