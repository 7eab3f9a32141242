"""The Retail Prices API: anonymous HTTPS, one product at a time, page by page.

Source: Microsoft Learn, "Azure Retail Prices REST API overview".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from burn.api import AccessError, DataError

if TYPE_CHECKING:
    import httpx

VERSION = "2023-01-01-preview"
PAGES = 20
"""More pages than any one product has: a link that never ends is refused."""
_BALANCER = "Standard Included LB Rules and Outbound Rules"


class RetailPrices:
    """Looks public prices up; answers are kept.

    Args:
        url: the API.
        currency: what prices are asked in.
    """

    def __init__(self, url: str, currency: str) -> None:
        self._url = url
        self._currency = currency
        self._known: dict[str, list[dict[str, Any]]] = {}

    def price(self, service: str, product: str, region: str, system: str) -> float | None:
        """A consumption price per hour, or per month for disks; None when there is none.

        Raises:
            AccessError: the API is out of reach.
            DataError: its answer is no price list.
        """
        place, anywhere = (
            f"armRegionName eq '{name}' and priceType eq 'Consumption'"
            for name in (_plain(region), "Global")
        )
        if service == "vm":
            items = self.of_machine(product, region, "Consumption")
            fits = [i for i in items if is_plain(i, windows=system == "windows")]
        elif service == "disk":
            meter = f"{_plain(product)} LRS Disk"
            items = self._items(f"{place} and serviceName eq 'Storage' and meterName eq '{meter}'")
            fits = [i for i in items if "Month" in str(i.get("unitOfMeasure"))]
        elif service == "balancer":
            meter = f"meterName eq '{_BALANCER}'"
            items = self._items(f"{place} and {meter}") or self._items(f"{anywhere} and {meter}")
            fits = [i for i in items if "Hour" in str(i.get("unitOfMeasure"))]
        else:
            return None
        prices = [rate_of(i) for i in fits if rate_of(i) > 0]
        return max(prices) if prices else None

    def of_machine(self, size: str, region: str, kind: str) -> list[dict[str, Any]]:
        """All that the list has of a VM size in a region.

        Args:
            size: as nodes' well-known label has it.
            region: Azure's name of it.
            kind: Consumption or Reservation.

        Raises:
            AccessError, DataError: as `price`.
        """
        place = f"armRegionName eq '{_plain(region)}' and priceType eq '{kind}'"
        return self._items(f"{place} and armSkuName eq '{_plain(size)}'")

    def check(self) -> str:
        """One cheap question."""
        self._items("armRegionName eq 'eastus' and armSkuName eq 'Standard_D2s_v5'")
        return f"{self._url} answers"

    def _items(self, test: str) -> list[dict[str, Any]]:
        if test not in self._known:
            self._known[test] = self._ask(test)
        return self._known[test]

    def _ask(self, test: str) -> list[dict[str, Any]]:
        import httpx

        first = {"api-version": VERSION, "currencyCode": f"'{self._currency}'", "$filter": test}
        found: list[dict[str, Any]] = []
        link: str | None = str(httpx.URL(self._url, params=first))
        try:
            with httpx.Client(timeout=20.0) as client:
                for _ in range(PAGES):
                    page = _page(client, str(link))
                    found += page.get("Items", [])
                    link = page.get("NextPageLink")
                    if not link:
                        return found
        except httpx.HTTPError as error:
            raise AccessError(
                f"the Retail Prices API at {self._url} cannot be reached: {error}",
                hint="check provider.azure.retail_url and the network, or set price_list = off",
            ) from error
        raise DataError(f"the Retail Prices API does not end after {PAGES} pages", hint="report it")


def _page(client: httpx.Client, link: str) -> dict[str, Any]:
    import httpx
    from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_exponential

    def busy(error: BaseException) -> bool:
        return isinstance(error, httpx.HTTPStatusError) and (
            error.response.status_code == 429 or error.response.status_code >= 500
        )

    for attempt in Retrying(
        retry=retry_if_exception(busy),
        stop=stop_after_attempt(4),
        wait=wait_exponential(0.2, max=10),
        reraise=True,
    ):
        with attempt:
            answer = client.get(link)
            answer.raise_for_status()
    try:
        page: dict[str, Any] = answer.json()
        page["Items"] = list(page["Items"])
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"{link} answered no price list", hint="check retail_url") from error
    return page


def rate_of(item: dict[str, Any]) -> float:
    """What an item asks.

    Raises:
        DataError: it has no price.
    """
    try:
        return float(item["retailPrice"])
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(
            f"the Retail Prices API lists {item.get('skuName')!r} without a price",
            hint="check provider.azure.retail_url, or set price_list = off",
        ) from error


def is_plain(item: dict[str, Any], *, windows: bool, hourly: bool = True) -> bool:
    """Usual use of the system: no spot, no low priority, no other dedicated kind."""
    sku = f"{item.get('skuName')} {item.get('meterName')}"
    is_windows = "Windows" in str(item.get("productName"))
    kind = any(word in sku for word in ("Spot", "Low Priority")) or "Dedicated" in str(
        item.get("productName")
    )
    unit = str(item.get("unitOfMeasure"))
    return not kind and is_windows == windows and ("Hour" in unit or not hourly)


def _plain(text: str) -> str:
    return text.replace("'", "''")
