"""What a bill says of its commitments: one value of each fact, or none, and the frame of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from burn.api import schemas

if TYPE_CHECKING:
    import pandas as pd

    from burn.api.frames import CommitmentTermsFrame

TEXTS = ("name", "offering", "bound", "family", "region", "term", "payment", "starts", "ends")
"""What a provider gives of each commitment, as its bill writes it."""


def only(value: str) -> str:
    """SQL of the one text that a group's rows have beside empty ones; NULL where they have several."""
    some = f"NULLIF({value}, '')"
    return f"CASE WHEN MIN({some}) = MAX({some}) THEN MIN({some}) END"


def terms_frame(rows: Iterable[Mapping[Any, Any]], *, author: str) -> CommitmentTermsFrame:
    """The frame `commitment_terms`. What cannot be read as a time or a term is unknown.

    Args:
        rows: commitment_discount_id and any of `TEXTS`; None is unknown.
        author: for the frame's errors.
    """
    import pandas as pd

    found = pd.DataFrame(list(rows), columns=["commitment_discount_id", *TEXTS])
    if found.empty:
        return schemas.COMMITMENT_TERMS.empty()
    found = found.astype("object").fillna("").astype("str")
    paid = found["payment"].str.lower().str.extract(r"\b(no|partial|all) ?upfront", expand=False)
    upfront = paid.map({"no": "none", "partial": "partial", "all": "all"}).fillna("")
    times = {
        name: pd.to_datetime(found[f"{name}s"], utc=True, errors="coerce", format="ISO8601")
        for name in ("start", "end")
    }
    # Of one that covers any family, lines name what they used of it.
    kept = {
        name: found[name].where(found["bound"] == "family", "") for name in ("family", "region")
    }
    made = found.assign(
        months=_months(found["term"]), upfront=upfront.astype("str"), **times, **kept
    )
    made = made[schemas.COMMITMENT_TERMS.names].sort_values("commitment_discount_id")
    return schemas.COMMITMENT_TERMS.validate(made, author=author)


def _months(terms: pd.Series[str]) -> pd.Series[float]:
    """`1yr`, `3 Years`, `P1Y`; a number alone is of months."""
    parts = terms.str.extract(r"(?i)^\s*p?(\d+)\s*[- ]?(y|m|$)")
    return parts[0].astype("float64") * parts[1].str.lower().map({"y": 12.0}).fillna(1.0)
