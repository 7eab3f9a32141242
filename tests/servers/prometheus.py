"""A real Prometheus for tests: backfill OpenMetrics text into blocks, then serve them on a free port.

backfill(text, data_dir)
with serve(data_dir) as url:
    ...
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

START_SECONDS = 60.0
_LISTENING = re.compile(r'msg="Listening on" address=(127\.0\.0\.1:\d+)')


def available() -> bool:
    """Whether both programs are installed."""
    return shutil.which("prometheus") is not None and shutil.which("promtool") is not None


def backfill(openmetrics: str | Path, data_dir: Path) -> Path:
    """Write OpenMetrics samples (a file, or the text itself) into blocks under `data_dir`.

    The text must end with `# EOF`, and carry a timestamp in seconds on each sample. Samples of one
    series must be in time order. May be called several times for disjoint times.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        if isinstance(openmetrics, Path):
            source = openmetrics
        else:
            source = Path(scratch) / "samples.om"
            source.write_text(openmetrics, encoding="utf-8")
        # One pass over the file a block: day-long blocks make backfilling many times faster.
        command = ["promtool", "tsdb", "create-blocks-from", "--max-block-duration=24h"]
        command += ["--quiet", "openmetrics", str(source), str(data_dir)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"promtool refused the samples: {done.stdout}{done.stderr}")
    return data_dir


@contextmanager
def serve(data_dir: Path, *, flags: tuple[str, ...] = ()) -> Iterator[str]:
    """Run Prometheus over `data_dir`; yields its base URL, stops it at the end.

    Args:
        data_dir: what `backfill` filled.
        flags: more Prometheus flags, for instance `--query.max-samples=1000`.
    """
    with tempfile.TemporaryDirectory() as scratch:
        config = Path(scratch) / "prometheus.yml"
        config.write_text("{}\n", encoding="utf-8")
        log = Path(scratch) / "log"
        command = ["prometheus", f"--config.file={config}", f"--storage.tsdb.path={data_dir}"]
        command += ["--storage.tsdb.retention.time=100y", "--web.listen-address=127.0.0.1:0"]
        with log.open("wb") as sink:
            process = subprocess.Popen([*command, *flags], stdout=sink, stderr=sink)
        try:
            yield _base_url(process, log)
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _base_url(process: subprocess.Popen[bytes], log: Path) -> str:
    """The address Prometheus chose, once it answers queries."""
    deadline = time.monotonic() + START_SECONDS
    url = ""
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"prometheus stopped at its start: {log.read_text()[-2000:]}")
        if not url and (found := _LISTENING.search(log.read_text(errors="replace"))):
            url = f"http://{found[1]}"
        if url:
            try:
                if httpx.get(f"{url}/-/ready", timeout=5).status_code == 200:
                    return url
            except httpx.TransportError:
                pass
        time.sleep(0.05)
    raise RuntimeError(f"prometheus did not start: {log.read_text()[-2000:]}")
