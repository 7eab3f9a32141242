"""What burn-gcp offers. Imports no SDK and no pandas."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from burn.api import (
    Around,
    BillingProvider,
    BillingProviderSpec,
    Machine,
    PodBilling,
    Seen,
    hookimpl,
)
from burn_gcp.settings import GcpSettings


@hookimpl
def burn_billing_providers() -> Sequence[BillingProviderSpec]:
    """The Google Cloud provider."""
    return [
        BillingProviderSpec(
            name="gcp",
            summary="Google Cloud: detailed, standard and FOCUS exports from BigQuery or files",
            make=_make,
            settings=GcpSettings,
            sample=_sample,
            pod_billing=_pod_billing,
            node_scheme="gce",
            look=_look,
            machines=_machines,
            listed=True,
        )
    ]


def _machines() -> Sequence[Machine]:
    from burn_gcp.prices.catalogue import machines

    return tuple(machines())


def _make(settings: GcpSettings) -> BillingProvider:
    from burn_gcp.provider import GcpProvider

    return GcpProvider(settings)


def _pod_billing(settings: GcpSettings) -> PodBilling:
    return PodBilling(free_namespaces=tuple(settings.free_namespaces))


def _look(settings: GcpSettings, _: Around) -> Iterable[Seen]:
    from burn_gcp.look import look

    return look(settings)


def _sample() -> Path:
    return Path(__file__).with_name("sample")
