"""The keys of observed assets, as a relation the engine can join."""

# ruff: noqa: S608 (identifiers are quoted and values are literals)
from __future__ import annotations

from collections.abc import Sequence

from burn.api import DataError
from burn.api.bills.engine import Engine
from burn.api.bills.sql import literal
from burn_gcp.described import Described

NAME = "burn_keys"
NOBODY = " "
"""No resource is named so: BigQuery has no empty list of values."""
MAX_TEXT = 800_000
"""BigQuery takes queries of up to 1 MB of text; the rest of ours needs far less than 200 kB."""


def relation_of(engine: Engine, keys: Sequence[str], described: Described) -> str:
    """A registered table where the engine has such, else values in the text.

    Returns:
        Relation with `resource_key`, each once; `kind`: asset (observed) or described; `target`:
        the key that the resource's lines are to have, empty for its own.

    Raises:
        DataError: more keys than a query may hold.
    """
    import pyarrow as pa

    rows = dict.fromkeys((*described.disks, *described.addresses), ("described", ""))
    rows |= {key: ("described", target) for key, target in described.aliases.items()}
    rows |= dict.fromkeys(keys, ("asset", ""))
    distinct = sorted(rows)
    kinds, targets = zip(*(rows[key] for key in distinct), strict=True) if rows else ((), ())
    columns = {"resource_key": distinct, "kind": kinds, "target": targets}
    if engine.register(
        NAME, pa.table({name: pa.array(each, pa.string()) for name, each in columns.items()})
    ):
        return NAME
    told = zip(distinct, kinds, targets, strict=True) if rows else [(NOBODY, "", "")]
    values = ", ".join(f"({', '.join(map(literal, row))})" for row in told)
    if len(values) > MAX_TEXT:
        raise DataError(
            f"{len(distinct):,} nodes, volumes and balancers are too many for one BigQuery query",
            hint="shorten --window, or export the table to files and read those",
        )
    return f"(SELECT * FROM (VALUES {values}) AS v(resource_key, kind, target))"
