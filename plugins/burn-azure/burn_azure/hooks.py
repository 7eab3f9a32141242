"""What burn-azure offers. Imports no SDK and no pandas."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from burn.api import Around, BillingProvider, BillingProviderSpec, Machine, Seen, hookimpl
from burn_azure.settings import AzureSettings


@hookimpl
def burn_billing_providers() -> Sequence[BillingProviderSpec]:
    """The Azure provider."""
    return [
        BillingProviderSpec(
            name="azure",
            summary="Azure: Cost Management exports (actual, amortised, FOCUS) or its API",
            make=_make,
            settings=AzureSettings,
            sample=_sample,
            node_scheme="azure",
            look=_look,
            machines=_machines,
            listed=True,
        )
    ]


def _machines() -> Sequence[Machine]:
    from burn_azure.prices.catalogue import machines

    return tuple(machines())


def _make(settings: AzureSettings) -> BillingProvider:
    from burn_azure.provider import AzureProvider

    return AzureProvider(settings)


def _look(settings: AzureSettings, around: Around) -> Iterable[Seen]:
    from burn_azure.look import look

    return look(settings, around)


def _sample() -> Path:
    return Path(__file__).with_name("sample")
