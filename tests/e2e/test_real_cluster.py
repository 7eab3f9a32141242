"""What a real API server and real kube-state-metrics showed: hand-worked values, from both sources."""

from __future__ import annotations

import json
import os
import re
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from burn.api import MetricsSource, Observation, ObserveRequest, Report, Scope, Window
from burn.builtin.metrics.kubernetes.settings import KubernetesSettings
from burn.builtin.metrics.kubernetes.source import KubernetesSource
from burn.builtin.metrics.specs import SOURCES
from burn.builtin.policies.settings import OwnersSettings
from burn.builtin.policies.specs import POLICIES
from burn.plugin.chosen import Chosen
from burn.run.pipeline import run
from burn.run.plan import Plan
from burn.work.events import Silent
from tests.lab.chosen import chosen, own_rules
from tests.servers import kubernetes, prometheus

ROOT = Path(os.environ.get("BURN_CASES", Path(__file__).parents[3] / "shared" / "cases"))
CASE = ROOT / "real-cluster"
pytestmark = pytest.mark.skipif(not CASE.exists(), reason="the real cluster's files are not here")

DAY = Window(datetime(2026, 11, 24, tzinfo=UTC), datetime(2026, 11, 25, tzinfo=UTC))
# The API was asked at 22:33; all that is listed was there by 22:00.
ASKED = datetime(2026, 11, 25, 22, 33, tzinfo=UTC)
HOUR = Window(ASKED.replace(minute=0), ASKED.replace(hour=23, minute=0))
GPU_NODE = "node/aws:///us-east-1a/i-074fe844726fcd040"
# List and effective, worked out from what the script did, not from any tool's frames.
NAMESPACES = {
    "ml": (12.3099, 12.3099),
    "shop": (3.3014, 3.0753),
    "web": (1.5196, 1.0184),
    "kube-system": (1.0627, 0.8260),
    "monitoring": (0.5971, 0.4391),
    "batch": (0.5329, 0.5329),
    "misc": (0.1680, 0.1518),
    "idle": (18.0939, 15.3056),
    "system": (1.0703, 0.8153),
}
PATHS = {
    "nodes": "/api/v1/nodes",
    "pods": "/api/v1/pods",
    "persistentvolumes": "/api/v1/persistentvolumes",
    "services": "/api/v1/services",
    "namespaces": "/api/v1/namespaces",
    "ingresses": "/apis/networking.k8s.io/v1/ingresses",
    "replicasets": "/apis/apps/v1/replicasets",
    "jobs": "/apis/batch/v1/jobs",
}


def report_of(source: MetricsSource) -> Report:
    from burn_aws.hooks import burn_billing_providers
    from burn_aws.settings import AwsSettings

    by = {spec.name: spec for spec in POLICIES}
    owners = OwnersSettings(keys=("team", "namespace"))
    return run(
        Plan(
            scope=Scope(label_keys=("team",)),
            window=DAY,
            source=Chosen("source", "burn-core", source),
            provider=chosen(burn_billing_providers()[0], AwsSettings(bill=str(CASE / "bill"))),
            rules=own_rules(),
            policies=(chosen(by["share-max"]), chosen(by["owners"], owners)),
        ),
        Silent(),
    )


def listed() -> dict[str, list[dict[str, Any]]]:
    return {
        path: json.loads((CASE / "api" / f"{kind}.json").read_text())["items"]
        for kind, path in PATHS.items()
    }


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Observation]:
    with kubernetes.serve(kubernetes.Api(listed()), tmp_path_factory.mktemp("api")) as api:
        settings = KubernetesSettings(kubeconfig=str(api.kubeconfig), page_size=7)
        yield KubernetesSource(settings, now=ASKED).observe(
            ObserveRequest(scope=Scope(), window=HOUR)
        )


def test_the_api_shows_devices_and_nothing_else_as_devices(live: Observation) -> None:
    nodes = live.inventory[live.inventory["kind"] == "node"].set_index("asset_id")
    assert nodes["gpu_count"].to_dict() == {name: float(name == GPU_NODE) for name in nodes.index}
    assert nodes["hours"].to_list() == pytest.approx([0.55] * 7)
    assert nodes.loc[GPU_NODE, "instance_type"] == "g4dn.xlarge"
    assert nodes["cpu_cores"].sum() == 4 + 8 + 4 + 4 + 2 + 2 + 2


