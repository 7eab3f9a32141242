"""The keys of observed assets, as a relation the engine can join."""

# ruff: noqa: S608 (identifiers are quoted and values are literals)
from __future__ import annotations

from collections.abc import Sequence

from burn.api import DataError
from burn.api.bills.engine import Engine
from burn.api.bills.sql import literal

NAME = "burn_keys"
NOBODY = " "
"""No resource is named so: BigQuery has no empty list of values."""
MAX_TEXT = 800_000
"""BigQuery takes queries of up to 1 MB of text; the rest of ours needs far less than 200 kB."""


def relation_of(engine: Engine, keys: Sequence[str]) -> str:
    """A registered table where the engine has such, else values in the text.

    Raises:
        DataError: more keys than a query may hold.
    """
    import pyarrow as pa

    distinct = sorted(set(keys))
    kinds = ["asset"] * len(distinct)
    table = pa.table(
        {"resource_key": pa.array(distinct, pa.string()), "kind": pa.array(kinds, pa.string())}
    )
    if engine.register(NAME, table):
        return NAME
    values = ", ".join(f"({literal(key)}, 'asset')" for key in distinct or [NOBODY])
    if len(values) > MAX_TEXT:
        raise DataError(
            f"{len(distinct):,} nodes, volumes and balancers are too many for one BigQuery query",
            hint="shorten --window, or export the table to files and read those",
        )
    return f"(SELECT * FROM (VALUES {values}) AS v(resource_key, kind))"
