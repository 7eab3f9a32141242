"""Answers of an API server that are slow, huge, none or not to be trusted."""

from __future__ import annotations

import json
import socket
import ssl
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from burn.api import AccessError, ObserveRequest, Scope, UsageError
from burn.builtin.metrics.kubernetes.settings import KubernetesSettings
from burn.builtin.metrics.kubernetes.source import KubernetesSource
from tests.servers.faulty import raw_server, self_signed
from tests.servers.kubernetes import config
from tests.unit.builtin.metrics.prometheus.world import DAY

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n"


def observe(folder: Path, url: str, **settings: Any) -> AccessError:
    path = folder / "kubeconfig"
    path.write_text(config(url), encoding="utf-8")
    source = KubernetesSource(
        KubernetesSettings(kubeconfig=str(path), **settings), now=DAY.end - timedelta(hours=1)
    )
    with pytest.raises(AccessError) as caught:
        source.observe(ObserveRequest(scope=Scope(), window=DAY))
    return caught.value


def test_an_answer_in_drops_ends(tmp_path: Path) -> None:
    def drip(talking: socket.socket) -> None:
        talking.sendall(HEAD)
        for _ in range(100):
            talking.sendall(b" ")
            time.sleep(0.05)

    with raw_server(drip) as port:
        error = observe(tmp_path, f"http://127.0.0.1:{port}", timeout=0.3)
    assert "the list of nodes" in error.message
    assert "takes longer than 0.3 s" in error.message


def test_an_answer_larger_than_may_be_held(tmp_path: Path) -> None:
    with raw_server(lambda talking: talking.sendall(HEAD + b"x" * (2 * 2**20))) as port:
        error = observe(tmp_path, f"http://127.0.0.1:{port}", largest_answer=1)
    assert "is larger than 1 MiB" in error.message
    assert "page_size" in (error.hint or "")


@pytest.mark.parametrize("answer", [[], 7, {"items": 3}, {"items": [1]}, {"metadata": 1}], ids=str)
def test_json_that_is_no_list(tmp_path: Path, answer: object) -> None:
    body = HEAD + json.dumps(answer).encode()
    with raw_server(lambda talking: talking.sendall(body)) as port:
        error = observe(tmp_path, f"http://127.0.0.1:{port}")
    assert "is no list" in error.message


def test_a_certificate_nobody_signed(tmp_path: Path) -> None:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(self_signed(tmp_path))
    with raw_server(lambda _: None, server) as port:
        error = observe(tmp_path, f"https://127.0.0.1:{port}")
    assert f"no TLS with the Kubernetes API at https://127.0.0.1:{port}: self" in error.message
    assert "certificate-authority-data" in (error.hint or "")


@pytest.mark.parametrize(
    "settings", [{"timeout": float("nan")}, {"timeout": -1.0}, {"page_size": 0}], ids=str
)
def test_settings_that_cannot_be(settings: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match=next(iter(settings))):
        KubernetesSettings(**settings)
