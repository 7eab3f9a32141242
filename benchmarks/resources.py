"""What a pod of the chart takes: peak memory and CPU time of burn's own processes, by the cluster's size.

python -m benchmarks.resources [COPIES…]

A real Prometheus holds a made-up day of 10 nodes and 300 pods (benchmarks.prometheus). A server in front of it
answers each query as if there were COPIES such clusters in one: every series that often, each under names of its own.
So burn reads as much, through the same code, as it would from a cluster of that size.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from benchmarks.measure import ROOT
from benchmarks.prometheus import _text
from tests.servers.loopback import listening
from tests.servers.prometheus import backfill, serve
from tests.unit.builtin.metrics.prometheus.world import DAY

NODES, DEPLOYMENTS = 10, 30
SHARED = re.compile(
    r"__name__|namespace|container|job|instance|resource|unit|phase|condition|status|key|operator"
    r"|effect|reason|metrics_path|label_.*|(owner|created_by|scaletargetref)_kind|owner_is_controller"
)
"""Labels whose values clusters have in common; the others name something of one."""
MARK = "\ue000"
COPY = re.compile(r"Zc\d+Z")
"""What a copy's names end with; burn asks for some of them by name."""
NAME = re.compile(rf"[\w./:-]+?{COPY.pattern}")


def copied(answer: dict[str, Any], copies: int, wanted: set[str]) -> Iterator[bytes]:
    """Prometheus' answer, with each series as many times as there are copies.

    Args:
        answer: of the cluster that there is.
        copies: how often.
        wanted: names of copies that the query asks for; empty: of all.
    """
    yield b'{"status":"success","data":{"resultType":"%s","result":[' % (
        answer["data"]["resultType"].encode()
    )
    first = True
    for series in answer["data"]["result"]:
        named = {
            name: value if SHARED.fullmatch(name) else value + MARK
            for name, value in series["metric"].items()
        }
        text = json.dumps({**series, "metric": named}, ensure_ascii=False)
        alone = MARK not in text
        for copy in range(1 if alone else copies):
            end = f"Zc{copy}Z"
            if wanted and not any(v.replace(MARK, end) in wanted for v in named.values()):
                continue
            yield (("" if first else ",") + text.replace(MARK, end)).encode()
            first = False
    yield b"]}}"


def handler(upstream: str, copies: int) -> type[BaseHTTPRequestHandler]:
    """A Prometheus of a larger cluster."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            import httpx

            form = dict(parse_qsl(body.decode()))
            wanted = set(NAME.findall(form.get("query", "").replace("\\", "")))
            form = {name: COPY.sub("", value) for name, value in form.items()}
            got = httpx.request(self.command, upstream + self.path, data=form, timeout=60)
            self.send_response(got.status_code)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            queried = got.is_success and self.path.partition("?")[0].endswith(
                ("query", "query_range")
            )
            for part in copied(got.json(), copies, wanted) if queried else [got.content]:
                self.wfile.write(part)

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


def front(upstream: str, copies: int) -> None:
    """Serve until killed; in a process of its own, so that its memory is not burn's."""
    with listening(handler(upstream, copies)) as url:
        print(url, flush=True)
        time.sleep(3600)


WATCH = """import json, os, subprocess, sys, time
began = time.perf_counter()
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, spent = os.wait4(process.pid, 0)
unit = 2**20 if sys.platform == "darwin" else 2**10
wall, cpu = time.perf_counter() - began, spent.ru_utime + spent.ru_stime
print(json.dumps([os.waitstatus_to_exitcode(status), wall, cpu, spent.ru_maxrss / unit]))
"""
"""A small process that starts another: Linux counts its pages as the other's, until that has its own."""


def used(*words: str, home: Path) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and peak MiB of `burn words`."""
    command = [sys.executable, "-c", WATCH, sys.executable, "-m", "burn", *words]
    env = {**os.environ, "HOME": str(home), "XDG_DATA_HOME": str(home / "data")}
    done = subprocess.run(command, cwd=home, env=env, stdout=subprocess.PIPE, check=True)
    code, wall, cpu, mib = json.loads(done.stdout)
    if code:
        raise SystemExit(f"burn {' '.join(words)} failed with {code}")
    return wall, cpu, mib


def main(copies: list[int]) -> None:
    """Print a line for each size and command."""
    print(
        "| nodes | pods | | wall | CPU | peak memory |\n| ---: | ---: | --- | ---: | ---: | ---: |"
    )
    with tempfile.TemporaryDirectory(prefix="burn-bench-") as scratch:
        home = Path(scratch)
        with serve(backfill(_text(DEPLOYMENTS), home / "tsdb")) as upstream:
            for count in copies:
                command = [
                    sys.executable,
                    "-m",
                    "benchmarks.resources",
                    "front",
                    upstream,
                    str(count),
                ]
                with subprocess.Popen(
                    command, cwd=ROOT, stdout=subprocess.PIPE, text=True
                ) as server:
                    assert server.stdout
                    _sized(server.stdout.readline().strip(), count, home)
                    server.terminate()


def _sized(url: str, copies: int, home: Path) -> None:
    import pandas as pd

    out = home / f"days-{copies}"
    window = f"{DAY.start:%Y-%m-%d}..{DAY.end:%Y-%m-%d}"
    asked = f"source.prometheus.url={url}"
    rows = {
        "collect": used("collect", "--window", window, "--out", str(out), "--set", asked, home=home),
        "analyze": used(
            *("analyze", "--provider", "onprem", "--source", "snapshot", "--window", window),
            *("--set", f"source.snapshot.path={out}", "--set", "provider.onprem.pools.all.cpu_hour=0.03"),
            *("--set", "provider.onprem.pools.all.memory_hour=0.004"),
            home=home,
        ),
    }  # fmt: skip
    (inventory,), (pods,) = (list(out.rglob(f"{name}.parquet")) for name in ("inventory", "pods"))
    nodes, podded = len(pd.read_parquet(inventory)), len(pd.read_parquet(pods))
    if nodes != copies * NODES:
        raise SystemExit(f"{nodes} nodes were collected, not {copies * NODES}")
    for what, (wall, cpu, mib) in rows.items():
        print(
            f"| {nodes:,} | {podded:,} | {what} | {wall:.1f} s | {cpu:.1f} s | {mib:,.0f} MiB |",
            flush=True,
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["front"]:
        front(sys.argv[2], int(sys.argv[3]))
    else:
        main([int(word) for word in sys.argv[1:]] or [5, 50, 500])