def test_the_api_shows_what_the_scheduler_holds(live: Observation) -> None:
    """Cores of the pods that run, added up by hand from their specs."""
    usage = live.usage.merge(live.pods[["pod_uid", "namespace"]], on="pod_uid")
    held = usage.groupby("namespace")[["cpu_request", "gpu_request"]].sum() / 0.55
    assert held["cpu_request"].to_dict() == pytest.approx(
        {
            # Seven nodes' aws-node, kube-proxy and ebs-csi-node, two coredns, the node's helper.
            "kube-system": 7 * (0.05 + 0.1 + 0.01) + 2 * 0.1 + 0.02,
            "misc": 0.05,
            # Triton; the sandbox with its overhead. `too-big` has no node.
            "ml": 2 + 0.75,
            "monitoring": 0.51,
            # An api pod's init container asks for more than it and its sidecar; two of them, a db.
            "shop": 2 * 1.0 + 1.0,
            "web": 4 * 0.25,
        }
    )
    assert held["gpu_request"].sum() == held.loc["ml", "gpu_request"] == pytest.approx(1)


@pytest.fixture(scope="module")
def today(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The same objects, made two days earlier, so that the bill's day is a whole one."""
    lists = listed()
    for items in lists.values():
        for item in items:
            made = datetime.fromisoformat(item["metadata"]["creationTimestamp"])
            item["metadata"]["creationTimestamp"] = (made - timedelta(days=2)).isoformat()
    with kubernetes.serve(kubernetes.Api(lists), tmp_path_factory.mktemp("today")) as api:
        settings = KubernetesSettings(kubeconfig=str(api.kubeconfig))
        return report_of(KubernetesSource(settings, now=ASKED))


def test_the_api_prices_the_devices_node_by_its_device(today: Report) -> None:
    report = today
    charged = report.allocation[report.allocation["basis"] == "effective"]
    assert charged[charged["namespace"] == "ml"]["cost"].sum() == pytest.approx(12.3099, abs=5e-5)


def owners_of(report: Report) -> dict[tuple[str, str], str]:
    """Owner by namespace and workload, of what namespaces carry."""
    rows = report.allocation[report.allocation["namespace"].astype("str") != ""]
    keys = rows[["namespace", "workload", "owner"]].astype("str").drop_duplicates()
    return {(space, name): owner for space, name, owner in keys.itertuples(index=False)}


TEAMS = {"shop": "orders", "batch": "data", "ml": "data", "web": "storefront", "misc": "misc"}
TEAMS |= {"kube-system": "platform", "monitoring": "platform"}


def test_the_team_of_a_namespace_has_its_volumes_and_balancers(today: Report) -> None:
    owners = owners_of(today)
    assert owners == {key: TEAMS[key[0]] for key in owners}
    assert {("web", "frontend"), ("shop", "shop"), ("shop", "old-db"), ("batch", "scratch")} <= {
        *owners
    }


@pytest.mark.prometheus
def test_the_same_from_history(yesterday: Report) -> None:
    owners = owners_of(yesterday)
    assert owners == {key: TEAMS[key[0]] for key in owners}
    assert {("web", "frontend"), ("shop", "old-db"), ("batch", "scratch")} <= {*owners}


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MetricsSource]:
    if not prometheus.available():
        pytest.skip("needs prometheus")
    data = tmp_path_factory.mktemp("blocks")
    with tarfile.open(CASE / "prometheus-blocks.tar.gz") as archive:
        archive.extractall(data, filter="data")
    spec = next(spec for spec in SOURCES if spec.name == "prometheus")
    with prometheus.serve(data) as url:
        yield spec.make(spec.settings(url=url))


@pytest.fixture(scope="module")
def yesterday(history: MetricsSource) -> Report:
    return report_of(history)


@pytest.mark.prometheus
def test_history_comes_out_as_worked_out_by_hand(yesterday: Report) -> None:
    report = yesterday
    totals = report.totals
    assert (totals.report, totals.cluster_effective, totals.billed) == pytest.approx(
        (38.6557, 41.0817, 46.0623), abs=5e-5
    )
    assert abs(totals.residual) < 0.005
    rows = report.allocation
    names = rows["namespace"].astype("str")
    rows = rows.assign(who=names.where(names != "", rows["kind"].astype("str")))
    costs = rows.groupby(["basis", "who"])["cost"].sum()
    for namespace, (at_list, effective) in NAMESPACES.items():
        assert costs.loc["list", namespace] == pytest.approx(at_list, abs=5e-5), namespace
        assert costs["effective", namespace] == pytest.approx(effective, abs=5e-5), namespace


BREAKS = {"consolidation", "orphaned-balancer", "orphaned-disk", "unmounted-volume"}


READY_WOULD_BREAK = {"debug", "inference", "db", "report", "coredns", "node-helper"}
"""A bare pod, a GPU's, two with a disk of one zone, the cluster's own names, a pod of its node."""


def ready(report: Report) -> set[str]:
    """Workloads that may run on spot nodes."""
    assert report.spot is not None
    judged = report.spot[report.spot["scope"] == "workload"].set_index("name")["verdict"]
    assert judged["debug"] == judged["inference"] == judged["db"] == "not ready"
    return set(judged.index[judged == "ready"])


