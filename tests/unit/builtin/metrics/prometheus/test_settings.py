"""Settings of the source that cannot be, told before anything is asked."""

from __future__ import annotations

import pytest

from burn.api import AccessError, ObserveRequest, Scope, UsageError
from burn.builtin.metrics.prometheus.settings import PrometheusSettings
from burn.builtin.metrics.prometheus.source import PrometheusSource
from tests.servers.connect_proxy import connect_proxy
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


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "ALL_PROXY"])
def test_a_network_of_no_proxy_is_reached_directly(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """As Go and curl read it: 10.0.0.0/8 has 10.99.0.1, where nobody is."""
    for other in ("https_proxy", "http_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(other, raising=False)
        monkeypatch.delenv(other.upper(), raising=False)
    settings = PrometheusSettings(url="https://10.99.0.1:9090", timeout=0.2, attempts=1)
    asked: list[tuple[str, str]] = []
    with connect_proxy(0, asked, status=407) as url:
        for covered in ("", "10.0.0.0/8"):
            monkeypatch.setenv(name, url)
            monkeypatch.setenv("NO_PROXY", covered)
            with pytest.raises(AccessError):
                PrometheusSource(settings).observe(ObserveRequest(scope=Scope(), window=DAY))
            assert [host for host, _ in asked] == ([] if covered else ["10.99.0.1:9090"])
            asked.clear()
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv(name, "gopher://jane:pr0xy@proxy.example")
    with pytest.raises(UsageError, match="cannot be used") as caught:
        PrometheusSource(settings).observe(ObserveRequest(scope=Scope(), window=DAY))
    assert "pr0xy" not in str(caught.value)
