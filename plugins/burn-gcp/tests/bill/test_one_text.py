"""SQL over a bill is written once: the same bill from files in DuckDB and pushed down to BigQuery."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlglot
from sqlglot import exp

from burn.api import Bill, BillRequest, DataError, Scope, Window, schemas
from burn_gcp.bill.lines.facts import KNOWN
from burn_gcp.provider import GcpProvider
from burn_gcp.settings import GcpSettings
from tests.lab.gcp import gcp_table
from tests.lab.gcp_names import gcp_world
from tests.lab.ledger import charge
from tests.lab.random_world import random_world
from tests.servers.gcp import serving
from tests.servers.gcp_bigquery import TABLE, BigQuery

URL = "bigquery://" + "/".join(TABLE)
OCTOBER = Window.month(2026, 10)
CREDITS, LABELS = ("credits", "x_Credits"), ("labels", "Tags")


def motley(table: pa.Table, seed: int) -> pa.Table:
    """The table with credits of every type, several on a line, and namespaces, some odd."""
    chance = random.Random(seed)
    types = (*KNOWN, "SOMETHING_NEW")

    def credit() -> dict[str, Any]:
        kind, amount = chance.choice(types), -chance.randrange(1, 10**9) / 1e10
        name = f"{kind} of O'Neil [{{'x"
        return {"name": name, "full_name": "", "id": "", "type": kind, "amount": amount}

    for name in set(table.column_names) & {*CREDITS, *LABELS}:
        cells = table.column(name).to_pylist()
        for cell in cells:
            if name in LABELS and cell:
                space = chance.choice(["shop", 'quote"d', "", "ünï"])
                cell.append({"key": "k8s-namespace", "value": space})
            elif name in CREDITS and chance.random() < 0.3:
                cell += [credit() for _ in range(chance.randrange(1, 4))]
        at = table.column_names.index(name)
        table = table.set_column(at, name, pa.array(cells, table.schema.field(name).type))
    return table


def as_json(table: pa.Table) -> pa.Table:
    """Credits and labels as JSON text; a line without any has one of the spellings of that."""
    nothing = ["[]", "", None, "null"]
    for name in set(table.column_names) & {*CREDITS, *LABELS}:
        cells = [
            json.dumps(cell) if cell else nothing[number % 4]
            for number, cell in enumerate(table.column(name).to_pylist())
        ]
        table = table.set_column(table.column_names.index(name), name, pa.array(cells))
    return table


def read(bill: str, cluster: str, **settings: Any) -> Bill:
    made = GcpSettings(bill=bill, price_list="off", **settings)
    keys = schemas.IDENTITY.validate(
        pd.DataFrame({"asset_id": ["a"], "resource_key": ["p/z/disk/d"], "method": ["id"]}),
        author="test",
    )
    return GcpProvider(made).bill(
        BillRequest(scope=Scope(cluster=cluster), window=OCTOBER, identities=keys)
    )


def assert_same(there: Bill, here: Bill) -> None:
    pd.testing.assert_frame_equal(there.rows, here.rows, check_exact=True)
    assert (there.final_until, said(there)) == (here.final_until, said(here))
    assert counted(there) == counted(here)

    assert there.namespace_split is not None
    assert here.namespace_split is not None
    pd.testing.assert_frame_equal(there.namespace_split, here.namespace_split, check_exact=True)


def said(bill: Bill) -> list[str]:
    """The notes, whatever a file or a table is called."""
    return [re.sub(r" lines in .*?, of ", " lines, of ", note) for note in bill.notes]


def counted(bill: Bill) -> list[object]:
    """The control total, whatever a file or a table is called."""
    control = bill.control
    files = [replace(one, file="") for one in control.files]
    accounted = [replace(one, file="") for one in control.accounted]
    return [control.lines, control.billed, control.currency, files, accounted]


WORLDS = [
    (seed, {"export": export, "model": model, "google": export == "detailed"})
    for seed, export, model in (
        (1, "detailed", "new"),
        (2, "detailed", "legacy"),
        (3, "standard", "legacy"),
        (4, "focus", "legacy"),
    )
]


@pytest.mark.parametrize("text", [False, True], ids=["nested", "JSON"])
@pytest.mark.parametrize(("seed", "options"), WORLDS)
def test_the_same_bill(seed: int, options: dict[str, Any], text: bool, tmp_path: Path) -> None:
    world = gcp_world(random_world(seed))
    nested = motley(gcp_table(charge(world), daily=True, **options), seed)
    held = as_json(nested) if text else nested
    pq.write_table(nested, tmp_path / "bill.parquet")
    bigquery = BigQuery(held)
    with serving(bigquery) as url:
        there = read(URL, world.cluster, endpoint_url=url)
    here = read(str(tmp_path), world.cluster)
    assert_same(there, here)
    found = set(here.rows["x_charge_kind"])
    assert {"PROMOTION", "FREE_TIER", "SUSTAINED_USAGE_DISCOUNT", "unknown credit"} <= found
    for sql in bigquery.queries:
        assert_googles(sql)


def assert_googles(sql: str) -> None:
    """The text parses, every function in it is one that sqlglot knows BigQuery to have."""
    tree = sqlglot.parse_one(sql, read="bigquery", error_level=sqlglot.ErrorLevel.RAISE)
    assert not list(tree.find_all(exp.Comprehension, exp.FromJson))
    assert {node.name for node in tree.find_all(exp.Anonymous)} == set()
    assert tree.sql("bigquery", unsupported_level=sqlglot.ErrorLevel.RAISE)


@pytest.fixture
def json_columns() -> Iterator[tuple[str, str]]:
    """A table whose labels and credits are of BigQuery's type JSON."""
    world = gcp_world(random_world(4))
    table = motley(gcp_table(charge(world), daily=True), 5)
    cells = {
        name: pa.array([json.dumps(cell) for cell in table.column(name).to_pylist()])
        for name in ("labels", "credits")
    }
    for name, array in cells.items():
        table = table.set_column(table.column_names.index(name), name, array)
    with serving(BigQuery(table, json=tuple(cells))) as url:
        yield url, world.cluster


def test_columns_of_type_json(json_columns: tuple[str, str], tmp_path: Path) -> None:
    url, cluster = json_columns
    world = gcp_world(random_world(4))
    nested = motley(gcp_table(charge(world), daily=True), 5)
    pq.write_table(nested, tmp_path / "bill.parquet")
    assert_same(read(URL, cluster, endpoint_url=url), read(str(tmp_path), cluster))


def test_damaged_credits_are_never_taken_for_none(tmp_path: Path) -> None:
    table = as_json(gcp_table(charge(gcp_world(random_world(4))), daily=True))
    cells = ['[{"amount": -1.5, "type": "PROM'] * table.num_rows
    table = table.set_column(table.column_names.index("credits"), "credits", pa.array(cells))
    pq.write_table(table, tmp_path / "bill.parquet")
    with serving(BigQuery(table)) as url, pytest.raises(DataError):
        read(URL, "none", endpoint_url=url)
    with pytest.raises(DataError):
        read(str(tmp_path), "none")
