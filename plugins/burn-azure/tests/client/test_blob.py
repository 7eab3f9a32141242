"""Exports in Blob storage: the real Arrow client against Azurite, where that is installed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from burn.api import AccessError, UsageError
from burn_azure.client.blob import NEED
from burn_azure.identity import identify
from burn_azure.provider import AzureProvider
from burn_azure.settings import AzureSettings
from tests.lab.azure_export import write_azure
from tests.servers.azure_world import charged, inventory, scope, window

ACCOUNT = "devstoreaccount1"
ROOT = Path(__file__).parents[4]
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


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AzureSettings]:
    """A running Azurite that holds the lab's exports."""
    if not AZURITE:
        need = "azurite-blob is not here: `make azurite` fetches it where npm is installed"
        if os.environ.get("BURN_REQUIRE_AZURITE") == "1":
            pytest.fail(need)
        pytest.skip(need)
    from pyarrow.fs import AzureFileSystem, FileType, LocalFileSystem, copy_files

    root, port = tmp_path_factory.mktemp("azurite"), free_port()
    command = [AZURITE, "--blobPort", str(port), "--location", str(root / "data"), "--silent"]
    with subprocess.Popen([*command, "--skipApiVersionCheck"]) as server:
        try:
            authority = f"127.0.0.1:{port}"
            for _ in range(300):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            options = {
                f"{kind}_storage_{what}": value
                for kind in ("blob", "dfs")
                for what, value in (("authority", authority), ("scheme", "http"))
            }
            system = AzureFileSystem(account_name=ACCOUNT, account_key=KEY, **options)
            system.create_dir("exports")
            folder = write_azure(charged(), root / "bill")
            copy_files(str(folder), "exports/daily", LocalFileSystem(), system)
            assert system.get_file_info("exports/daily").type == FileType.Directory
            yield AzureSettings(
                bill=URL, storage_key=KEY, storage_url=f"http://{authority}",
                cache=str(root / "cache"), price_list="off",
            )  # fmt: skip
        finally:
            server.terminate()


def test_blob_storage_says_what_the_folder_says(storage: AzureSettings, tmp_path: Path) -> None:
    local = replace(storage, bill=str(write_azure(charged(), tmp_path)))
    keys = identify(inventory())
    here = AzureProvider(local).bill(scope(), window(), keys)
    there = AzureProvider(storage).bill(scope(), window(), keys)
    assert there.rows.equals(here.rows)
    assert there.control == here.control
    (look,) = list(AzureProvider(storage).check())
    assert look.ok
    assert "amortized" in look.detail


def test_a_wrong_key_names_the_role_and_not_the_key(storage: AzureSettings) -> None:
    wrong = KEY[:-10] + "AAAAAAAA=="
    provider = AzureProvider(replace(storage, storage_key=wrong))
    with pytest.raises(AccessError) as refused:
        provider.bill(scope(), window(), identify(inventory()))
    assert NEED in str(refused.value.hint)
    assert wrong not in refused.value.message


@pytest.mark.parametrize("url", ["abfss://exports", "az://x/y", "s3://bucket/x", "abfss://@a.b/c"])
def test_a_url_of_another_form_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match=r"provider\.azure\.bill"):
        AzureProvider(AzureSettings(bill=url)).bill(scope(), window(), identify(inventory()))
