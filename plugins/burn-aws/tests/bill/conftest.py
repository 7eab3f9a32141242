"""Small bills, line by line, in each format, read by DuckDB or through Athena's text."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlglot
from sqlglot import exp

from burn.api import Bill, Window
from burn.api.bills.engine.source import Source
from burn_aws.bill.read import read_bill
from burn_aws.scope import AwsScope

OCTOBER = Window.month(2026, 10)
DEFAULTS: dict[str, Any] = {
    "bill_billing_period_start_date": datetime.fromisoformat("2026-10-01"),
    "bill_billing_entity": "AWS",
    "bill_invoice_id": "INV-1",
    "line_item_usage_account_id": "012345678901",
    "line_item_line_item_type": "Usage",
    "line_item_product_code": "AmazonEC2",
    "line_item_usage_type": "USE2-BoxUsage:m5.large",
    "line_item_operation": "RunInstances",
    "line_item_resource_id": "i-0001",
    "line_item_usage_amount": 1.0,
    "line_item_currency_code": "USD",
    "line_item_unblended_cost": 0.0,
    "line_item_usage_start_date": datetime.fromisoformat("2026-10-05T03:00:00"),
    "line_item_usage_end_date": datetime.fromisoformat("2026-10-05T04:00:00"),
    "product_region_code": "us-east-2",
}
SECTIONS = ("bill", "identity", "lineItem", "pricing", "product", "reservation", "savingsPlan")


class Duck:
    """Runs DuckDB's text over tables in memory."""

    dialect = "duckdb"
    bytes_scanned = None

    def __init__(self) -> None:
        self.db = duckdb.connect()
        self.db.execute("SET TimeZone = 'UTC'")

    def query(self, sql: str) -> pa.Table:
        return self.db.sql(sql).to_arrow_table()

    def register(self, name: str, table: pa.Table) -> bool:
        self.db.register(name, table)
        return True


class AthenaTwin(Duck):
    """Takes Athena's text, translates it back, and answers as Athena does: decimals as text."""

    dialect = "athena"

    def query(self, sql: str) -> pa.Table:
        tree = sqlglot.parse_one(sql, read="athena").transform(_back)
        found = super().query(tree.sql(dialect="duckdb"))
        columns = {
            name: found[name].cast("string")
            if pa.types.is_decimal(found[name].type)
            else found[name]
            for name in found.column_names
        }
        return pa.table(columns)

    def register(self, name: str, table: pa.Table) -> bool:
        return False


def _back(node: exp.Expression) -> exp.Expression:
    """Trino's element_at is DuckDB's map['key']."""
    if isinstance(node, exp.Anonymous) and node.this.upper() == "ELEMENT_AT":
        return exp.Bracket(this=node.expressions[0], expressions=[node.expressions[1]])
    return node


def complete(lines: Sequence[Mapping[str, Any]]) -> tuple[list[str], list[dict[str, Any]]]:
    """Every line with the defaults and with all columns that any line has."""
    names = list(dict.fromkeys([*DEFAULTS, *(name for line in lines for name in line)]))
    return names, [{**dict.fromkeys(names), **DEFAULTS, **line} for line in lines]


def as_cur2(lines: Sequence[Mapping[str, Any]], folder: Path) -> str:
    """CUR 2.0: Parquet with the tags in a map, keys as AWS normalises them."""
    names, rows = complete([{k: v for k, v in ln.items() if k != "tags"} for ln in lines])
    columns = {name: pa.array([row[name] for row in rows]) for name in names}
    tags = [list(_normal(line.get("tags", {})).items()) for line in lines]
    columns["resource_tags"] = pa.array(tags, pa.map_(pa.string(), pa.string()))
    pq.write_table(pa.table(columns), folder / "cur2.parquet")
    return f"read_parquet('{folder}/cur2.parquet')"


def as_athena(lines: Sequence[Mapping[str, Any]], folder: Path) -> str:
    """Legacy CUR as Parquet: one column per tag, empty text where a line has none."""
    flat = [
        {k: v for k, v in line.items() if k != "tags"}
        | {f"resource_tags_{k}": v for k, v in _normal(line.get("tags", {})).items()}
        for line in lines
    ]
    names, rows = complete(flat)
    columns = {name: pa.array([row[name] for row in rows]) for name in names}
    pq.write_table(pa.table(columns), folder / "legacy.parquet")
    return f"read_parquet('{folder}/legacy.parquet')"


