"""Azurite, the emulator of Blob storage, with the lab's exports in it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

from burn_azure.settings import AzureSettings
from tests.lab.azure_export import write_azure
from tests.servers.azure_world import charged

ACCOUNT = "devstoreaccount1"
ROOT = Path(__file__).parents[2]
AZURITE = (
    os.environ.get("BURN_AZURITE")
    or shutil.which("azurite-blob")
    or shutil.which("azurite-blob", path=ROOT / ".venv/azurite/node_modules/.bin")
)
"""What `make test` puts there, where npm is."""
URL = f"abfss://exports@{ACCOUNT}.dfs.core.windows.net/daily"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
"""Azurite's published key: everybody has it."""


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def sas(expiry: str, allowed: str = "rl") -> str:
    """A shared access signature of the account, as Azure's documents say to sign it."""
    version, kinds = "2019-12-12", "https,http"
    signed = [ACCOUNT, allowed, "b", "sco", "", expiry, "", kinds, version, ""]
    made = hmac.new(base64.b64decode(KEY), "\n".join(signed).encode(), hashlib.sha256).digest()
    sig = quote(base64.b64encode(made).decode(), safe="")
    return f"sv={version}&ss=b&srt=sco&sp={allowed}&se={quote(expiry)}&spr={kinds}&sig={sig}"


@contextmanager
def azurite(root: Path) -> Iterator[AzureSettings]:
    """A running Azurite that holds the lab's exports; data and cache lie below `root`."""
    if not AZURITE:
        need = "azurite-blob is not here: `make azurite` fetches it where npm is installed"
        if os.environ.get("BURN_REQUIRE_AZURITE") == "1":
            pytest.fail(need)
        pytest.skip(need)
    port = free_port()
    settings = AzureSettings(
        bill=URL, storage_key=KEY, storage_url=f"http://127.0.0.1:{port}",
        cache=str(root / "cache"), price_list="off",
    )  # fmt: skip
    options = ["--silent", "--disableTelemetry", "--skipApiVersionCheck"]
    command = [AZURITE, "--blobPort", str(port), "--location", str(root / "data"), *options]
    with subprocess.Popen(command) as server:
        try:
            for _ in range(300):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            put(settings, write_azure(charged(), root / "bill"), "daily")
            yield settings
        finally:
            server.terminate()


def put(settings: AzureSettings, folder: Path, name: str) -> None:
    """Copy a folder into the container, under a name."""
    from pyarrow.fs import AzureFileSystem, FileType, LocalFileSystem, copy_files

    scheme, _, authority = settings.storage_url.partition("://")
    options = {
        f"{kind}_storage_{what}": value
        for kind in ("blob", "dfs")
        for what, value in (("authority", authority), ("scheme", scheme))
    }
    system = AzureFileSystem(account_name=ACCOUNT, account_key=KEY, **options)
    system.create_dir("exports")
    copy_files(str(folder), f"exports/{name}", LocalFileSystem(), system)
    assert system.get_file_info(f"exports/{name}").type == FileType.Directory
