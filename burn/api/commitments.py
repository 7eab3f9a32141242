"""Frames of commitments: what a bill says of each, and what became of each in a run's window.

Null, or empty text, is unknown: an end that the bill does not say is not worked out of anything else.
"""

from __future__ import annotations

from burn.api.frames import CommitmentsFrame, CommitmentTermsFrame, OffersFrame
from burn.api.schema import Column, Schema

_TERMS = (
    Column("commitment_discount_id", "string", focus="CommitmentDiscountId"),
    Column("name", "string", focus="CommitmentDiscountName", doc="what a person calls it"),
    Column("offering", "string", doc="what was bought, in the provider's own word"),
    Column(
        "bound",
        "string",
        one_of=("family", "any", ""),
        doc="which nodes it can cover: those of one `family`, of `any`; empty: not known, or none",
    ),
    Column("family", "string", doc="of machines, or a machine type of it; of a bound one only"),
    Column("region", "string", doc="to which it is bound; empty: to none, or not known"),
    Column("months", "float", unit="months", null=True, doc="from its start to its end"),
    Column("upfront", "string", one_of=("none", "partial", "all", ""), doc="part paid ahead"),
    Column("start", "timestamp", null=True),
    Column("end", "timestamp", null=True, doc="its first instant without it"),
)

COMMITMENT_TERMS: Schema[CommitmentTermsFrame] = Schema(
    "commitment_terms",
    key=("commitment_discount_id",),
    about="What a bill says of the commitments on it, one row each. Optional: a provider whose bill says nothing leaves the frame out, or a commitment.",
    columns=_TERMS,
)

COMMITMENTS: Schema[CommitmentsFrame] = Schema(
    "commitments",
    key=("commitment_discount_id",),
    about="What became of each commitment in the window, by its end; and in a row without an id the cluster's nodes that none covered, spot apart. In a report with a bill.",
    columns=(
        _TERMS[0],
        Column("kind", "string", focus="CommitmentDiscountType"),
        *_TERMS[1:],
        Column("used_cost", "float", unit="currency", doc="effective, of what it covered in scope"),
        Column("unused_cost", "float", unit="currency", doc="what it cost that covered nothing"),
        Column("cluster_cost", "float", unit="currency", doc="of `used_cost`, the cluster's nodes"),
        Column(
            "on_demand_cost",
            "float",
            unit="currency",
            null=True,
            doc="what `cluster_cost` would have cost on demand; null: the bill does not say",
        ),
    ),
)

SOURCES = ("this bill", "price list", "assumed")
"""Where a discount is from, the surest first."""

OFFERS: Schema[OffersFrame] = Schema(
    "offers",
    key=("family", "months", "upfront", "source"),
    about="What could be committed to, a row for each thing it can cover and way to buy it, the most worth first. Each as if nothing else were bought: they are alternatives, and add up to nothing.",
    columns=(
        Column("family", "string", doc="of machines; empty: any"),
        Column("months", "float", unit="months", null=True, doc="null: not known of the discount"),
        Column("upfront", "string", one_of=("none", "partial", "all", "")),
        Column(
            "discount",
            "float",
            unit="ratio",
            doc="off the public on-demand rate; of a price list, also no more than off what was paid",
        ),
        Column("source", "string", one_of=SOURCES, doc="where the discount is from"),
        Column(
            "first",
            "float",
            unit="currency an hour",
            doc="on-demand cost that what is committed and not used, or freed by the plan, covers first",
        ),
        Column(
            "on_demand",
            "float",
            unit="currency an hour",
            doc="on-demand cost that nine of ten hours have after the plan's other steps, less `first`",
        ),
        Column("commitment", "float", unit="currency an hour", doc="what covering it would cost"),
        Column("saving", "float", unit="currency a month", doc="after buying; unused hours paid"),
        Column("break_even", "float", unit="hours", doc="of 730 from which on it pays"),
        Column(
            "x_price_list",
            "string",
            null=True,
            optional=True,
            doc="of `price list`: which, and its day",
        ),
    ),
)
