"""A small world of the lab as a provider's case: its bill in any format, its inventory."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from pathlib import Path

import pandas as pd

from burn.api import InventoryFrame, Scope, Window, schemas
from tests.lab.ledger import Charged, charge
from tests.lab.observed import frames
from tests.lab.random_world import random_world
from tests.lab.things import World

SEED = 11


@cache
def world() -> tuple[World, Charged]:
    """The same world each time, and its charges."""
    made = random_world(SEED)
    return made, charge(made)


def window() -> Window:
    made, _ = world()
    return Window(made.start, made.start + timedelta(hours=made.hours))


def scope() -> Scope:
    return Scope(cluster=world()[0].cluster)


def inventory() -> InventoryFrame:
    """Asset × day over the whole window."""
    made, _ = world()
    days = [frames(made, day)["inventory"] for day in range(-(-made.hours // 24))]
    return schemas.INVENTORY.validate(pd.concat(days, ignore_index=True), author="lab")


def parquet_of(folder: Path) -> str:
    """DuckDB's relation over a written bill."""
    return f"read_parquet('{folder}/**/*.parquet', union_by_name = true, hive_partitioning = false)"
