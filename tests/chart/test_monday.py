"""docs/how-to/every-monday.md, followed: from its values to a message in Slack, and what happens on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from burn.cli import collect, session
from tests.chart.kubelet import Kubelet
from tests.chart.renders import ROOT, render
from tests.e2e.lab_run import written
from tests.lab.openmetrics import write_openmetrics
from tests.lab.random_world import random_world
from tests.servers import prometheus
from tests.servers.aws import moto
from tests.servers.slack import FakeSlack, serving

PAGE = (ROOT / "docs/how-to/every-monday.md").read_text(encoding="utf-8")
DAYS = 9
ROLE = {"AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s", "AWS_REGION": "us-east-1"}
pytestmark = pytest.mark.prometheus


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    made = FakeSlack()
    server = serving(made)
    yield made
    server.shutdown()
    server.server_close()


def bucket(address: str, name: str, files: Path | None = None, prefix: str = "") -> None:
    """Make a bucket, and put a folder's files into it."""
    import boto3

    keys = {"aws_access_key_id": "k", "aws_secret_access_key": "s", "region_name": "us-east-1"}
    s3 = boto3.client("s3", endpoint_url=address, **keys)
    s3.create_bucket(Bucket=name)
    for file in files.rglob("*") if files else ():
        if file.is_file():
            s3.upload_file(str(file), name, f"{prefix}{file.relative_to(files)}")


def test_from_nothing_to_a_message(
    slack: FakeSlack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page's values, but for addresses of this machine; on the first Monday of a cluster of nine days."""
    world = replace(random_world(5, hours=24 * DAYS, nodes=2, scrape=600), late_hours=26)
    _, bill = written(world, tmp_path / "bill")
    text = write_openmetrics(world, tmp_path / "world.om")

    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return world.end + timedelta(hours=7)

    monkeypatch.setattr(session, "datetime", Clock)
    monkeypatch.setattr(collect, "_today", lambda: world.end)
    values = yaml.safe_load(PAGE.partition("```yaml\n")[2].partition("```")[0])
    with prometheus.serve(prometheus.backfill(text, tmp_path / "tsdb")) as metrics, moto() as cloud:
        bucket(cloud, "exports", bill, "cur/")
        bucket(cloud, "finops")
        values["config"]["source"]["prometheus"]["url"] = metrics
        values["config"]["run"]["cluster"] = world.cluster
        objects = render(tmp_path, values)
        node = Kubelet(
            tmp_path / "node",
            {"burn-slack": {"webhook": slack.webhook}},
            {**ROLE, "AWS_ENDPOINT_URL": cloud, "BURN_PROVIDER__AWS__PRICE_LIST": "off"},
        )
        early = node.run(objects, "costs-burn-doctor")
        assert early.exit_code != 0
        assert "s3://finops/burn/metrics holds none" in early.output

        night = node.run(objects, "costs-burn-collect")
        assert night.exit_code == 0, night.output
        assert f"{DAYS} days written to s3://finops/burn/metrics" in night.output, (
            "all that Prometheus remembers, not the report's week"
        )
        for doctor in ("costs-burn-doctor", "costs-burn-doctor-collect"):
            done = node.run(objects, doctor)
            assert done.exit_code == 0, done.output
        assert slack.messages == [], "nobody is told before there is something to tell"
        slack.refused.clear()  # how doctors see that a webhook is there

        monday = node.run(objects, "costs-burn-report")
        assert monday.exit_code == 0, monday.output
        assert slack.refused == []
        (message,) = slack.messages
        week = f"{world.end - timedelta(7):%Y-%m-%d}..{world.end:%Y-%m-%d}"
        assert message["text"].startswith(f"{world.cluster} · {week}: The Kubernetes report says $")
        late = f"The bill can still change from {world.end - timedelta(1):%Y-%m-%d} on."
        assert late in str(message["blocks"])

        # What a month would need is told before its first report: not by a failed job on a Monday.
        values["config"]["run"]["window"] = ""
        tried = node.run(render(tmp_path, values), "costs-burn-doctor")
        assert tried.exit_code != 0
        assert "holds no 2026-10-01" in tried.output
