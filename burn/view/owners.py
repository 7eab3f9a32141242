"""Who carries the cost: by namespace, workload or owner, at list and at the run's basis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from burn.api.dimensions import UNKNOWN, values
from burn.api.money import cents, spread
from burn.text.clean import clean
from burn.view.waterfall import known

if TYPE_CHECKING:
    import pandas as pd

    from burn.api import Report

REST_WORDS = {
    "none": UNKNOWN,
    "direct": "(no namespace)",
    "idle": "(idle)",
    "system": "(system)",
    "shared": "(shared)",
    "unallocated": "(unallocated)",
}
"""What cost without a namespace is called, by its kind."""
SPLIT_REST = "(others, in the provider's split)"
BASIS_TOTALS = {
    "list": "REPORT",
    "effective": "CLUSTER, effective",
    "billed": "CLUSTER, billed",
}
"""The ledger's landing that each basis adds up to."""


@dataclass(frozen=True, slots=True)
class Owner:
    """One row: what it costs in the report and at the chosen basis, in cents.

    `kind` is empty for a real owner, else idle, system, shared, unallocated: cost nobody carries.
    `provider` is the cloud's own split, where the bill has one for this name; `names`, how many
    owners a row of the rest sums up.
    """

    label: str
    kind: str
    report: int
    basis: int
    provider: int | None = None
    names: int = 1


@dataclass(frozen=True, slots=True)
class Owners:
    """Rows that add up to the landings of the ledger: REPORT, and the basis' cluster total.

    Attributes:
        misses: cents by which rows miss a landing (report, basis); (0, 0) when all is well.
    """

    rows: tuple[Owner, ...]
    basis: str
    report: int
    total: int
    misses: tuple[int, int] = (0, 0)
    provider: int | None = None


def namespaces(report: Report, *, top: int = 20) -> Owners:
    """Cost by namespace; idle, system, shared and unallocated cost keep rows of their own."""
    frame = _over_days(report.allocation)
    name = _joined(frame, ("namespace",))
    frame["kind"] = _kinds(frame)
    return _owners(report, frame, name, top, "other namespaces", report.namespace_split)


def workloads(report: Report, *, top: int = 10) -> Owners | None:
    """Cost by workload, e.g. `shop/Deployment/web`; None when `top` is 0."""
    if not top:
        return None
    frame = _over_days(report.allocation)
    name = _joined(frame, ("namespace", "workload_kind", "workload"))
    return _owners(report, frame, name, top, "other workloads", None)


def owners(report: Report, *, top: int = 20) -> Owners | None:
    """Cost by the owner an ownership policy set; None when the chain has no such policy."""
    frame = _over_days(report.allocation)
    name = frame["owner"].astype(str)
    if not (name != "").any():
        return None
    return _owners(report, frame, name, top, "other owners", None)


def dimension(report: Report, by: str, *, top: int = 20) -> Owners:
    """Cost by a dimension, e.g. `team`; what somebody carries without it is `(none)`."""
    frame = _over_days(report.allocation)
    name = values(frame["dimensions"], by).astype(str)
    carried = frame["namespace"].astype(str) != ""
    frame["kind"] = _kinds(frame).mask(carried, "none")
    return _owners(report, frame, name, top, f"others by {by}", None)


def _kinds(frame: pd.DataFrame) -> pd.Series[str]:
    """Shared cost is told apart by the ledger's driver it comes from."""
    kind = frame["kind"].astype(str)
    return kind.where(kind != "shared", kind + "/" + frame["resource"].astype(str))


def _over_days(frame: pd.DataFrame) -> pd.DataFrame:
    """The allocation without days: names are joined on thousands of rows, not on millions."""
    keys = ["basis", "cluster", "namespace", "workload_kind", "workload", "owner"]
    keys += ["dimensions", "resource", "kind"]
    return frame.groupby(keys, as_index=False, observed=True)[["cost"]].sum()


def _joined(frame: pd.DataFrame, columns: tuple[str, ...]) -> pd.Series[str]:
    """Columns joined by `/`, after the cluster's name when there are several; empty = nobody's."""
    clusters = frame["cluster"].astype(str)
    several = clusters[clusters != ""].nunique() > 1
    first, *others = [clusters] * several + [frame[column].astype(str) for column in columns]
    for part in others:
        first = first + "/" + part
    return first.where(frame["namespace"].astype(str) != "", "")


def _owners(
    report: Report,
    frame: pd.DataFrame,
    name: pd.Series[str],
    top: int,
    rest: str,
    split: pd.DataFrame | None,
) -> Owners:
    totals, basis = report.totals, report.info.basis
    table = _table(frame, name, basis)
    named = table[table["name"] != ""]
    shown = [
        (clean(label), "", (listed, chosen))
        for label, _, listed, chosen in named[:top].itertuples(index=False)
    ]
    if others := len(named) - len(shown):
        left = named[top:]
        sums = float(left["list"].sum()), float(left["basis"].sum())
        shown.append((f"{others:,} {rest}", "rest", sums))
    shown += _nobodys(table[table["name"] == ""])
    wanted = cents(totals.report), cents(totals.cluster(basis))
    at_list = spread([listed for _, _, (listed, _) in shown], wanted[0])
    at_basis = spread([chosen for _, _, (_, chosen) in shown], wanted[1])
    other = _split(split)
    rows = [
        Owner(
            label,
            kind,
            a,
            b,
            other.pop(label, None) if kind == "" else None,
            others if kind == "rest" else 1,
        )
        for (label, kind, _), a, b in zip(shown, at_list, at_basis, strict=True)
    ]
    if other:
        rows.append(Owner(SPLIT_REST, "provider", 0, 0, sum(other.values())))
    misses = wanted[0] - sum(at_list), wanted[1] - sum(at_basis)
    provider = None if split is None else sum(row.provider or 0 for row in rows)
    return Owners(tuple(rows), basis, *wanted, misses, provider)


def _table(frame: pd.DataFrame, name: pd.Series[str], basis: str) -> pd.DataFrame:
    """Columns name, kind (empty for a real owner), list, basis; largest at the basis first."""
    import pandas as pd

    kind = frame["kind"].astype(str).where(name == "", "")
    keyed = pd.DataFrame({"name": name, "kind": kind, "cost": frame["cost"]})
    bases = frame["basis"].astype(str)
    sums = {
        column: keyed[bases == wanted].groupby(["name", "kind"])["cost"].sum()
        for column, wanted in (("list", "list"), ("basis", basis))
    }
    table = pd.DataFrame(sums).fillna(0.0).rename_axis(["name", "kind"]).reset_index()
    return table.sort_values(["basis", "name", "kind"], ascending=[False, True, True])


def _nobodys(table: pd.DataFrame) -> list[tuple[str, str, tuple[float, float]]]:
    """Label, kind and costs of what no name carries, in the order of `REST_WORDS`."""
    shown = []
    for word, wanted in ((word, kind) for kind, word in REST_WORDS.items()):
        for _, found, listed, chosen in table.itertuples(index=False):
            kind, _, driver = str(found).partition("/")
            if kind == wanted:
                label = f"{word} {clean(known(driver, '').title)}" if driver else word
                shown.append((label, kind, (float(listed), float(chosen))))
    return shown


def _split(split: pd.DataFrame | None) -> dict[str, int]:
    """The provider's own figures by cleaned name, in cents that add up."""
    if split is None:
        return {}
    sums = split["cost"].groupby(split["namespace"].astype(str).map(clean)).sum()
    values = spread([float(cost) for cost in sums], cents(float(sums.sum())))
    return dict(zip(map(str, sums.index), values, strict=True))
