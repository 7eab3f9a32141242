"""Google's FOCUS table and its FOCUS view, in their own columns: what the detailed export tells."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from burn.api import DataError, Report
from burn_gcp.bill.lines.formats import FOCUS, USAGE, detect
from tests.e2e.lab_run import differences, found
from tests.lab.gcp import ACCOUNT, flat
from tests.lab.gcp_focus import focus_export
from tests.lab.gcp_names import PROJECT, gcp_world
from tests.lab.gcp_run import gcp_report, gcp_truth
from tests.lab.ledger import Charged, charge
from tests.lab.random_world import random_world
from tests.servers.gcp import catalog, serving
from tests.servers.gcp_bigquery import TABLE, BigQuery


@pytest.fixture(scope="module")
def charged() -> Charged:
    return charge(gcp_world(random_world(3)))


def reported(charged: Charged, bill: str | Path, *routes: Any, **settings: Any) -> Report:
    with serving(catalog, *routes) as url:
        return gcp_report(charged.world, bill, endpoint_url=url, **settings)


def written(table: pa.Table, folder: Path, *, csv: bool = False) -> Path:
    if csv:
        flat(table).to_csv(folder / "export.csv.gz", index=False)
    else:
        pq.write_table(table, folder / "export.parquet")
    return folder


@pytest.mark.parametrize(
    ("version", "model"), [("table", "new"), ("table", "legacy"), ("view", "legacy")]
)
def test_every_driver(charged: Charged, tmp_path: Path, version: Any, model: str) -> None:
    bill = written(focus_export(charged, version, model=model), tmp_path)
    assert differences(found(reported(charged, bill)), gcp_truth(charged)) == {}


def test_the_view_knows_no_consumption_model(charged: Charged, tmp_path: Path) -> None:
    """What a commitment of the newer model saves is one with negotiated prices there."""
    bill = written(focus_export(charged, "view", model="new"), tmp_path)
    got, want = found(reported(charged, bill)), gcp_truth(charged)
    mixed = [
        ("rate", "negotiated"),
        ("rate", "commitment"),
        ("waste", "unused_commitment"),
        ("outside", "Compute Engine"),
    ]
    sums = [sum(rows.pop(key, 0.0) for key in mixed) for rows in (got, want)]
    assert sums[0] == pytest.approx(sums[1])
    assert differences(got, want) == {}


def test_a_csv_has_the_keys_in_capitals(charged: Charged, tmp_path: Path) -> None:
    table = focus_export(charged, "table", model="legacy", text=True)
    bill = written(table, tmp_path, csv=True)
    assert differences(found(reported(charged, bill)), gcp_truth(charged)) == {}


@pytest.mark.parametrize("version", ["table", "view"])
def test_pushed_down_is_the_same(charged: Charged, tmp_path: Path, version: Any) -> None:
    table = focus_export(charged, version, model="legacy")
    here = reported(charged, written(table, tmp_path))
    there = reported(charged, "bigquery://" + "/".join(TABLE), BigQuery(table))
    assert differences(found(there), found(here)) == {}


def test_scope_by_project_and_ancestor(charged: Charged, tmp_path: Path) -> None:
    """The view has the billing account where the table has the project."""
    table = focus_export(charged, "view", model="legacy")
    bill = written(table, tmp_path)
    own = sum(one["id"] == PROJECT for one in table.column("x_Project").to_pylist())
    got = reported(charged, bill, projects=(PROJECT,), ancestors=("2002",))
    assert got.control.lines == own > 0
    for other in ({"projects": (ACCOUNT,)}, {"ancestors": ("9",)}):
        with pytest.raises(DataError, match="no line in"):
            reported(charged, bill, **other)


def test_detection_takes_the_first_spelling() -> None:
    paths = {name: "varchar" for spelled in (FOCUS, USAGE) for name in _all(spelled)}
    only = {path: kind for path, kind in paths.items() if path in _all(FOCUS)}
    assert detect(only).paths["account"] == "x_Project.Id"
    assert detect(only).paths["labels"] == "x_Labels"
    less = {path: "" for path in only if not path.startswith("x_") or path == "x_Credits"}
    assert detect(less).paths["account"] == "SubAccountId"
    assert detect(less).paths["labels"] == "Tags"


def _all(facts: dict[str, str | tuple[str, ...]]) -> set[str]:
    return {
        path for paths in facts.values() for path in ([paths] if isinstance(paths, str) else paths)
    }
