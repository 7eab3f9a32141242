"""One API over HTTPS for this folder, and a kubeconfig to it for each test."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from burn.builtin.metrics.common.meter import Meter
from burn.builtin.metrics.kubernetes.client import KubernetesClient
from burn.builtin.metrics.kubernetes.settings import KubernetesSettings
from burn.text import secrets
from tests.servers.authority import Authority
from tests.servers.kubernetes import Api, Caller, config, serve

NAME = "kube.example"
NODES = [{"metadata": {"name": f"n{at}"}} for at in range(7)]
PROXIES = ("http_proxy", "https_proxy", "no_proxy")


@dataclass
class World:
    """The API, who signed its certificate, and a folder of one test."""

    api: Api
    authority: Authority
    folder: Path

    def kubeconfig(self, user: dict[str, Any], **cluster: Any) -> Path:
        """To the API, whose authority it trusts unless the cluster says otherwise."""
        trusted = {"certificate-authority-data": base64(self.authority.pem), **cluster}
        known = {key: value for key, value in trusted.items() if value is not None}
        path = self.folder / "kubeconfig"
        path.write_text(config(self.api.url, known, user), encoding="utf-8")
        return path

    def script(self, text: str, name: str = "plugin") -> Path:
        """A program beside the kubeconfig."""
        path = self.folder / name
        path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        path.chmod(0o700)
        return path

    def ask(self, path: Path | None = None, **settings: Any) -> list[Caller]:
        """Who the API saw while all nodes were listed."""
        before = len(self.api.callers)
        told = KubernetesSettings(kubeconfig=str(path or ""), **{"page_size": 3, **settings})
        with KubernetesClient(told, Meter(), sleep=lambda _: None) as client:
            assert client.objects("nodes") == NODES
        return self.api.callers[before:]


def base64(content: bytes) -> str:
    return b64encode(content).decode()


@pytest.fixture(scope="session")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="session")
def running(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    folder = tmp_path_factory.mktemp("https")
    with serve(
        Api({"/api/v1/nodes": NODES}), folder, authority.server(folder, "127.0.0.1", NAME)
    ) as api:
        yield api


@pytest.fixture
def world(
    running: Api, authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> World:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr(secrets, "_known", {})
    running.lets_in = lambda _: True
    running.fault = lambda _path, _query: None
    return World(running, authority, tmp_path)
