"""Writes the sample that burn-azure embeds: `python -m tests.lab.azure_sample [FOLDER]`.

The shop of the AWS sample as an AKS cluster: scale sets under a savings plan that is a little
short, two search nodes under three reservations, nightly spot nodes, a GPU node, a load test, an
orphaned disk, OS disks, public IPs, long-term support, a NAT gateway, and the rest of the account.
"""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from burn import snapshot
from burn.api import Coverage, Observation, Scope, Window
from tests.lab.azure import azure_charge, azure_frames, azure_world
from tests.lab.azure_export import write_azure
from tests.lab.facts import facts
from tests.lab.observed import frames
from tests.lab.shop import shop
from tests.lab.source import SEES
from tests.lab.things import Discounts, World

SAMPLE = Path(__file__).parents[2] / "plugins/burn-azure/burn_azure/sample"
LABELS = ("team",)
LEFT_OUT = (
    *("node-agent", "ebs-csi-controller", "load-balancer-controller", "karpenter", "coredns"),
    *("cert-manager", "oauth-proxy", "alertmanager", "kube-state-metrics", "grafana", "connect"),
    *("vouchers", "invoices", "importer", "reviews", "suggest", "airflow", "sales-report"),
    *("index-rebuild", "ranker"),
)
CONFIG = """\
# A made-up month of a made-up shop: `burn run --provider azure --sample` reads it.
[run]
cluster = "shop-prod"
source = "snapshot"
window = "2026-10"

[source.snapshot]
path = "{here}/metrics"

[provider.azure]
bill = "{here}/bill"
price_list = "off"
"""


def azure_shop() -> World:
    """The shop's month, with prices negotiated as Azure has it: in the price, not on lines of their own.

    Without the small pods that tell nothing more: the sample is meant to be small.
    """
    agreed = Discounts(edp=Decimal("0.07"), style="columns")
    world = shop()
    pods = tuple(pod for pod in world.pods if pod.workload not in LEFT_OUT)
    return azure_world(replace(world, discounts=agreed, pods=pods))


def write_metrics(world: World, root: Path) -> None:
    """Every observed day, through burn's own writer."""
    scope = Scope(cluster=world.cluster, label_keys=LABELS)
    for number, day in enumerate(Window(world.start, world.end).days()):
        made = azure_frames(world, frames(world, number, LABELS)) | facts(world, number)
        coverage = Coverage(sees=SEES)
        day_seen = Observation(**made, coverage=coverage)  # type: ignore[arg-type]
        snapshot.write_day(root, scope, day, day_seen)


def make(folder: Path) -> Path:
    """Write metrics, bill and burn.toml, replacing what is there; the same bytes every time."""
    world = azure_shop()
    for part in ("metrics", "bill"):
        shutil.rmtree(folder / part, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    write_metrics(world, folder / "metrics")
    write_azure(azure_charge(world), folder / "bill")
    (folder / "burn.toml").write_text(CONFIG, encoding="utf-8")
    return folder


if __name__ == "__main__":
    print(make(Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLE))
