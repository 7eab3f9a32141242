"""Cost Management exports of the cluster's subscription, for `burn init`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from burn.api import AccessError, Around, Seen, UsageError
from burn_azure.client.cost_management import scope_of
from burn_azure.client.retry import repeated
from burn_azure.client.session import client_of
from burn_azure.settings import AzureSettings

_SUBSCRIPTION = re.compile(r"^azure://(/subscriptions/[^/]+)", re.IGNORECASE)
_KINDS = {"FocusCost": "FOCUS", "ActualCost": "actual cost", "AmortizedCost": "amortised cost"}
"""Exports that are a bill, by their type."""


def look(settings: AzureSettings, around: Around) -> Iterator[Seen]:
    """Exports below `scope`, else below the subscription of the nodes; actual and amortised as one.

    Raises:
        AccessError: no credentials, no permission, or no export.
        UsageError: no subscription is known.
    """
    scope = scope_of(settings) if settings.scope else _subscription(around)
    client = client_of(settings)
    listed = repeated(lambda: client.exports.list(scope), f"the exports of {scope}")
    found = [(str(one["properties"]["definition"]["type"]), _url(one)) for one in _plain(listed)]
    places = {kind: url for kind, url in reversed(found) if kind in _KINDS}
    if "ActualCost" in places and "AmortizedCost" in places:
        actual, amortized = places.pop("ActualCost"), places.pop("AmortizedCost")
        yield Seen(
            what=f"exports of actual and amortised cost at {actual} and {amortized}",
            settings={"bill": actual, "amortized_bill": amortized},
        )
        places = {k: v for k, v in places.items() if k == "FocusCost"}
    for kind, word in _KINDS.items():
        if kind in places:
            yield Seen(
                what=f"an export of {word} at {places[kind]}", settings={"bill": places[kind]}
            )
    if not any(kind in _KINDS for kind, _ in found):
        raise AccessError(
            f"{scope} has no export of its cost",
            hint="create exports of actual and of amortised cost under Cost Management, or set"
            f" provider.azure.scope={scope} to ask the API",
        )


def _subscription(around: Around) -> str:
    found = [m[1] for one in around.provider_ids if (m := _SUBSCRIPTION.match(one))]
    if not found:
        raise UsageError(
            "no subscription is known whose exports could be listed",
            hint="name it: --set provider.azure.scope=/subscriptions/ID",
        )
    return found[0]


def _plain(listed: Any) -> list[dict[str, Any]]:
    return list((listed.as_dict() if listed else {}).get("value") or ())


def _url(export: dict[str, Any]) -> str:
    """Where an export writes: below its folder, in a folder of its own name."""
    place = export["properties"]["deliveryInfo"]["destination"]
    account = str(place.get("resourceId") or "").rpartition("/")[2] or place.get(
        "storageAccount", ""
    )
    folder = "/".join(
        part.strip("/") for part in (place.get("rootFolderPath") or "", export["name"]) if part
    )
    return f"abfss://{place['container']}@{account}.dfs.core.windows.net/{folder}"
