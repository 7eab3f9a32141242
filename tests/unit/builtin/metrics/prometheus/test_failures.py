"""What a server can do to a run: throttle, break off, refuse, lie. Never a smaller number."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

from burn.api import (
    AccessError,
    BurnError,
    DataError,
    Observation,
    ObserveRequest,
    Scope,
    Window,
)
from burn.builtin.metrics.prometheus.settings import PrometheusSettings
from burn.builtin.metrics.prometheus.source import PrometheusSource
from tests.servers.faulty import Asked, Fault, Front, Reply, always, front, never
from tests.servers.prometheus import available, serve
from tests.unit.builtin.metrics.prometheus.lab import KUBELET, Lab, lab
from tests.unit.builtin.metrics.prometheus.world import DAY, Node, Pod, Scrape, World

pytestmark = [
    pytest.mark.prometheus,
    pytest.mark.skipif(not available(), reason="needs prometheus and promtool"),
]
SECRET = "s3cret-token"


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Lab, str]]:
    pods = [Pod(f"uid-{n}", f"web-{n}", "n1", start=n * 1800, cpu=0.5) for n in range(20)]
    world = World(nodes=[Node("n1")], pods=pods)
    folder = tmp_path_factory.mktemp("failures")
    with lab(folder, {"one": (world, [Scrape(60)], Scrape(60, extra=KUBELET))}) as running:
        yield running, str(folder / "data")


def error(status: int, kind: str, text: str, **headers: str) -> Reply:
    body = json.dumps({"status": "error", "errorType": kind, "error": text})
    return Reply(status, body.encode(), {key.replace("_", "-"): v for key, v in headers.items()})


class Naps(list[float]):
    """Stands in for time.sleep and remembers."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


ASKED = ObserveRequest(scope=Scope(), window=DAY)


def observe(server: Front, naps: Naps | None = None, day: Window = DAY) -> Observation:
    settings = PrometheusSettings(url=server.url, bearer_token=SECRET, timeout=20)
    return PrometheusSource(settings, sleep=Naps() if naps is None else naps).observe(
        ObserveRequest(scope=Scope(), window=day)
    )


def same(a: Observation, b: Observation) -> None:
    for name in ("inventory", "presence", "pods", "usage", "mounts"):
        pd.testing.assert_frame_equal(getattr(a, name), getattr(b, name), check_exact=True)


def once_each(replies: list[Reply]) -> Fault:
    """The first requests get these replies, the rest go through."""
    left = list(replies)
    return lambda _: left.pop(0) if left else None


def test_throttling_and_outages_are_waited_for(prometheus: tuple[Lab, str]) -> None:
    running, _ = prometheus
    replies = [
        error(429, "x", "slow down", retry_after="7"),
        error(503, "unavailable", "starting"),
        Reply(502, b"<html>bad gateway</html>"),
        Reply(0, drop=True),
    ]
    naps = Naps()
    with front(running.url, once_each(replies)) as server:
        seen = observe(server, naps)
    same(seen, running.observe("one"))
    assert naps[0] == 7
    assert len(naps) == 4
    assert seen.coverage.queries == running.observe("one").coverage.queries + 4


def test_a_retry_after_of_hours_is_capped(prometheus: tuple[Lab, str]) -> None:
    running, _ = prometheus
    naps = Naps()
    with front(
        running.url, once_each([error(429, "x", "tomorrow", retry_after="86400")])
    ) as server:
        observe(server, naps)
    assert naps == [60]


TOO_LARGE = {
    "prometheus": error(
        422,
        "execution",
        "query processing would load too many samples into memory in query execution",
    ),
    "prometheus resolution": error(
        400, "bad_data", "exceeded maximum resolution of 11,000 points per timeseries"
    ),
    "prometheus timeout": error(503, "timeout", "query timed out in expression evaluation"),
    "mimir": error(
        422, "execution", "the query exceeded the maximum number of chunks (limit: 2000000 chunks)"
    ),
    "mimir length": error(
        422, "bad_data", "the total query time range exceeds the limit (err-mimir-x)"
    ),
    "thanos": error(422, "execution", "expanding series: limit 1000 violated (got 1001)"),
    "victoriametrics": error(
        422,
        "422",
        "the number of matching timeseries exceeds 300000; see -search.maxUniqueTimeseries",
    ),
    "proxy": Reply(413, b"payload too large"),
    "cut off": Reply(200, b'{"status":"success","data":{"result":[]}}', cut=20),
    "cut off unseen": Reply(
        200, b'{"status":"success","data":{"resultType":"matrix","result":[{"met'
    ),
}


@pytest.mark.parametrize("how", TOO_LARGE)
def test_a_query_that_is_too_large_is_cut_in_time(prometheus: tuple[Lab, str], how: str) -> None:
    running, _ = prometheus
    longest = 5 * 3600

    def refuse(asked: Asked) -> Reply | None:
        if "start" not in asked.form:
            return None
        hours = float(asked.form["end"]) - float(asked.form["start"]) + 3600
        return TOO_LARGE[how] if hours > longest else None

    with front(running.url, refuse) as server:
        same(observe(server), running.observe("one"))


def test_a_real_server_with_a_small_limit(prometheus: tuple[Lab, str]) -> None:
    running, data = prometheus
    copy = Path(data).parent / "copy"
    shutil.copytree(data, copy, ignore=shutil.ignore_patterns("lock", "queries.active", "wal"))
    with serve(copy, flags=("--query.max-samples=2000",)) as url, front(url) as server:
        seen = observe(server)
    same(seen, running.observe("one"))
    assert seen.coverage.queries > running.observe("one").coverage.queries


