"""What a bill cannot say, in sentences for the report."""

# ruff: noqa: S608 (see bill/lines/table.py)
from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from burn.api.bills.queries.sql import literal
from burn_azure.bill.cluster.match import BY_CLUSTER
from burn_azure.bill.lines.facts import LONG, charge
from burn_azure.bill.lines.table import Table

if TYPE_CHECKING:
    import pandas as pd

NAMED = 3
ALONE = {
    "actual": "only the actual cost export was read: usage under reservations and savings plans"
    " shows no cost of its own, and unused commitment is not known",
    "amortized": "only the amortised cost export was read: fees are spread over the usage they"
    " cover, and what was invoiced in cash is not known",
}
_UNSPREAD = (
    "the export has no service periods: purchases, refunds and other charges that are no usage count"
    " on their date, not over the days they are for"
)


def notes(
    kinds: Sequence[str],
    tables: Sequence[Table],
    sums: Sequence[Table],
    rows: pd.DataFrame,
    *,
    is_open: bool,
    spot: int,
) -> list[str]:
    """Sentences for the report.

    Args:
        kinds: what each dataset is, the one with the cash first.
        tables: the datasets.
        sums: the same, summed.
        rows: the bill.
        is_open: whether lines can still change.
        spot: rows of which no price on demand is known.
    """
    sentences = []
    committed = (rows["pricing_category"] == "Committed") | (rows["commitment_discount_id"] != "")
    if len(kinds) == 1 and kinds[0] in ALONE and committed.any():
        sentences.append(ALONE[kinds[0]])
    first = tables[0]
    sentences += sorted({one.format.poorer for one in tables if one.format.poorer})
    sentences += [_UNSPREAD] if any(map(_unspread, sums)) else []
    if (unnamed := _unnamed(rows)) and first.format.kind != "usage":
        sentences.append(
            f"{unnamed:,} rows are of a commitment that the export does not name (benefitId): what of it"
            " is unused counts as the cluster's by what is named"
        )
    if not first.has("currency"):
        sentences.append("the export names no currency; its amounts are taken to be US dollars")
    if not (first.has("payg_price") or first.has("payg_cost") or first.has("list")):
        sentences.append(
            "the bill has no list prices: list cost is taken as charged, so what was negotiated and"
            " what commitments and spot saved shows under rate/list_price, against public prices"
        )
    odd = sorted(rows.loc[rows["x_cost_class"] == "unknown", "x_charge_kind"].unique())
    if odd:
        sentences.append(
            f"charge types burn does not know, kept as accounting/unknown: {', '.join(odd)}"
        )
    clusters = sorted(rows.loc[rows["match_method"] == BY_CLUSTER, "resource_key"].unique())
    if len(clusters) > 1:
        shown = ", ".join(clusters[:NAMED]) + (", …" if len(clusters) > NAMED else "")
        sentences.append(
            f"{len(clusters)} managed clusters have the cluster's name ({shown}), and the name of the nodes'"
            " resource group does not say which of them made it: the charges of all are counted as the"
            " cluster's"
        )
    if spot:
        sentences.append(
            f"{spot:,} rows of spot or covered nodes are of sizes that no other line prices on demand:"
            " their list price is taken as it is, and part of that saving may show under rate/list_price"
        )
    if is_open:
        sentences.append(
            "the bill is not final yet: lines name no invoice, and no manifest says that it was written"
            " five days after its month or later; late lines may follow"
        )
    return sentences


def _unspread(table: Table) -> bool:
    """Whether there are charges whose period the export does not say."""
    if table.has("end") or (table.has("service_start") and table.has("service_end")):
        return False
    daily = ", ".join(map(literal, LONG))
    (row,) = table.source.engine.query(
        f"SELECT COUNT(*) AS found FROM {table.source.relation} WHERE {charge(table)} NOT IN ({daily})"
    ).to_pylist()
    return bool(row["found"])


def _unnamed(rows: pd.DataFrame) -> int:
    """Rows under a commitment without its id."""
    held = rows["x_cost_class"].isin(["commitment_fee", "unused_commitment"])
    held |= rows["pricing_category"] == "Committed"
    return int((held & (rows["commitment_discount_id"] == "")).sum())
