"""Answers that are slow, huge, half, none or not to be trusted: named as that, and soon."""

from __future__ import annotations

import gzip
import json
import socket
import ssl
import time
from pathlib import Path
from typing import Any

import pytest

from burn.api import (
    AccessError,
    BurnError,
    CheckRequest,
    DataError,
    ObserveRequest,
    Scope,
    UsageError,
)
from burn.builtin.metrics.prometheus.settings import PrometheusSettings
from burn.builtin.metrics.prometheus.source import PrometheusSource
from tests.servers.faulty import Reply, always, front, raw_server, self_signed
from tests.unit.builtin.metrics.prometheus.world import DAY

EMPTY: dict[str, Any] = {"status": "success", "data": {"resultType": "vector", "result": []}}


def observe(url: str, naps: list[float] | None = None, **settings: Any) -> BurnError:
    """The error that a day's observation ends with."""
    naps = [] if naps is None else naps
    source = PrometheusSource(PrometheusSettings(url=url, **settings), sleep=naps.append)
    with pytest.raises(BurnError) as caught:
        source.observe(ObserveRequest(scope=Scope(), window=DAY))
    return caught.value


def answering(answer: object) -> Reply:
    return Reply(200, json.dumps(answer).encode())


@pytest.mark.parametrize(
    "answer",
    [
        {"status": "success"},
        {"status": "success", "data": None},
        {"status": "success", "data": []},
        {"status": "success", "data": {"result": None}},
        {"status": "success", "data": {"resultType": "scalar", "result": [1790000000, "1"]}},
        {"status": "success", "data": {"result": [{"metric": {}}]}},
        {"status": "success", "data": {"result": [{"metric": [], "value": [1, "1"]}]}},
        {"status": "success", "data": {"result": [{"metric": {}, "value": [1, {}]}]}},
        {"status": "success", "data": {"result": [{"metric": {}, "value": "1"}]}},
        {"metrics": 3},
        [],
        None,
        7,
    ],
    ids=str,
)
def test_json_that_is_no_answer(answer: object) -> None:
    with front(fault=always(answering(answer))) as server:
        error = observe(server.url)
    assert isinstance(error, DataError)
    assert f"{server.url} answers `clusters` of 2026-10-01" in error.message
    assert "no Prometheus answer" in error.message
    assert "source.prometheus.url" in (error.hint or "")


def test_json_that_is_deep() -> None:
    body = b'{"status":"success","data":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    with front(fault=always(Reply(200, body))) as server:
        assert "no Prometheus answer" in observe(server.url).message


@pytest.mark.parametrize(
    "warnings",
    [["remote_read: 503; partial data"], "partial data", ["PromQL info: x", "store gone"]],
)
def test_a_part_is_no_answer(warnings: object) -> None:
    naps: list[float] = []
    with front(fault=always(answering(EMPTY | {"warnings": warnings}))) as server:
        error = observe(server.url, naps)
    assert isinstance(error, AccessError)
    assert "has only part of `clusters`" in error.message
    assert len(naps) == 4  # a store may be back a second later


def test_remarks_on_a_query_are_no_missing_data() -> None:
    remarks = ["PromQL warning: quantile value should be between 0 and 1", "PromQL info: name"]
    with front(fault=always(answering(EMPTY | {"warnings": remarks}))) as server:
        assert "has no kube_node_info" in observe(server.url).message


@pytest.mark.parametrize("after", ["nan", "inf", "-inf", "soon"])
def test_a_retry_after_that_is_no_time(after: str) -> None:
    naps: list[float] = []
    with front(fault=always(Reply(429, b"{}", {"retry-after": after}))) as server:
        assert isinstance(observe(server.url, naps), AccessError)
    assert naps == [0.5, 1, 2, 4]


HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"


