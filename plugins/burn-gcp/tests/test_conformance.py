"""The kit that every billing provider passes, on each way a Google Cloud bill can be read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
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

URL = "bigquery://" + "/".join(TABLE)


def made() -> tuple[World, Charged]:
    world = gcp_world(random_world(4))
    return world, charge(world)


def case_of(world: World, bill: str, *, refused: str, cut: Path, **settings: Any) -> ProviderCase:
    seen = [gcp_frames(world, day)["inventory"] for day in range(world.hours // 24)]
    inventory = schemas.INVENTORY.validate(pd.concat(seen, ignore_index=True), author="lab")
    mine = GcpSettings(bill=bill, forwarding_rules=rules(world), **settings)
    window = Window(world.start, world.end)
    denied = GcpSettings(bill=URL, endpoint_url=refused, price_list="off")
    return ProviderCase(
        GcpProvider(mine),
        inventory,
        window,
        Scope(cluster=world.cluster),
        denied=lambda: GcpProvider(denied),
        truncated=lambda: GcpProvider(GcpSettings(bill=str(cut), price_list="off")),
    )


def cut_off(charged: Charged, folder: Path) -> Path:
    """A file that ends in the middle."""
    (whole,) = write_gcp(charged, folder).iterdir()
    whole.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    return folder


def refusing(charged: Charged) -> BigQuery:
    bigquery = BigQuery(gcp_table(charged))
    bigquery.refuse = True
    return bigquery


class TestParquetInAFolder(BillingProviderConformance):
    plugin = "gcp"

    @pytest.fixture(scope="class")
    @classmethod
    def case(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProviderCase]:
        world, charged = made()
        folder = write_gcp(charged, tmp_path_factory.mktemp("gcp"))
        cut = cut_off(charged, tmp_path_factory.mktemp("cut"))
        with serving(catalog) as url, serving(refusing(charged)) as refused:
            yield case_of(world, str(folder), refused=refused, cut=cut, endpoint_url=url)


class TestBigQuery(BillingProviderConformance):
    plugin = "gcp"

    @pytest.fixture(scope="class")
    @classmethod
    def case(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProviderCase]:
        world, charged = made()
        cut = cut_off(charged, tmp_path_factory.mktemp("cut"))
        bigquery = BigQuery(gcp_table(charged))
        with serving(catalog, bigquery) as url, serving(refusing(charged)) as refused:
            yield case_of(world, URL, refused=refused, cut=cut, endpoint_url=url)
