"""What the Compute API adds to the bill: over HTTP, page by page, refused, busy, half silent."""

from __future__ import annotations

from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from burn.api import AccessError, CheckRequest, Report, Window
from burn_gcp.client.compute import listed
from burn_gcp.client.session import GcpSession
from burn_gcp.provider import GcpProvider
from burn_gcp.settings import GcpSettings
from tests.e2e.lab_run import found
from tests.lab.gcp import gcp_table, write_gcp
from tests.lab.gcp_names import PROJECT
from tests.lab.gcp_run import gcp_report
from tests.lab.gcp_sample import gcp_shop
from tests.lab.ledger import charge
from tests.servers.gcp import serving
from tests.servers.gcp_bigquery import TABLE, BigQuery
from tests.servers.gcp_compute import Compute, compute_of

WORLD = gcp_shop()
DAY = Window(WORLD.start, WORLD.start + timedelta(days=1))


@pytest.fixture(scope="module")
def bill(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shop's bill of a month."""
    folder = tmp_path_factory.mktemp("bill")
    return write_gcp(charge(WORLD), folder, daily=True, google=True)


def reported(bill: Path | str, server: Compute, *routes: Any, **settings: Any) -> Report:
    """A day's report, with the account described."""
    with serving(server, *routes) as url:
        return gcp_report(
            WORLD, bill, DAY, price_list="off", describe=True, endpoint_url=url, **settings
        )


def test_described_rules_are_what_stated_ones_are(bill: Path) -> None:
    server = compute_of(WORLD)
    got = found(reported(bill, server, forwarding_rules=()))
    want = found(gcp_report(WORLD, bill, DAY, price_list="off"))
    neither = found(gcp_report(WORLD, bill, DAY, price_list="off", forwarding_rules=()))
    assert got == pytest.approx(want)
    assert ("observation", "unbilled") in neither.keys() - want.keys()
    assert {token for kind, token in server.asked if kind == "disks"} > {"", "2", "4"}
    assert len(server.asked) == len(set(server.asked)), "a project is asked once"


def test_bigquery_is_told_the_same(bill: Path) -> None:
    here = found(reported(bill, compute_of(WORLD), forwarding_rules=()))
    table = gcp_table(charge(WORLD), daily=True, google=True)
    there = reported(
        "bigquery://" + "/".join(TABLE), compute_of(WORLD), BigQuery(table), forwarding_rules=()
    )
    assert found(there) == pytest.approx(here)


def test_a_boot_disk_of_another_name_is_its_nodes(bill: Path, tmp_path: Path) -> None:
    server = compute_of(WORLD)
    node = next(one for one in server.items["disks"] if one["name"] in one["users"][0])
    cost = 0.0
    for path in bill.iterdir():
        table = pq.read_table(path)
        rows = table.to_pylist()
        for row in rows:
            resource = row["resource"]
            if "/disk" in (resource["global_name"] or "") and resource["name"] == node["name"]:
                resource["global_name"] = resource["global_name"].replace(node["name"], "boot-1")
                resource["name"] = "boot-1"
                row["labels"] = []
                inside = DAY.start <= row["usage_start_time"].replace(tzinfo=UTC) < DAY.end
                cost += float(row["cost"]) * inside
        pq.write_table(pa.Table.from_pylist(rows, table.schema), tmp_path / path.name)
    assert cost > 0
    before = found(gcp_report(WORLD, tmp_path, DAY, price_list="off"))
    node["name"] = "boot-1"
    after = found(reported(tmp_path, server))
    gained = after["unmodelled", "node_disk"] - before["unmodelled", "node_disk"]
    assert gained == pytest.approx(cost, rel=1e-6)


def session(url: str) -> GcpSession:
    return GcpSession(GcpSettings(endpoint_url=url))


def test_a_refusal_names_permission_project_and_role() -> None:
    server = compute_of(WORLD)
    server.denied = ("addresses",)
    with (
        serving(server) as url,
        pytest.raises(AccessError, match="the addresses of project shop-prod-1") as error,
    ):
        listed(session(url), PROJECT, "addresses")
    assert "roles/compute.viewer" in str(error.value.hint)
    assert "compute.addresses.list" in str(error.value.hint)
    assert len(server.asked) == 1, "a refusal is final"


def test_a_busy_server_is_asked_again() -> None:
    server = compute_of(WORLD)
    server.busy = 2
    with serving(server) as url:
        found = listed(session(url), PROJECT, "forwardingRules")
    assert [one["name"] for one in found.items] == [
        one["name"] for one in server.items["forwardingRules"]
    ]
    assert [token for _, token in server.asked][:3] == ["", "", ""]


def test_another_project_is_not_there() -> None:
    with (
        serving(compute_of(WORLD)) as url,
        pytest.raises(AccessError, match="does not exist") as error,
    ):
        listed(session(url), "shop-pord", "disks")
    assert "project id" in str(error.value.hint)


def test_a_scope_without_an_answer_is_told(bill: Path) -> None:
    server = compute_of(WORLD)
    server.silent = "regions/me-west1"
    notes = " ".join(reported(bill, server).notes)
    assert f"no answer from {PROJECT}/regions/me-west1" in notes


def test_nobody_is_asked_unless_told(bill: Path) -> None:
    server = compute_of(WORLD)
    with serving(server) as url:
        gcp_report(WORLD, bill, DAY, price_list="off", endpoint_url=url)
    assert not server.asked


@pytest.mark.parametrize("denied", [(), ("disks",)])
def test_doctor_looks_at_the_permission(bill: Path, denied: tuple[str, ...]) -> None:
    server = compute_of(WORLD)
    server.denied = denied
    with serving(server) as url:
        settings = GcpSettings(
            bill=str(bill),
            describe=True,
            endpoint_url=url,
            price_list="off",
            projects=(PROJECT,),
        )
        checks = {one.name: one for one in GcpProvider(settings).check(CheckRequest())}
    assert checks["Compute API"].ok is not bool(denied)
    if denied:
        assert "roles/compute.viewer" in checks["Compute API"].hint
