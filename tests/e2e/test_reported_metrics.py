"""Situations of a cluster's metrics that people reported in public, over a real Prometheus."""

from __future__ import annotations

import os
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from burn.api import NoSettings, Report, Scope, Window
from burn.builtin.metrics.specs import SOURCES
from burn.builtin.policies.specs import POLICIES
from burn.plugin.chosen import Chosen
from burn.run.pipeline import run
from burn.run.plan import Plan
from burn.work.events import Silent
from burn_aws.provider import AwsProvider
from burn_aws.settings import AwsSettings
from tests.lab.chosen import own_rules
from tests.servers import prometheus

ROOT = Path(os.environ.get("BURN_CASES", Path(__file__).parents[3] / "shared" / "cases"))
CASES = ROOT / "reported" / "aws"
pytestmark = [
    pytest.mark.prometheus,
    pytest.mark.skipif(not CASES.exists(), reason="the reported cases are not here"),
    pytest.mark.skipif(not prometheus.available(), reason="needs prometheus"),
]


def report(case: str, folder: Path, days: int, cluster: str | None = "prod") -> Report:
    """The case's bill and its Prometheus, from 1 October."""
    with tarfile.open(CASES / f"{case}.tar.gz") as archive:
        archive.extractall(folder, filter="data")
    bill = AwsSettings(bill=str(folder / case / "bill"), price_list="off")
    source = next(spec for spec in SOURCES if spec.name == "prometheus")
    share = next(spec for spec in POLICIES if spec.name == "share-max")
    start = datetime(2026, 10, 1, tzinfo=UTC)
    with prometheus.serve(folder / case / "tsdb") as url:
        made = source.make(source.settings(url=url))
        return run(
            Plan(
                scope=Scope(cluster=cluster),
                window=Window(start, start.replace(day=1 + days)),
                source=Chosen("prometheus", "burn-core", made),
                provider=Chosen("aws", "burn-aws", AwsProvider(bill)),
                rules=own_rules(),
                policies=(Chosen("share-max", "burn-core", share.make(NoSettings())),),
            ),
            Silent(),
        )


def test_a_busy_balancer_of_an_ingress_is_the_ingresss(tmp_path: Path) -> None:
    """120 hours at 0.0225 and 50 capacity units an hour at 0.008: 2.70 and 48.00."""
    found = report("21-ingress-alb-prometheus", tmp_path, 5)
    kinds = found.allocation["workload_kind"].astype("str")
    rows = found.allocation[kinds == "Ingress"]
    assert set(rows["namespace"].astype("str") + "/" + rows["workload"].astype("str")) == {
        "shop/web"
    }
    assert rows.loc[rows["basis"] == "effective", "cost"].sum() == pytest.approx(50.70)
    assert found.findings == ()


def test_what_is_not_collected_is_not_called_unused(tmp_path: Path) -> None:
    """120 hours: a disk of 6.45 and a balancer of 2.70, both in use, neither in the metrics."""
    found = report("28-collectors-left-out", tmp_path, 5)
    assert found.totals.cluster_effective - found.totals.report == pytest.approx(9.15, abs=0.005)
    assert found.findings == ()
    notes = " ".join(found.notes)
    assert "no volumes at all" in notes
    assert "1 disk that the bill ties to the cluster (6.45)" in notes
    assert "no services and no ingresses at all" in notes
    assert "1 load balancer that the bill ties to the cluster (2.70)" in notes


def test_a_pod_without_container_series_is_measured_by_its_cgroup(tmp_path: Path) -> None:
    """1.5 of 2 cores and 4 of 8 GiB, whatever the node's price is cut into."""
    found = report("22-cadvisor-no-container-label", tmp_path, 1, None)
    rows = found.allocation[found.allocation["basis"] == "effective"]
    by = [rows["namespace"].astype("str"), rows["resource"].astype("str")]
    costs = rows["cost"].groupby(by).sum().unstack(fill_value=0.0)
    assert costs.sum().sum() == pytest.approx(24 * 0.096)
    parts = costs.loc["batch"] / costs.sum()
    assert parts[["cpu", "memory"]].to_list() == pytest.approx([1.5 / 2, 4 / 8], rel=0.01)