def as_csv(lines: Sequence[Mapping[str, Any]], folder: Path) -> str:
    """Legacy CUR as gzipped CSV: `/` names, everything text, Z times."""
    flat = [
        {k: v for k, v in line.items() if k != "tags"}
        | {
            f"resourceTags/{k if k.startswith('aws:') else 'user:' + k}": v
            for k, v in line.get("tags", {}).items()
        }
        for line in lines
    ]
    names, rows = complete(flat)
    with gzip.open(folder / "legacy.csv.gz", "wt", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([_slashed(name) for name in names])
        writer.writerows([[_text(row[name]) for name in names] for row in rows])
    return f"read_csv('{folder}/legacy.csv.gz', all_varchar = true, header = true)"


def as_json(lines: Sequence[Mapping[str, Any]], folder: Path) -> str:
    """CUR 2.0 as gzipped CSV: underscored names, everything text, tags as a JSON object."""
    names, rows = complete([{k: v for k, v in ln.items() if k != "tags"} for ln in lines])
    with gzip.open(folder / "cur2.csv.gz", "wt", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*names, "resource_tags"])
        for row, line in zip(rows, lines, strict=True):
            tags = json.dumps(_normal(line["tags"])) if line.get("tags") else ""
            writer.writerow([*(_text(row[name]) for name in names), tags])
    return f"read_csv('{folder}/cur2.csv.gz', all_varchar = true, header = true)"


FORMATS = {"cur2": as_cur2, "athena": as_athena, "csv": as_csv, "json": as_json}


@pytest.fixture
def athena() -> type[Duck]:
    """The engine that takes Athena's text."""
    return AthenaTwin


@pytest.fixture(params=["cur2", "athena", "csv"])
def form(request: pytest.FixtureRequest) -> str:
    """Each format in turn, for tests that must hold in all of them."""
    return str(request.param)


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Callable[..., Source]]:
    """Makes a source of some lines: `source(lines, "csv", Duck)`."""
    made: list[Duck] = []

    def make(
        lines: Sequence[Mapping[str, Any]], form: str = "cur2", engine: type[Duck] = Duck
    ) -> Source:
        made.append(engine())
        return over(made[-1], FORMATS[form](lines, tmp_path))

    yield make
    for engine in made:
        engine.db.close()


@pytest.fixture
def duck() -> Iterator[Callable[[str], Source]]:
    """Makes a source of any relation DuckDB can read."""
    engine = Duck()
    yield lambda relation: over(engine, relation)
    engine.db.close()


def over(engine: Duck, relation: str) -> Source:
    """A source over a relation DuckDB can read."""
    engine.db.execute(f"CREATE OR REPLACE VIEW bill AS SELECT * FROM {relation}")
    columns = {
        name: kind.lower() for name, kind, *_ in engine.db.execute("DESCRIBE bill").fetchall()
    }
    return Source(engine, '"bill"', columns)  # type: ignore[arg-type]


@pytest.fixture
def bill(source: Callable[..., Source]) -> Callable[..., Bill]:
    """Reads some lines: `bill(lines, form=…, engine=…, scope=…, window=…, keys=…)`."""

    def read(
        lines: Sequence[Mapping[str, Any]],
        *,
        form: str = "cur2",
        engine: type[Duck] = Duck,
        scope: AwsScope | None = None,
        window: Window = OCTOBER,
        keys: Sequence[str] = (),
        node_disks: Sequence[str] = (),
    ) -> Bill:
        return read_bill(
            source(lines, form, engine), scope or AwsScope(), window, keys, node_disks=node_disks
        )

    return read


def _normal(tags: Mapping[str, str]) -> dict[str, str]:
    """Keys as AWS writes them in Athena and CUR 2.0."""
    import re

    out = {}
    for key, value in tags.items():
        words = re.sub(r"(?<!^)([A-Z])", r"_\1", key).lower()
        plain = re.sub(r"[^a-z0-9]+", "_", words)
        out[plain if key.startswith("aws:") else f"user_{plain}"] = value
    return out


def _slashed(name: str) -> str:
    if "/" in name:
        return name
    for section in sorted(SECTIONS, key=len, reverse=True):
        snake = "".join(f"_{c.lower()}" if c.isupper() else c for c in section)
        if name.startswith(f"{snake}_"):
            words = name.removeprefix(f"{snake}_").replace("a_r_n", "ARN").split("_")
            return f"{section}/" + "".join(w if w.isupper() else w.capitalize() for w in words)
    return name


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%SZ}"
    return repr(value) if isinstance(value, float) else str(value)
