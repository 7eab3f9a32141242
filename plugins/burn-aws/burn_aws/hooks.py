"""What burn-aws offers. Imports no SDK and no pandas."""

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
from burn_aws.settings import AwsSettings


@hookimpl
def burn_billing_providers() -> Sequence[BillingProviderSpec]:
    """The AWS provider."""
    return [
        BillingProviderSpec(
            name="aws",
            summary="AWS: CUR 2.0, legacy CUR and FOCUS exports from files, S3 or Athena",
            make=_make,
            settings=AwsSettings,
            sample=_sample,
            # Fargate bills each pod by its requests, on a node of its own.
            pod_billing=lambda _: PodBilling(sole_pods=True),
            node_scheme="aws",
            look=_look,
            machines=_machines,
            listed=True,
        )
    ]


def _machines() -> Sequence[Machine]:
    from burn_aws.prices.catalogue import machines

    return tuple(machines())


def _make(settings: AwsSettings) -> BillingProvider:
    from burn_aws.provider import AwsProvider

    return AwsProvider(settings)


def _look(settings: AwsSettings, _: Around) -> Iterable[Seen]:
    from burn_aws.look import look

    return look(settings)


def _sample() -> Path:
    return Path(__file__).with_name("sample")
