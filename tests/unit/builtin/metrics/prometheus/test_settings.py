"""Settings of the source that cannot be, told before anything is asked."""

from __future__ import annotations

import pytest

from burn.api import ObserveRequest, Scope, UsageError
from burn.builtin.metrics.prometheus.settings import PrometheusSettings
from burn.builtin.metrics.prometheus.source import PrometheusSource
from tests.unit.builtin.metrics.prometheus.world import DAY


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        (PrometheusSettings(), "no url"),
        (PrometheusSettings(url="prometheus:9090"), "is not a URL"),
        (PrometheusSettings(url="http://prometheus:http"), "is not a URL: invalid port"),
        (PrometheusSettings(url="http://"), "names no host"),
        (PrometheusSettings(url="http://x", username="u", bearer_token="t"), "both a username"),
        (PrometheusSettings(url="https://x", client_cert="c.pem"), "client_cert and client_key"),
    ],
)
def test_settings_that_cannot_be(settings: PrometheusSettings, text: str) -> None:
    with pytest.raises(UsageError, match=text):
        PrometheusSource(settings).observe(ObserveRequest(scope=Scope(), window=DAY))