@pytest.mark.parametrize(
    "begin",
    [HEAD + b"content-length: 1000\r\n\r\n", HEAD + b"\r\n", b"HTTP/1.1 200 OK\r\nx-slow: "],
    ids=["body", "body without a length", "headers"],
)
def test_an_answer_in_drops_ends(begin: bytes) -> None:
    def drip(talking: socket.socket) -> None:
        talking.sendall(begin)
        for _ in range(100):
            talking.sendall(b" ")
            time.sleep(0.05)

    with raw_server(drip) as port:
        begun = time.monotonic()
        error = observe(f"http://127.0.0.1:{port}", timeout=0.2)
        took = time.monotonic() - begun
    assert isinstance(error, AccessError)
    assert "within 0.2 s" in error.message
    assert took < 3


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_an_answer_larger_than_may_be_held(packed: bool) -> None:
    body = b'{"status":"success","data":"' + b"x" * (3 * 2**20) + b'"}'
    reply = Reply(200, body)
    if packed:
        reply = Reply(200, gzip.compress(body), {"content-encoding": "gzip"})
    with front(fault=always(reply)) as server:
        error = observe(server.url, largest_answer=1)
    assert isinstance(error, AccessError)
    assert "larger than 1 MiB" in error.message
    assert "largest_answer" in (error.hint or "")


def test_a_certificate_nobody_signed(tmp_path: Path) -> None:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(self_signed(tmp_path))
    naps: list[float] = []
    with raw_server(lambda _: None, server) as port:
        url = f"https://127.0.0.1:{port}"
        error = observe(url, naps)
        assert isinstance(error, AccessError)
        assert error.message.startswith(f"the certificate of {url} is not trusted: self")
        assert "source.prometheus.ca_file" in (error.hint or "")
        assert naps == []
        (check,) = PrometheusSource(PrometheusSettings(url=url)).check(CheckRequest())
        assert "is not trusted" in check.detail


def test_https_where_only_http_is_spoken() -> None:
    naps: list[float] = []
    with raw_server(lambda talking: talking.sendall(b"HTTP/1.1 400 Bad\r\n\r\n")) as port:
        error = observe(f"https://127.0.0.1:{port}", naps)
    assert error.message.startswith("no TLS with https://127.0.0.1")
    assert naps == []


@pytest.mark.parametrize("seconds", [-1.0, 0.0, float("nan"), float("inf")])
def test_a_timeout_that_is_none(seconds: float) -> None:
    with pytest.raises(UsageError, match=r"source\.prometheus\.timeout is"):
        PrometheusSettings(timeout=seconds)


@pytest.mark.parametrize("name", ["attempts", "largest_answer"])
def test_nothing_is_no_number_of_tries(name: str) -> None:
    with pytest.raises(UsageError, match=f"{name} is 0; it must be 1 or more"):
        PrometheusSettings(**{name: 0})  # type: ignore[arg-type]


@pytest.mark.parametrize("token", ["se\ncret", "secrét", "se\x1bcret"])
@pytest.mark.parametrize("place", ["bearer_token", "headers", "file"])
def test_a_secret_that_no_header_can_hold(token: str, place: str, tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text(token, encoding="utf-8")
    settings: dict[str, Any] = {
        "bearer_token": {"bearer_token": token},
        "headers": {"headers": {"x-scope": token}},
        "file": {"bearer_token_file": str(path)},
    }[place]
    error = observe("http://127.0.0.1:1", **settings)
    assert isinstance(error, UsageError)
    assert "cannot be sent in a header: its character" in error.message
    assert "cret" not in error.message.replace("secret", "")


@pytest.mark.parametrize("body", [b"\xff\xfe\x00", b" \n"], ids=["no text", "empty"])
def test_a_token_file_without_a_token(body: bytes, tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_bytes(body)
    error = observe("http://127.0.0.1:1", bearer_token_file=str(path))
    assert isinstance(error, UsageError)
    assert str(path) in error.message


def test_the_line_break_at_a_tokens_end_is_no_part_of_it() -> None:
    with front(fault=always(answering(EMPTY))) as server:
        observe(server.url, bearer_token="token\n")
    sent = {key.lower(): value for key, value in server.asked[0].headers.items()}
    assert sent["authorization"] == "Bearer token"
