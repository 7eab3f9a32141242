"""The kit that every billing provider passes, on each way a Google Cloud bill can be read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest

from burn.api import Scope, Window, schemas
from burn.testing.provider import BillingProviderConformance, ProviderCase
from burn_gcp.provider import GcpProvider
from burn_gcp.settings import GcpSettings
from tests.lab.gcp import gcp_frames, gcp_table, write_gcp
from tests.lab.gcp_names import gcp_world, rules
from tests.lab.ledger import Charged, charge
from tests.lab.random_world import random_world
from tests.lab.things import World
from tests.servers.gcp import catalog, serving
from tests.servers.gcp_bigquery import TABLE, BigQuery


def made() -> tuple[World, Charged]:
    world = gcp_world(random_world(4))
    return world, charge(world)


def case_of(world: World, bill: str, **settings: Any) -> ProviderCase:
    seen = [gcp_frames(world, day)["inventory"] for day in range(world.hours // 24)]
    inventory = schemas.INVENTORY.validate(pd.concat(seen, ignore_index=True), author="lab")
    mine = GcpSettings(bill=bill, forwarding_rules=rules(world), **settings)
    window = Window(world.start, world.end)
    return ProviderCase(GcpProvider(mine), inventory, window, Scope(cluster=world.cluster))


class TestParquetInAFolder(BillingProviderConformance):
    plugin = "gcp"

    @pytest.fixture(scope="class")
    @classmethod
    def case(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProviderCase]:
        world, charged = made()
        folder = write_gcp(charged, tmp_path_factory.mktemp("gcp"))
        with serving(catalog) as url:
            yield case_of(world, str(folder), endpoint_url=url)


class TestBigQuery(BillingProviderConformance):
    plugin = "gcp"

    @pytest.fixture(scope="class")
    @classmethod
    def case(cls) -> Iterator[ProviderCase]:
        world, charged = made()
        with serving(catalog, BigQuery(gcp_table(charged))) as url:
            yield case_of(world, "bigquery://" + "/".join(TABLE), endpoint_url=url)
