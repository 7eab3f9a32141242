"""What stands behind a driver's amount, in one short line."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from burn.api import schemas
from burn.api.money import count
from burn.text.clean import clean

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

CONFIDENCES = ("high", "medium", "low")


@dataclass(frozen=True, slots=True)
class Quantity:
    """Observed and billed amount in one unit; None where the ledger states none."""

    unit: str
    observed: float | None
    billed: float | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """The ledger rows of one driver, counted.

    Attributes:
        subjects: distinct assets by kind, e.g. (("node", 4),), then whatever else there is.
        lines: bill lines.
        quantities: by unit, largest first.
        confidence: the lowest that any of the amount rests on.
        methods: how subjects were tied to the cluster, sorted.
    """

    subjects: tuple[tuple[str, int], ...]
    lines: int
    quantities: tuple[Quantity, ...]
    confidence: str
    methods: tuple[str, ...]

    def __str__(self) -> str:
        """`3 nodes · 1,204 bill lines · 2,210.0 hours observed, 2,232.0 billed · …`."""
        parts = [", ".join(count(number, noun) for noun, number in self.subjects)]
        if self.lines:
            parts.append(count(self.lines, "bill line"))
        parts += [text for q in self.quantities if (text := _quantity(q))]
        if self.methods:
            parts.append(f"matched by {', '.join(self.methods)}")
        parts.append(f"confidence {self.confidence}")
        return " · ".join(parts)


def evidence(rows: pd.DataFrame, noun: str = "resource") -> Evidence:
    """Count ledger rows (schema `ledger`), all of one driver or service.

    Args:
        rows: some of the ledger.
        noun: what a subject that is no observed asset is called.
    """
    import pandas as pd

    found = evidences(rows, pd.Series("", index=rows.index, dtype="str"), {"": noun})
    return found.get("", Evidence((), 0, (), "high", ()))


def evidences(
    rows: pd.DataFrame, by: pd.Series[str], nouns: Mapping[str, str]
) -> dict[str, Evidence]:
    """Count ledger rows group by group, all in one pass: most groups are of a row or two.

    Args:
        rows: some of the ledger (schema `ledger`).
        by: each row's group.
        nouns: group → what a subject of it that is no observed asset is called, if not a resource.
    """
    lines = rows["lines"].groupby(by).sum()
    sure = _distinct(rows["confidence"], by)
    sure |= _distinct(rows["confidence"][rows["amount"].abs() > 0], by)
    methods, subjects, quantities = _distinct(rows["method"], by), _kinds(rows, by), _sums(rows, by)
    return {
        name: Evidence(
            subjects=_subjects(subjects.get(name, {}), nouns.get(name, "resource")),
            lines=int(number),
            quantities=tuple(quantities.get(name, ())),
            confidence=max(sure[name], key=CONFIDENCES.index),
            methods=tuple(sorted({clean(method) for method in methods[name]} - {""})),
        )
        for name, number in zip(lines.index.astype(str), lines, strict=True)
    }


def _distinct(column: pd.Series[Any], by: pd.Series[str]) -> dict[str, set[str]]:
    """Group → the texts that it has in a column."""
    several = column.astype(str).groupby(by).unique()
    return {str(name): set(texts) for name, texts in several.items()}


def _sums(rows: pd.DataFrame, by: pd.Series[str]) -> dict[str, list[Quantity]]:
    """Group → its quantities, the largest first."""
    unit = rows["unit"].astype(str)
    has = unit != ""
    keys = [by[has].rename("by"), unit[has]]
    sums = rows.loc[has, ["observed", "billed"]].groupby(keys).sum(min_count=1)
    found: dict[str, list[Quantity]] = {}
    for name, of, observed, billed in sums.reset_index().itertuples(index=False):
        found.setdefault(name, []).append(Quantity(of, _some(observed), _some(billed)))
    for several in found.values():
        several.sort(key=lambda q: (-max(q.observed or 0.0, q.billed or 0.0), q.unit))
    return found


def _kinds(rows: pd.DataFrame, by: pd.Series[str]) -> dict[str, dict[str, int]]:
    """Group → how many distinct subjects it has of each kind; empty: of those that are no asset."""
    import pandas as pd

    names = pd.DataFrame({"by": by, "name": rows["subject"].astype(str)}).drop_duplicates()
    kind = names["name"].str.split("/", n=1).str[0]
    asset = kind.isin(schemas.ASSET_KINDS) & names["name"].str.contains("/", regex=False)
    found: dict[str, dict[str, int]] = {}
    sizes = names.assign(kind=kind.where(asset, "")).groupby(["by", "kind"]).size().reset_index()
    for name, of, number in sizes.itertuples(index=False):
        found.setdefault(name, {})[of] = int(number)
    return found


def _subjects(found: Mapping[str, int], noun: str) -> tuple[tuple[str, int], ...]:
    """In the kinds' order, and what is no asset last."""
    kinds = [(kind, kind.replace("_", " ")) for kind in schemas.ASSET_KINDS]
    return tuple((word, found[kind]) for kind, word in [*kinds, ("", noun)] if kind in found)


def _some(value: Any) -> float | None:
    return None if math.isnan(value) else float(value)


def _quantity(quantity: Quantity) -> str:
    observed, billed, unit = quantity.observed, quantity.billed, quantity.unit
    if observed is not None and billed is not None:
        return f"{observed:,.1f} {unit} observed, {billed:,.1f} billed"
    if observed is not None:
        return f"{observed:,.1f} {unit} observed"
    return f"{billed:,.1f} {unit} billed" if billed is not None else ""
