"""The resource keys a bill is matched with, as a relation the engine can join."""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see sql.py)
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from burn.api.bills.queries.sql import literal

if TYPE_CHECKING:
    import pyarrow as pa

    from burn.api.bills.engine.source import Engine

NAME = "burn_keys"
MAX_TEXT = 150_000
"""Athena takes queries of up to 262,144 bytes; the rest of ours needs well under 60,000."""


@dataclass(frozen=True, slots=True)
class KeySet:
    """Keys as a relation; `later` when they are too many and are matched after the query."""

    relation: str
    later: bool = False
    keys: tuple[tuple[str, str], ...] = ()

    @classmethod
    def make(cls, engine: Engine, keys: Sequence[str], node_disks: Sequence[str] = ()) -> KeySet:
        """A registered table where the engine has such, else inlined, else later."""
        import pyarrow as pa

        kinds = dict.fromkeys(sorted(set(keys)), "asset") | dict.fromkeys(
            sorted(set(node_disks)), "node_disk"
        )
        table = pa.table(
            {
                "resource_key": pa.array(list(kinds), pa.string()),
                "kind": pa.array(list(kinds.values()), pa.string()),
            }
        )
        if engine.register(NAME, table):
            return cls(NAME)
        rows = [f"({literal(key)}, {literal(kind)})" for key, kind in kinds.items()]
        later = sum(len(row) + 2 for row in rows) > MAX_TEXT
        if later or not rows:
            none = "SELECT CAST('' AS VARCHAR) AS resource_key, CAST('' AS VARCHAR) AS kind"
            return cls(f"({none} WHERE FALSE)", later, tuple(kinds.items()) if later else ())
        return cls(f"(SELECT * FROM (VALUES {', '.join(rows)}) AS v(resource_key, kind))")

    def finish(self, result: pa.Table) -> pa.Table:
        """Match what came back by resource, where the keys did not fit into the query."""
        if not self.later:
            return result
        from burn.api.bills.queries.key_matching import match_late

        return match_late(result, self.keys)
