"""Words that go with findings in every format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.view.money import count

if TYPE_CHECKING:
    from burn.api import Finding

OVERLAP = "Findings can overlap: acting on one may shrink another, so they are never added up."


def effect(finding: Finding) -> str:
    """What acting does, and how sure that is."""
    what = "lowers the bill" if finding.bill_saving else "frees capacity, not the bill itself"
    return f"{what} · confidence {finding.confidence} · rule {finding.rule}"


def left(number: int) -> str:
    """What the limit cut off."""
    return f"and {count(number, 'smaller finding')}; --format json has them all"