def test_one_hour_that_is_still_too_large(prometheus: tuple[Lab, str]) -> None:
    running, _ = prometheus

    def refuse(asked: Asked) -> Reply | None:
        return TOO_LARGE["prometheus"] if "kube_pod_info" in asked.form["query"] else None

    with front(running.url, refuse) as server, pytest.raises(AccessError) as caught:
        observe(server)
    assert "`kube_pod_info` even for one hour (2026-10-01T00:00)" in caught.value.message


@pytest.mark.parametrize(
    "after", [Reply(0, drop=True), error(503, "unavailable", "shutting down")], ids=["gone", "503"]
)
def test_down_half_way(prometheus: tuple[Lab, str], after: Reply) -> None:
    running, _ = prometheus
    naps = Naps()
    gone: Fault = lambda asked: after if asked.number >= 10 else None  # noqa: E731
    with front(running.url, gone) as server, pytest.raises(AccessError) as caught:
        observe(server, naps)
    assert "of 2026-10-01..2026-10-02" in caught.value.message
    assert "`kube_" in caught.value.message
    assert len(naps) == 4


def test_nobody_listens() -> None:
    with front() as server:
        url = server.url
    with pytest.raises(AccessError, match="did not answer") as caught:
        PrometheusSource(PrometheusSettings(url=url), sleep=Naps()).observe(ASKED)
    assert caught.value.exit_code == 4


@pytest.mark.parametrize(
    ("reply", "kind", "text"),
    [
        (Reply(200, b"<html>please sign in</html>"), AccessError, "does not answer"),
        (Reply(401, b""), AccessError, "refuses access"),
        (Reply(403, b"no"), AccessError, "refuses access"),
        (Reply(404, b"404 page not found"), AccessError, "HTTP 404"),
        (error(400, "bad_data", "invalid parameter"), DataError, "rejects"),
        (Reply(200, b'{"status":"error","error":"odd"}'), DataError, "odd"),
        (
            Reply(200, b'{"status":"success","isPartial":true,"data":{"result":[]}}'),
            AccessError,
            "only part",
        ),
    ],
)
def test_answers_that_are_none(reply: Reply, kind: type[BurnError], text: str) -> None:
    with front(fault=always(reply)) as server, pytest.raises(kind, match=text) as caught:
        observe(server)
    assert SECRET not in caught.value.message + str(caught.value.hint)


def test_a_proxy_that_moves_times_is_found_out(prometheus: tuple[Lab, str]) -> None:
    running, _ = prometheus
    moved = {
        "status": "success",
        "data": {
            "result": [{"metric": {"node": "n1"}, "values": [[DAY.start.timestamp() + 5400, "1"]]}]
        },
    }

    def shift(asked: Asked) -> Reply | None:
        return Reply(200, json.dumps(moved).encode()) if "start" in asked.form else None

    with front(running.url, shift) as server, pytest.raises(DataError, match="other times"):
        observe(server)


def test_a_month_that_is_forgotten(prometheus: tuple[Lab, str]) -> None:
    running, _ = prometheus
    before = Window(DAY.start - timedelta(days=9), DAY.start - timedelta(days=8))
    with front(running.url, never) as server, pytest.raises(DataError) as caught:
        observe(server, day=before)
    assert "burn collect" in (caught.value.hint or "")


def test_a_day_without_data_after_one_with_data_is_a_gap(prometheus: tuple[Lab, str]) -> None:
    running, _ = prometheus
    after = Window(DAY.end + timedelta(days=3), DAY.end + timedelta(days=4))
    with front(running.url, never) as server:
        seen = observe(server, day=after)
    assert seen.coverage.hours_missing == 24
    assert seen.coverage.gaps == ((after.start, after.end),)
    assert len(seen.inventory) == 0


def test_without_a_cluster_label_the_run_says_the_name(prometheus: tuple[Lab, str]) -> None:
    running, _ = prometheus
    for label in ("region", ""):
        seen = running.source(cluster_label=label).observe(
            ObserveRequest(scope=Scope(cluster="mine"), window=DAY)
        )
        assert set(seen.pods["cluster"]) == {"mine"}
        assert set(seen.inventory["cluster"]) == {"mine"}
    alone = running.source().observe(ASKED)
    assert set(alone.inventory["cluster"]) == {"one"}


def test_headers_and_tokens_are_sent(prometheus: tuple[Lab, str]) -> None:
    running, _ = prometheus
    settings = PrometheusSettings(
        url="", headers={"X-Scope-OrgID": "team-a"}, username="u", password="p"
    )
    assert "team-a" not in repr(settings)
    assert "'p'" not in repr(settings)
    with front(running.url) as server:
        PrometheusSource(replace(settings, url=server.url)).observe(ASKED)
    sent = {key.lower(): value for key, value in server.asked[0].headers.items()}
    assert sent["x-scope-orgid"] == "team-a"
    assert sent["authorization"].startswith("Basic ")
    assert server.asked[0].form["partial_response"] == "false"


def test_requests_are_signed(prometheus: tuple[Lab, str], monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("boto3")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "never-sent")
    running, _ = prometheus
    with front(running.url) as server:
        settings = PrometheusSettings(url=server.url, sigv4_region="eu-west-1")
        PrometheusSource(settings).observe(ASKED)
    signed = server.asked[-1].headers
    sent = {key.lower(): value for key, value in signed.items()}
    assert sent["authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
    assert "/eu-west-1/aps/aws4_request" in sent["authorization"]
    assert "never-sent" not in str(signed)
