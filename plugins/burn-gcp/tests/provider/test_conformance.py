"""The kit that every billing provider passes, on each way a Google Cloud bill can be read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd
import pyarrow.parquet as pq
import pytest

from burn.api import Scope, Window, schemas
from burn.testing import (
    NO_COPY,
    NO_CREDENTIALS,
    NO_FILES,
    BillingProviderConformance,
    ProviderCase,
    files_below,
    never,
)
from burn_gcp.provider import GcpProvider
from burn_gcp.settings import GcpSettings
from tests.lab.gcp import gcp_frames, gcp_table, write_gcp
from tests.lab.gcp_focus import focus_export
from tests.lab.gcp_names import gcp_world, rules
from tests.lab.ledger import Charged, charge
from tests.lab.random_world import random_world
from tests.lab.things import World
from tests.servers.gcp import catalog, serving
from tests.servers.gcp_bigquery import TABLE, BigQuery
from tests.servers.gcp_storage import storage

URL = "bigquery://" + "/".join(TABLE)


class Subject:
    """Where the bill is; `opened` makes the case and keeps its servers running."""

    plugin = "gcp"

    @pytest.fixture(scope="class")
    @classmethod
    def case(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProviderCase]:
        world = gcp_world(random_world(4))
        with ExitStack() as stack:
            yield cls.opened(world, charge(world), tmp_path_factory.mktemp("gcp"), stack)

    @classmethod
    def opened(cls, world: World, charged: Charged, root: Path, stack: ExitStack) -> ProviderCase:
        raise NotImplementedError


def provider(world: World, bill: str, url: str, **settings: Any) -> GcpProvider:
    mine = {"forwarding_rules": rules(world), **settings}
    return GcpProvider(GcpSettings(bill=bill, endpoint_url=url, **mine))


def case_of(world: World, made: GcpProvider, **wrong: Any) -> ProviderCase:
    seen = [gcp_frames(world, day)["inventory"] for day in range(world.hours // 24)]
    inventory = schemas.INVENTORY.validate(pd.concat(seen, ignore_index=True), author="lab")
    window = Window(world.start, world.end)
    return ProviderCase(
        provider=made,
        inventory=inventory,
        window=window,
        scope=Scope(cluster=world.cluster),
        **wrong,
    )


def billed(row: Mapping[str, Any]) -> Decimal:
    """A line's cost and credits, as the detailed export writes them in any kind of file."""
    held = json.loads(row["credits"]) if isinstance(row["credits"], str) else row["credits"]
    return sum((Decimal(str(one["amount"])) for one in held or []), Decimal(str(row["cost"])))


DETAILED = {"amount": billed, "amount_columns": ("cost", "credits")}


def cut_off(folder: Path) -> Path:
    """Its one file ends in the middle."""
    (whole,) = (path for path in folder.rglob("*") if path.is_file())
    whole.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    return folder


class Files(Subject):
    """Files in a local folder."""

    gaps = NO_CREDENTIALS
    amount: ClassVar[Mapping[str, Any]] = DETAILED

    @classmethod
    def written(cls, charged: Charged, folder: Path) -> Path:
        raise NotImplementedError

    @classmethod
    def opened(cls, world: World, charged: Charged, root: Path, stack: ExitStack) -> ProviderCase:
        url = stack.enter_context(serving(catalog))
        cut = cut_off(cls.written(charged, root / "cut"))
        whole = cls.written(charged, root / "whole")
        return case_of(
            world,
            provider(world, str(whole), url),
            truncated=lambda: provider(world, str(cut), url),
            files=files_below(whole),
            again=lambda: provider(world, str(whole), url),
            **cls.amount,
        )


class TestParquet(Files, BillingProviderConformance):
    about = "detailed export, Parquet in a folder"

    @classmethod
    def written(cls, charged: Charged, folder: Path) -> Path:
        return write_gcp(charged, folder)


class TestCsv(Files, BillingProviderConformance):
    about = "detailed export, gzipped CSV in a folder"

    @classmethod
    def written(cls, charged: Charged, folder: Path) -> Path:
        return write_gcp(charged, folder, form="csv")


class TestJsonLines(Files, BillingProviderConformance):
    about = "detailed export, gzipped JSON lines in a folder"

    @classmethod
    def written(cls, charged: Charged, folder: Path) -> Path:
        return write_gcp(charged, folder, form="jsonl")


class TestFocus(Files, BillingProviderConformance):
    about = "FOCUS table (1.2), Parquet in a folder"
    amount: ClassVar = {"amount": "BilledCost"}

    @classmethod
    def written(cls, charged: Charged, folder: Path) -> Path:
        folder.mkdir()
        pq.write_table(focus_export(charged, "table", model="new"), folder / "export.parquet")
        return folder


class TestCloudStorage(Subject, BillingProviderConformance):
    """The Catalog would be at another address, so it is not asked."""

    about = "detailed export, Parquet in Cloud Storage"
    gaps = NO_COPY

    @classmethod
    def opened(cls, world: World, charged: Charged, root: Path, stack: ExitStack) -> ProviderCase:
        whole = write_gcp(charged, root / "whole/month")
        cut = cut_off(write_gcp(charged, root / "cut/month"))
        served = [
            stack.enter_context(storage(folder.parent, refuse=status))
            for folder, status in ((whole, 0), (cut, 0), (whole, 403))
        ]

        def made(number: int) -> GcpProvider:
            cache = str(root / f"cache-{number}")
            place = "gs://billing/month/"
            return provider(world, place, served[number], cache=cache, price_list="off")

        return case_of(
            world,
            made(0),
            truncated=lambda: made(1),
            denied=lambda: made(2),
            files=files_below(whole),
            **DETAILED,
        )


class TestBigQuery(Subject, BillingProviderConformance):
    about = "detailed export in BigQuery"
    gaps: ClassVar = NO_FILES | {
        "test_a_bill_cut_off_in_the_middle_is_an_error": never(
            "a query answers with the whole result or with an error"
        )
    }

    @classmethod
    def opened(cls, world: World, charged: Charged, root: Path, stack: ExitStack) -> ProviderCase:
        table = gcp_table(charged)
        url = stack.enter_context(serving(catalog, BigQuery(table)))
        refusing = BigQuery(table)
        refusing.refuse = True
        refused = stack.enter_context(serving(refusing))
        return case_of(
            world,
            provider(world, URL, url),
            denied=lambda: provider(world, URL, refused, price_list="off"),
        )
