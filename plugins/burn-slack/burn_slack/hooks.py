"""What burn-slack offers. Imports no SDK."""

from __future__ import annotations

from collections.abc import Sequence

from burn.api import OutputSink, OutputSinkSpec, Service, ServiceSpec, hookimpl
from burn_slack.settings import DigestSettings, ServiceSettings


@hookimpl
def burn_output_sinks() -> Sequence[OutputSinkSpec]:
    """Digests."""
    return [
        OutputSinkSpec(
            name="slack",
            summary="A digest posted to a channel of Slack, always or when there is news",
            make=_sink,
            settings=DigestSettings,
            alerts=True,
        )
    ]


def _sink(settings: DigestSettings) -> OutputSink:
    from burn_slack.sink import SlackSink

    return SlackSink(settings)


@hookimpl
def burn_services() -> Sequence[ServiceSpec]:
    """Answers."""
    return [
        ServiceSpec(
            name="slack",
            summary="Answers /burn in Slack from kept reports",
            make=_service,
            settings=ServiceSettings,
        )
    ]


def _service(settings: ServiceSettings) -> Service:
    from burn_slack.service import SlackService

    return SlackService(settings)
