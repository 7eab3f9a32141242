"""Keys that do not fit into a query's text are matched after it: the same bill."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from burn.api import Bill, BillRequest, IdentifyRequest, Scope, Window, schemas
from burn_gcp.bill.cluster import keyset
from burn_gcp.provider import GcpProvider
from burn_gcp.settings import GcpSettings
from tests.lab.gcp import gcp_frames, gcp_table
from tests.lab.gcp_names import gcp_world, rules
from tests.lab.ledger import charge
from tests.lab.random_world import random_world
from tests.lab.things import World
from tests.servers.gcp import serving
from tests.servers.gcp_bigquery import TABLE, BigQuery

URL = "bigquery://" + "/".join(TABLE)
STRANGERS = 30_000
QUERY = 1_000_000
"""Characters that BigQuery takes."""


@pytest.fixture(scope="module")
def world() -> World:
    return gcp_world(random_world(4))


@pytest.fixture(scope="module")
def bigquery(world: World) -> BigQuery:
    return BigQuery(gcp_table(charge(world), daily=True, google=True))


def read(world: World, server: BigQuery, strangers: int = 0, **settings: Any) -> Bill:
    """The bill as a cluster with further nodes and volumes sees it; none of those is billed."""
    server.queries.clear()
    days = range(world.hours // 24)
    seen = pd.concat([gcp_frames(world, day)["inventory"] for day in days], ignore_index=True)
    with serving(server) as url:
        made = GcpSettings(
            bill=URL,
            endpoint_url=url,
            price_list="off",
            forwarding_rules=rules(world),
            **settings,
        )
        provider = GcpProvider(made)
        known = provider.identify(
            IdentifyRequest(inventory=schemas.INVENTORY.validate(seen, author="lab"))
        )
        names = pd.Series([f"far-{n:06}" for n in range(strangers)], dtype="str")
        more = pd.DataFrame(
            {
                "asset_id": "node/" + names,
                "resource_key": "far-project-1/us-east4-b/instance/" + names,
                "method": "provider id",
            }
        )
        keys = pd.concat([known, more], ignore_index=True)
        identities = schemas.IDENTITY.validate(keys, author="test")
        return provider.bill(
            BillRequest(
                scope=Scope(cluster=world.cluster),
                window=Window(world.start, world.end),
                identities=identities,
            )
        )


def same(one: Bill, other: Bill) -> None:
    order = [c.name for c in schemas.BILL.columns if c.kind in ("string", "timestamp")]
    pair = [bill.rows.sort_values(order, ignore_index=True) for bill in (one, other)]
    pd.testing.assert_frame_equal(*pair, rtol=1e-12, atol=1e-9)
    assert (one.control, one.notes, one.final_until) == (
        other.control,
        other.notes,
        other.final_until,
    )


def test_thirty_thousand_nodes(world: World, bigquery: BigQuery) -> None:
    few = read(world, bigquery)
    assert any("burn_keys" not in sql and "place_by" in sql for sql in bigquery.queries)
    many = read(world, bigquery, STRANGERS)
    assert max(map(len, bigquery.queries)) < QUERY
    assert any("MD5" in sql for sql in bigquery.queries)
    assert not any("place_by" in sql for sql in bigquery.queries)
    same(few, many)
    assert many.rows["in_cluster"].any()


@pytest.mark.parametrize(("limit", "digits"), [(500, 6), (30, 4)])
def test_a_lower_limit(
    world: World, bigquery: BigQuery, limit: int, digits: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With stated resources, and down to digests of which many names share one."""
    settings = {"cluster_resources": ("shop-prod-1/*",), "cluster_location": "us-west1"}
    few = read(world, bigquery, **settings)
    monkeypatch.setattr(keyset, "MAX_TEXT", limit)
    late = read(world, bigquery, **settings)
    assert any(f"1, {digits}) IN" in sql for sql in bigquery.queries)
    same(few, late)
