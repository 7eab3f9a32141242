"""Every driver of a random world, recovered to the cent from Google Cloud's exports."""

from __future__ import annotations

from pathlib import Path

import pytest

from burn.api import AccessError, DataError
from tests.e2e.lab_run import differences, found, worlds
from tests.lab.gcp import gcp_table, write_gcp
from tests.lab.gcp_names import gcp_world
from tests.lab.gcp_run import gcp_report, gcp_truth
from tests.lab.ledger import charge
from tests.lab.random_world import random_world
from tests.servers.gcp import catalog, serving
from tests.servers.gcp_bigquery import TABLE, BigQuery

URL = "bigquery://" + "/".join(TABLE)


@pytest.mark.parametrize("model", ["new", "legacy"])
@worlds(2)
def test_detailed_export(tmp_path_factory: pytest.TempPathFactory, model: str, seed: int) -> None:
    world = gcp_world(random_world(seed))
    charged = charge(world)
    bill = write_gcp(charged, tmp_path_factory.mktemp("bill"), model=model)
    with serving(catalog) as url:
        got = gcp_report(world, bill, endpoint_url=url)
    assert differences(found(got), gcp_truth(charged)) == {}
    assert abs(got.totals.residual) < 0.005


@pytest.mark.parametrize("form", ["jsonl", "csv"])
@worlds(1)
def test_other_files(tmp_path_factory: pytest.TempPathFactory, form: str, seed: int) -> None:
    world = gcp_world(random_world(seed, gaps=True))
    charged = charge(world)
    bill = write_gcp(charged, tmp_path_factory.mktemp("bill"), form=form)
    with serving(catalog) as url:
        got = gcp_report(world, bill, endpoint_url=url)
    assert differences(found(got), gcp_truth(charged)) == {}


def test_focus(tmp_path: Path) -> None:
    """Of the older commitments FOCUS tells as much as the detailed export: it has the credits."""
    world = gcp_world(random_world(3))
    charged = charge(world)
    bill = write_gcp(charged, tmp_path, export="focus", model="legacy")
    with serving(catalog) as url:
        got = gcp_report(world, bill, endpoint_url=url)
    want = gcp_truth(charged)
    # FOCUS has no seller: a marketplace product stays a service outside.
    market = want.pop(("accounting", "marketplace"), 0.0)
    if market:
        want["outside", "Log Shipper Pro"] = market
    assert differences(found(got), want) == {}


@worlds(1)
def test_pushed_down_is_the_same(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    world = gcp_world(random_world(seed))
    charged = charge(world)
    bigquery = BigQuery(gcp_table(charged))
    bill = write_gcp(charged, tmp_path_factory.mktemp("bill"))
    with serving(catalog, bigquery) as url:
        there = gcp_report(world, URL, endpoint_url=url)
        here = gcp_report(world, bill, endpoint_url=url)
    assert differences(found(there), found(here)) == {}
    assert differences(found(there), gcp_truth(charged)) == {}
    assert bigquery.dry_runs == len(bigquery.queries)
    assert all("_PARTITIONTIME" in sql for sql in bigquery.queries)


def test_a_query_over_the_limit_is_not_run() -> None:
    world = gcp_world(random_world(3))
    bigquery = BigQuery(gcp_table(charge(world)))
    with serving(catalog, bigquery) as url, pytest.raises(AccessError, match="limit of 1,000"):
        gcp_report(world, URL, endpoint_url=url, maximum_bytes_billed=1000)
    assert bigquery.queries == []


def test_no_permission_names_it() -> None:
    world = gcp_world(random_world(3))
    bigquery = BigQuery(gcp_table(charge(world)))
    bigquery.refuse = True
    with serving(catalog, bigquery) as url, pytest.raises(AccessError) as caught:
        gcp_report(world, URL, endpoint_url=url)
    assert "bigquery.tables.get" in str(caught.value.hint)


def test_the_standard_export_cannot_name_nodes(tmp_path: Path) -> None:
    world = gcp_world(random_world(3))
    bill = write_gcp(charge(world), tmp_path, export="standard")
    with (
        serving(catalog) as url,
        pytest.raises(DataError, match="standard export, which names no resources") as error,
    ):
        gcp_report(world, bill, endpoint_url=url)
    assert "Detailed usage cost" in str(error.value.hint)


def test_a_wrong_amount_would_be_seen(tmp_path: Path) -> None:
    world = gcp_world(random_world(1))
    charged = charge(world)
    bill = write_gcp(charged, tmp_path)
    with serving(catalog) as url:
        got = found(gcp_report(world, bill, endpoint_url=url))
    want = gcp_truth(charged)
    key = max(want, key=lambda name: want[name])
    assert differences(got, want | {key: want[key] + 0.01}).keys() == {key}
