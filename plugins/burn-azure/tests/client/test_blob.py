"""Exports in Blob storage: the real Arrow client against Azurite, where that is installed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import burn_azure
from burn.api import AccessError, BillRequest, CheckRequest, PeriodRequest, UsageError
from burn_azure.client.blob import NEED
from burn_azure.identity import identify
from burn_azure.provider import AzureProvider
from burn_azure.settings import AzureSettings
from tests.lab.azure_export import write_azure
from tests.servers.azure_world import charged, inventory, scope, window
from tests.servers.azurite import KEY, URL, azurite, sas

SAMPLE = Path(burn_azure.__file__).parent / "sample"


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AzureSettings]:
    with azurite(tmp_path_factory.mktemp("azurite")) as settings:
        yield settings


def test_blob_storage_says_what_the_folder_says(storage: AzureSettings, tmp_path: Path) -> None:
    local = replace(storage, bill=str(write_azure(charged(), tmp_path)))
    keys = identify(inventory())
    here = AzureProvider(local).bill(BillRequest(scope=scope(), window=window(), identities=keys))
    there = AzureProvider(storage).bill(
        BillRequest(scope=scope(), window=window(), identities=keys)
    )
    assert there.rows.equals(here.rows)
    named = ("files", "accounted")  # a copy has another name
    assert [
        [replace(count, file="") for count in getattr(there.control, name)] for name in named
    ] == [[replace(count, file="") for count in getattr(here.control, name)] for name in named]
    nameless = [replace(bill.control, files=(), accounted=()) for bill in (there, here)]
    assert nameless[0] == nameless[1]
    look, *_ = AzureProvider(storage).check(CheckRequest())
    assert look.ok
    assert "amortized" in look.detail


def test_a_wrong_key_names_the_role_and_not_the_key(storage: AzureSettings) -> None:
    wrong = KEY[:-10] + "AAAAAAAA=="
    provider = AzureProvider(replace(storage, storage_key=wrong))
    with pytest.raises(AccessError) as refused:
        provider.bill(BillRequest(scope=scope(), window=window(), identities=identify(inventory())))
    assert NEED in str(refused.value.hint)
    assert wrong not in refused.value.message


def test_a_shared_access_signature_reads(storage: AzureSettings, tmp_path: Path) -> None:
    signed = replace(
        storage, storage_key="", storage_sas=sas("2099-01-01T00:00:00Z"), cache=str(tmp_path)
    )
    found = AzureProvider(signed).bill(
        BillRequest(scope=scope(), window=window(), identities=identify(inventory()))
    )
    assert (
        found.control
        == AzureProvider(storage)
        .bill(BillRequest(scope=scope(), window=window(), identities=identify(inventory())))
        .control
    )


@pytest.mark.parametrize(("expiry", "allowed"), [("2020-01-01", "rl"), ("2099-01-01", "w")])
def test_a_signature_that_is_expired_or_too_weak(
    storage: AzureSettings, expiry: str, allowed: str
) -> None:
    weak = sas(f"{expiry}T00:00:00Z", allowed)
    provider = AzureProvider(replace(storage, storage_key="", storage_sas=weak))
    with pytest.raises(AccessError, match=r"may not be read.*403") as refused:
        provider.bill(BillRequest(scope=scope(), window=window(), identities=identify(inventory())))
    assert "SAS" in str(refused.value.hint)
    assert "sig=" not in refused.value.message.replace("sig=…", "")
    look, *_ = provider.check(CheckRequest())
    assert not look.ok
    assert "SAS" in look.hint


@pytest.mark.parametrize("command", ["run", "doctor"])
def test_nobody_signed_in_is_an_access_error(tmp_path: Path, command: str) -> None:
    """Also for what native code and its children would write to the terminal."""
    home = {"PATH": str(tmp_path), "HOME": str(tmp_path), "AZURE_TOKEN_CREDENTIALS": "dev"}
    given = ["--provider", "azure", "--set", f"provider.azure.bill={URL}"]
    given += ["--set", "provider.azure.price_list=off", "--source", "snapshot"]
    given += ["--set", f"source.snapshot.path={SAMPLE / 'metrics'}", "--cluster", "shop-prod"]
    if command == "run":
        given += ["--window", "2026-10-01..2026-10-03"]
    done = subprocess.run(
        [sys.executable, "-m", "burn", command, *given],
        env=home, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 4, done.stderr
    told = done.stdout + done.stderr
    assert "az login" in told
    for leak in ("not found\n", "DefaultAzureCredential", "plugin's author", "Traceback"):
        assert leak not in told


def test_a_signature_in_the_url_is_not_repeated() -> None:
    with pytest.raises(UsageError, match="query behind") as refused:
        AzureProvider(AzureSettings(bill=f"{URL}?sv=1&sig=secret")).period(
            PeriodRequest(scope=scope())
        )
    assert "secret" not in refused.value.message
    assert "storage_sas" in str(refused.value.hint)


@pytest.mark.parametrize("url", ["abfss://exports", "az://x/y", "s3://bucket/x", "abfss://@a.b/c"])
def test_a_url_of_another_form_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match=r"provider\.azure\.bill"):
        AzureProvider(AzureSettings(bill=url)).bill(
            BillRequest(scope=scope(), window=window(), identities=identify(inventory()))
        )
