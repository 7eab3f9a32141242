"""What an export says of the commitments on it, by what their fees and consumption models are called.

`Commitment v1: N2 Cpu in Iowa for 1 Year`, `Compute Flexible CUD - 3 Years`. burn knows a commitment by
what it pays for (see `commitments.pools`), so several of one kind are one, whose term is known where all
have the same. No usage export has an end: those are in the export of CUD metadata, which burn does not read.
Source: Cloud Billing, "Export Cloud Billing data to BigQuery", schemas of the usage cost tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api.bills.commitments import terms_frame

if TYPE_CHECKING:
    import pandas as pd

    from burn.api import CommitmentTermsFrame

FLEXIBLE = "spend/compute flexible"
"""The pool that covers machines of any family."""
_MACHINE = r"(?P<family>[a-z]+\d+[a-z]*|compute optimized)?(?: amd| arm)? ?(?:core|ram)"
_NAMES = {"": "n1", "compute optimized": "c2"}
"""Families that components do not name as machine types do."""
_TERM = r"(?i)\b(\d+) ?-?years?\b"


def held(rows: pd.DataFrame, *, author: str) -> CommitmentTermsFrame:
    """The frame of the bill's commitments.

    Args:
        rows: from `costs.classed`, in scope or not: fees elsewhere pay for usage here.
    """
    import pandas as pd

    fees = rows[rows["is_fee"]]
    said = pd.concat(
        [
            pd.DataFrame({"pool": fees["pool"], "text": fees["sku"], "region": fees["region"]}),
            pd.DataFrame({"pool": rows["model_pool"], "text": rows["model"], "region": ""}),
        ]
    )
    said = said[said["pool"] != ""].drop_duplicates()
    if said.empty:
        return terms_frame((), author=author)
    said["term"] = said["text"].str.extract(_TERM, expand=False) + "yr"
    by = said.groupby("pool")
    one = by[["term", "region"]].first().where(by[["term", "region"]].nunique() == 1)
    found = one.rename_axis("commitment_discount_id").reset_index()
    pool = found["commitment_discount_id"].astype("str")
    spend = pool.str.startswith("spend/")
    component = pool.str.partition("/")[0].str.strip()
    machine = ~spend & component.str.fullmatch(_MACHINE)
    family = component.str.extract(f"^{_MACHINE}$", expand=False).fillna("").replace(_NAMES)
    found["bound"] = machine.map({True: "family", False: ""}).mask(pool == FLEXIBLE, "any")
    found["family"] = family
    return terms_frame(found.to_dict("records"), author=author)
