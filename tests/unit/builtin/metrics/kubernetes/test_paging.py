"""Lists in pages: begun again when they expire, asked for again when the server is busy."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from burn.api import AccessError
from burn.builtin.metrics.common.meter import Meter
from burn.builtin.metrics.kubernetes.client import KubernetesClient
from burn.builtin.metrics.kubernetes.settings import KubernetesSettings
from tests.servers.kubernetes import Api, serve

PATH = "/api/v1/nodes"


def nodes(count: int, mark: str) -> list[dict[str, Any]]:
    return [{"metadata": {"name": f"{mark}{at}"}} for at in range(count)]


def listed(api: Api, waited: list[float], **settings: Any) -> list[str]:
    told = KubernetesSettings(kubeconfig=str(api.kubeconfig), **{"page_size": 2, **settings})
    with KubernetesClient(told, Meter(), sleep=waited.append) as client:
        return [one["metadata"]["name"] for one in client.objects("nodes")]


def test_a_list_that_expires_is_begun_again_as_a_whole(tmp_path: Path) -> None:
    api = Api({PATH: nodes(9, "old")})

    def fault(_: str, query: Mapping[str, str]) -> tuple[int, dict[str, str]] | None:
        if query.get("continue") == "4" and query["limit"] == "2":
            api.lists[PATH] = nodes(9, "new")
            return 410, {}
        return None

    api.fault = fault
    with serve(api, tmp_path):
        assert listed(api, []) == [f"new{at}" for at in range(9)]
    limits = [path.partition("limit=")[2].partition("&")[0] for path in api.asked]
    assert limits == ["2", "2", "2", "8", "8"], "the second time in larger pages"


def test_one_that_always_expires_says_so(tmp_path: Path) -> None:
    api = Api(
        {PATH: nodes(5000, "n")}, fault=lambda _, query: (410, {}) if "continue" in query else None
    )
    with (
        serve(api, tmp_path),
        pytest.raises(AccessError, match="changed faster than it could be read") as caught,
    ):
        listed(api, [])
    assert "page_size" in (caught.value.hint or "")
    assert len(api.asked) == 10


@pytest.mark.parametrize(
    ("status", "headers", "waits"),
    [
        (429, {"Retry-After": "7"}, [7.0]),
        (503, {}, [0.5]),
        (500, {"Retry-After": "1"}, [1.0]),
        (429, {"Retry-After": "Thu, 01 Jan 1970 00:00:00 GMT"}, [0.0]),
    ],
    ids=str,
)
def test_a_busy_server_is_asked_again_when_it_says(
    tmp_path: Path, status: int, headers: dict[str, str], waits: list[float]
) -> None:
    left = [1]

    def fault(_: str, query: Mapping[str, str]) -> tuple[int, dict[str, str]] | None:
        return (status, headers) if query.get("continue") == "2" and left and left.pop() else None

    waited: list[float] = []
    with serve(Api({PATH: nodes(5, "n")}, fault=fault), tmp_path) as api:
        assert listed(api, waited) == [f"n{at}" for at in range(5)]
    assert waited == waits


@pytest.mark.parametrize(
    ("status", "headers", "asked"),
    [(503, {}, 5), (500, {}, 1), (403, {"Retry-After": "1"}, 1), (429, {"Retry-After": "50"}, 1)],
    ids=str,
)
def test_it_is_not_asked_for_ever(
    tmp_path: Path, status: int, headers: dict[str, str], asked: int
) -> None:
    waited: list[float] = []
    api = Api({}, fault=lambda *_: (status, headers))
    with serve(api, tmp_path), pytest.raises(AccessError, match=f"HTTP {status}"):
        listed(api, waited, timeout=5.0)
    assert len(api.asked) == asked
    assert len(waited) == asked - 1
