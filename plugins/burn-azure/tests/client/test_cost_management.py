"""The real Azure SDK over HTTP: pages, throttling, reports, refusals."""

from __future__ import annotations

import pytest

from burn.api import AccessError, BillRequest, CheckRequest, Scope, UsageError, Window
from burn_azure.identity import identify
from burn_azure.provider import AzureProvider
from burn_azure.settings import AzureSettings
from tests.lab.azure import SUBSCRIPTION
from tests.servers.azure import LIMIT, Fake, azure
from tests.servers.azure_world import charged, inventory, window

RG = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/shop"
SUB = f"/subscriptions/{SUBSCRIPTION}"
GROUP = "/providers/Microsoft.Management/managementGroups/shop"


def provider(fake: Fake, scope: str) -> AzureProvider:
    return AzureProvider(
        AzureSettings(scope=scope, management_url=fake.url, retail_url=fake.retail)
    )


def billed(scope: str, fake: Fake) -> float:
    found = provider(fake, scope)
    bill = found.bill(
        BillRequest(
            scope=Scope(cluster=charged().world.cluster),
            window=window(),
            identities=identify(inventory()),
        )
    )
    assert bill.rows["billed_cost"].sum() == pytest.approx(float(bill.control.billed))
    assert bill.control.currency == "USD"
    return float(bill.rows["effective_cost"].sum())


@pytest.mark.parametrize("scope", [RG, GROUP])
def test_a_query_is_followed_page_by_page_and_says_what_a_report_says(scope: str) -> None:
    with azure(charged()) as fake:
        fake.throttle = 2
        by_query = billed(scope, fake)
        queries = [call for call in fake.calls if "/query" in call]
        assert any("skiptoken" in call for call in queries)
        assert all(scope in call for call in queries)
        by_report = billed(SUB, fake)
        assert any("generateCostDetailsReport" in call for call in fake.calls)
    # Queries have no service period: charges of a whole month count on their first day.
    assert by_query != 0
    assert by_report != 0


def test_a_query_says_that_it_has_no_list_prices() -> None:
    with azure(charged()) as fake:
        found = provider(fake, RG).bill(
            BillRequest(scope=Scope(cluster="x"), window=window(), identities=identify(inventory()))
        )
    assert any("no list prices" in note for note in found.notes)
    usage = found.rows[found.rows["charge_category"] == "Usage"]
    assert (usage["list_cost"] == usage["effective_cost"]).all()


def test_throttling_is_waited_for_and_then_given_up() -> None:
    with azure(charged()) as fake:
        fake.throttle = 3
        assert billed(SUB, fake)
        fake.throttle = 100
        with pytest.raises(AccessError, match="throttling"):
            billed(RG, fake)


@pytest.mark.parametrize(
    ("waits", "seconds"),
    [
        ({f"{LIMIT}-qpu-retry-after": "17"}, 17),
        ({f"{LIMIT}-entity-retry-after": "4", f"{LIMIT}-tenant-retry-after": "33"}, 33),
        ({f"{LIMIT}-clienttype-retry-after": "9", "Retry-After": "60"}, 60),
        ({}, 2),
    ],
)
@pytest.mark.parametrize("asked", [SUB, RG])
def test_the_wait_asked_for_is_the_wait_done(
    monkeypatch: pytest.MonkeyPatch, asked: str, waits: dict[str, str], seconds: float
) -> None:
    """429 with its retry headers: the longest of them; without any, some seconds."""
    slept: list[float] = []
    monkeypatch.setattr("tenacity.nap.time.sleep", slept.append)
    with azure(charged()) as fake:
        fake.throttle, fake.waits = 1, waits
        assert billed(asked, fake)
    assert [one for one in slept if one != 0][:1] == [seconds]


def test_a_wait_of_many_minutes_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("tenacity.nap.time.sleep", slept.append)
    with azure(charged()) as fake:
        fake.throttle, fake.waits = 1, {f"{LIMIT}-tenant-retry-after": "3600"}
        with pytest.raises(AccessError, match="throttling"):
            billed(RG, fake)
    assert slept == []


@pytest.mark.parametrize(("status", "word"), [(403, "Cost Management Reader"), (404, "scope")])
def test_a_refusal_names_the_next_step(status: int, word: str) -> None:
    with azure(charged()) as fake:
        fake.refuse = status
        with pytest.raises(AccessError) as refused:
            billed(RG, fake)
        assert word in str(refused.value.hint)
        (api, _) = list(provider(fake, RG).check(CheckRequest()))
        assert not api.ok
        assert word in api.hint


@pytest.mark.parametrize("scope", ["", "/subscriptions", "shop"])
def test_a_scope_that_is_none_is_refused(scope: str) -> None:
    with azure() as fake, pytest.raises(UsageError, match=r"provider\.azure\.(scope|bill)"):
        provider(fake, scope).bill(
            BillRequest(scope=Scope(), window=Window(*window_()), identities=identify(inventory()))
        )


def window_() -> tuple:  # type: ignore[type-arg]
    one = window()
    return one.start, one.end
