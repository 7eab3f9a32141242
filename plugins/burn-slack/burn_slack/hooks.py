"""What burn-slack offers. Imports no SDK."""

from __future__ import annotations

from collections.abc import Sequence

from burn.api import OutputSink, OutputSinkSpec, hookimpl
from burn_slack.settings import DigestSettings


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