def no_harm(report: Report) -> set[tuple[str, str]]:
    """Rule and subject of each finding, none of which would break this cluster."""
    for finding in report.findings:
        assert finding.rule not in BREAKS, finding
        assert "kube-system" not in finding.subject, finding
        assert not re.search(r"Request 0(\.0+)? ", finding.action), finding
    # A day or less has not seen a week: no node is let go, changed or moved, nothing is committed to.
    assert report.plan is not None
    assert set(report.plan["step"]) <= {"right-size"}
    assert not READY_WOULD_BREAK & ready(report), ready(report)
    return {(finding.rule, finding.subject) for finding in report.findings}


def test_no_finding_of_today_breaks_the_cluster(today: Report) -> None:
    """Nodes that left by now are not seen, so that no machine is called dead."""
    assert {rule for rule, _ in no_harm(today)} == {"unused-commitment"}


@pytest.mark.prometheus
def test_no_finding_of_history_breaks_the_cluster(yesterday: Report) -> None:
    """The GPU node, the Ingress's balancer, claims and add-ons are left alone; what is dead is found."""
    findings = no_harm(yesterday)
    assert {name for rule, name in findings if rule == "dead-node"} == {"i-0cafe000000000001"}
    assert ("no-requests", "misc/Deployment/besteffort") in findings
    (note,) = [note for note in yesterday.notes if "load balancer" in note]
    assert "do not say whether they show all ingresses" in note
    assert "1 load balancer that the bill ties to the cluster (0.54)" in note


@pytest.mark.prometheus
def test_history_has_the_hours_that_were_played(history: MetricsSource) -> None:
    seen = history.observe(ObserveRequest(scope=Scope(), window=DAY))
    nodes = seen.inventory[seen.inventory["kind"] == "node"].set_index("asset_id")
    (left,) = nodes[nodes["hours"] < 24]["hours"]
    assert left * 60 == pytest.approx(397, abs=0.5)
    usage = seen.usage.merge(seen.pods[["pod_uid", "namespace"]], on="pod_uid")
    assert usage[usage["namespace"] == "batch"]["hours"].sum() == pytest.approx(5.6, abs=5e-4)
    assert nodes["gpu_count"].to_dict() == {name: float(name == GPU_NODE) for name in nodes.index}


def replayed(name: str, folder: Path) -> Iterator[Observation]:
    """One exposition of kube-state-metrics, scraped every half minute from 21:50 to 23:10."""
    import gzip

    lines = gzip.decompress((CASE / "ksm" / name).read_bytes()).decode().splitlines()
    times = range(int(HOUR.start.timestamp()) - 600, int(HOUR.end.timestamp()) + 600, 30)
    text = "".join(f"{line} {at}\n" for line in lines if line.startswith("kube_") for at in times)
    spec = next(spec for spec in SOURCES if spec.name == "prometheus")
    with prometheus.serve(prometheus.backfill(text + "# EOF\n", folder)) as url:
        yield spec.make(spec.settings(url=url)).observe(ObserveRequest(scope=Scope(), window=HOUR))


@pytest.mark.prometheus
@pytest.mark.skipif(not prometheus.available(), reason="needs prometheus")
@pytest.mark.parametrize(
    ("name", "ml"), [("v2.19-default-flags.txt.gz", 2 + 0.75), ("v1.9.8.txt.gz", 2 + 0.5)]
)
def test_each_exporter_shows_the_same_cluster(tmp_path: Path, name: str, ml: float) -> None:
    (seen,) = replayed(name, tmp_path)
    nodes = seen.inventory[seen.inventory["kind"] == "node"].set_index("asset_id")
    assert nodes["hours"].to_list() == pytest.approx([1.0] * 7)
    assert nodes["gpu_count"].to_dict() == {name: float(name == GPU_NODE) for name in nodes.index}
    usage = seen.usage.merge(seen.pods[["pod_uid", "namespace"]], on="pod_uid")
    held = usage.groupby("namespace")[["cpu_request", "gpu_request"]].sum()
    assert held.loc["ml"].to_list() == pytest.approx([ml, 1])
    assert held.loc["kube-system", "cpu_request"] == pytest.approx(7 * 0.16 + 2 * 0.1 + 0.02)
    static = seen.pods.set_index("pod").loc["node-helper-ip-10-0-1-11.ec2.internal"]
    assert (static["workload_kind"], static["workload"]) == ("StaticPod", "node-helper")
    said = " ".join(seen.coverage.notes)
    assert ("--metric-labels-allowlist" in said) == name.startswith("v2")
    # The sandbox's overhead is not in v1, nor what init containers ask for.
    assert ("kube-state-metrics v1" in said) == name.startswith("v1")
