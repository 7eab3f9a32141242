"""The keys of the cluster's resources, as relations that the engine can join."""

# ruff: noqa: S608 (identifiers are quoted and values are literals)
from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from burn.api.bills.engine.source import Engine
from burn.api.bills.queries.sql import literal
from burn_gcp.bill.cluster.match import last_name
from burn_gcp.described import Described

MAX_TEXT = 500_000
"""BigQuery takes queries of up to 1 MB of text; keys that need more are matched after the query."""
SURE, SHORT = 6, 4
"""Hex digits of a name's digest: of 16 million, and of so few that all of them fit into a query."""
NOBODY = " "
"""No resource is named so: a list of values is never empty."""


@dataclass(frozen=True, slots=True)
class KeySet:
    """What a bill's lines are matched with.

    Attributes:
        relation: `resource_key`, each once; `kind`: asset (observed) or described; `target`: the
            key that the resource's lines are to have, empty for its own.
        names: `name`, of the resources that a line keeps until it is matched.
        known: whether a last name is among `names`, with a place for it.
        later: the keys do not fit into the query's text: groups are matched after it.
    """

    relation: str
    names: str
    known: str = "{} IN (SELECT name FROM names)"
    later: bool = False


def keys_of(keys: Sequence[str], described: Described) -> dict[str, tuple[str, str]]:
    """Resource key → kind and target; what is observed goes before what is described."""
    targets = dict.fromkeys((*described.disks, *described.addresses), ("described", ""))
    targets |= {key: ("described", target) for key, target in described.aliases.items()}
    return targets | dict.fromkeys(keys, ("asset", ""))


def key_set(
    engine: Engine, keys: Mapping[str, tuple[str, str]], names: Sequence[str] = ()
) -> KeySet:
    """A registered table where the engine has such, else values in the text.

    Args:
        engine: where the bill is.
        keys: see `keys_of`.
        names: further last names to keep.
    """
    columns = {
        "resource_key": sorted(keys),
        "kind": [keys[key][0] for key in sorted(keys)],
        "target": [keys[key][1] for key in sorted(keys)],
    }
    relation = relation_of(engine, "burn_keys", columns)
    kept = [literal(name) for name in names or [NOBODY]]
    stated = " UNION ALL ".join(f"SELECT {name} AS name" for name in kept)
    own = f"SELECT {last_name('resource_key')} AS name FROM keys UNION ALL {stated}"
    if len(relation) <= MAX_TEXT:
        return KeySet(relation, own)
    last_names = {key.rpartition("/")[2] for key in keys} | set(names)
    digits = SURE if len(last_names) * (SURE + 1) <= MAX_TEXT else SHORT
    digests = {hashlib.md5(name.encode()).hexdigest()[:digits] for name in last_names}  # noqa: S324
    text = literal(" ".join(sorted(digests)))
    return KeySet(
        relation="",
        names=f"SELECT name FROM UNNEST(STRING_SPLIT({text}, ' ')) AS t(name)",
        known=f"SUBSTR(MD5({{}}), 1, {digits}) IN (SELECT name FROM names)",
        later=True,
    )


def relation_of(engine: Engine, name: str, columns: Mapping[str, Sequence[str]]) -> str:
    """A SELECT of columns of text: from a registered table, else from values in the text."""
    import pyarrow as pa

    table = pa.table({name: pa.array(list(each), pa.string()) for name, each in columns.items()})
    if engine.register(name, table):
        return f"SELECT * FROM {name}"
    rows = list(zip(*columns.values(), strict=True)) or [(NOBODY,) * len(columns)]
    # One text to be split is short; a list of records would name each field in every one.
    whole = literal("\n".join("\t".join(row) for row in rows))
    fields = ", ".join(
        f"COALESCE(REGEXP_EXTRACT(line, '^(?:[^\\t]*\\t){{{at}}}([^\\t]*)', 1), '') AS {column}"
        for at, column in enumerate(columns)
    )
    return f"SELECT {fields} FROM UNNEST(STRING_SPLIT({whole}, '\n')) AS t(line)"
