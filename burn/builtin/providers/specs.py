"""The providers burn comes with."""

from __future__ import annotations

from burn.api import BillingProvider, BillingProviderSpec
from burn.builtin.providers.settings import OnpremSettings


def _onprem(settings: OnpremSettings) -> BillingProvider:
    from burn.builtin.providers.onprem import OnpremProvider

    return OnpremProvider(settings)


PROVIDERS = (
    BillingProviderSpec(
        name="onprem",
        summary="your own machines: prices from the settings, for burn analyze; no bill",
        make=_onprem,
        settings=OnpremSettings,
        billed=False,
        rest=True,
        node_label_keys=lambda settings: settings.label_keys,
    ),
)
