"""Tags on a bill, in every spelling AWS gives them.

A tag `kubernetes.io/cluster/prod` is `resourceTags/user:kubernetes.io/cluster/prod` in a CSV,
`resource_tags_user_kubernetes_io_cluster_prod` in Parquet and Athena, and a key of the
`resource_tags` map in CUR 2.0 and of `Tags` in FOCUS, there with or without `user:`/`user_`.
Files of several months may have both: a line has its tags in one of them.
A tag must be activated as a cost allocation tag to be on the bill at all.
"""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see bill/lines/table.py)
from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from burn.api.bills.queries.sql import is_text, literal, quoted
from burn_aws.bill.lines.formats import squash
from burn_aws.bill.lines.table import Table

MAP = "tag_map"


@dataclass(frozen=True, slots=True)
class Tags:
    """How this bill spells its tags.

    Attributes:
        table: source and format.
        style: map keys seen in a sample decide which spellings can occur; see `spellings`.
    """

    table: Table
    style: frozenset[str] = frozenset(("user_", "user:", "", "aws:", "aws_"))

    @property
    def column(self) -> str | None:
        """The map (or JSON) column, if tags are in one."""
        return self.table.format.tag_map

    @property
    def is_json(self) -> bool:
        """Whether the map is JSON in a text column."""
        return self.column is not None and is_text(self.table.source.columns[self.column])

    def items(self, wanted: Iterable[str]) -> dict[str, str]:
        """Select items over the relation that `value` later refers to: alias → SQL."""
        found = {tag: self._flat(tag) for tag in wanted}
        items = {_alias(tag): f"NULLIF({quoted(c)}, '')" for tag, c in found.items() if c}
        if self.column is not None:
            name = quoted(self.column)
            # A CSV may hold `NULL`, or nothing, where there is no JSON object.
            items[MAP] = f"CASE WHEN {name} LIKE '{{%' THEN {name} END" if self.is_json else name
        return items

    def value(self, tag: str) -> str | None:
        """SQL for a tag's value over the aliases (NULL where a line lacks it); None: no column."""
        found = [_alias(tag)] if self._flat(tag) else []
        if self.column is not None:
            found += [self._entry(key) for key in spellings(tag, self.style)]
        if not found:
            return None
        return found[0] if len(found) == 1 else f"COALESCE({', '.join(found)})"

    def may_hold(self, text: str) -> str | None:
        """SQL that is cheap and true whenever some tag's value is this text; None: no such test."""
        if self.column is None or self.table.format.tags:
            return None
        if self.is_json:
            return f"STRPOS({MAP}, {literal(json.dumps(text))}) > 0"
        return f"LIST_CONTAINS(MAP_VALUES({MAP}), {literal(text)})"

    def _flat(self, tag: str) -> str | None:
        wanted = squash(tag) if tag.startswith("aws:") else f"user{squash(tag)}"
        return self.table.format.tags.get(wanted)

    def _entry(self, key: str) -> str:
        if self.is_json:
            path = '$."' + key.replace('"', "") + '"'
            return f"JSON_EXTRACT_STRING({MAP}, {literal(path)})"
        return f"{MAP}[{literal(key)}]"


def spellings(tag: str, style: frozenset[str]) -> list[str]:
    """The map keys a tag may have, in the styles a bill uses."""
    plain = re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<!^)([A-Z])", r"_\1", tag).lower())
    if tag.startswith("aws:"):
        return [key for start, key in (("aws_", plain), ("aws:", tag)) if start in style]
    forms = (("user_", f"user_{plain}"), ("user:", f"user:{tag}"), ("", tag))
    return [key for start, key in forms if start in style]


def style_query(table: Table) -> str | None:
    """A few tag sets as text, to learn how keys are spelled; None when tags have own columns."""
    column = table.format.tag_map
    if column is None:
        return None
    name = quoted(column)
    if is_text(table.source.columns[column]):
        return f"SELECT {name} AS tags FROM {table.source.relation} WHERE {name} LIKE '{{_%' LIMIT 1000"
    keys = f"ARRAY_TO_STRING(MAP_KEYS({name}), CHR(10))"
    return f"SELECT {keys} AS tags FROM {table.source.relation} WHERE ARRAY_LENGTH(MAP_KEYS({name})) > 0 LIMIT 1000"


def style_of(samples: Iterable[str | None], *, as_json: bool) -> frozenset[str]:
    """Prefixes in use among the sampled keys; all of them when the sample has no tag."""
    keys: set[str] = set()
    for sample in samples:
        keys.update(json.loads(sample or "{}") if as_json else (sample or "").split("\n"))
    starts = ("user_", "user:", "aws_", "aws:")
    found = {next((start for start in starts if key.startswith(start)), "") for key in keys if key}
    user = found & {"user_", "user:", ""} or {"user_", "user:", ""}
    aws = found & {"aws_", "aws:"} or {"aws_", "aws:"}
    return frozenset(user | aws)


def _alias(tag: str) -> str:
    return f"tag_{squash(tag)}"
