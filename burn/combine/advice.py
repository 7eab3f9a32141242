"""Advice on containers, plans, what may run on spot nodes, and commitments, of several reports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from burn.api import schemas

if TYPE_CHECKING:
    from burn.api import CommitmentsFrame, PlanFrame, Report, SizesFrame, SpotFrame


def sizes(reports: Sequence[Report]) -> SizesFrame | None:
    """Of the clouds whose metrics tell; their clusters have names of their own by now."""
    import pandas as pd

    advised = [report.sizes for report in reports if report.sizes is not None]
    if not advised:
        return None
    return schemas.SIZES.validate(pd.concat(advised, ignore_index=True), author="burn")


def plans(reports: Sequence[Report]) -> PlanFrame | None:
    """The steps of all clouds; None where one of them has no plan, as half of one would look whole."""
    import pandas as pd

    parts = [
        None
        if report.plan is None
        else report.plan.assign(subject=report.info.provider + ":" + report.plan["subject"])
        for report in reports
    ]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    return schemas.PLAN.validate(pd.concat(known, ignore_index=True), author="burn")


def spots(reports: Sequence[Report]) -> SpotFrame | None:
    """Of all clouds; None where one of them does not know."""
    import pandas as pd

    parts = [
        None
        if report.spot is None
        else report.spot.assign(subject=report.info.provider + ":" + report.spot["subject"])
        for report in reports
    ]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    return schemas.SPOT.validate(pd.concat(known, ignore_index=True), author="burn")


def commitments(reports: Sequence[Report]) -> CommitmentsFrame | None:
    """Of all clouds, the next to end first; None where one of them does not know."""
    import pandas as pd

    names = "commitment_discount_id"
    parts = [
        None
        if report.commitments is None
        else report.commitments.assign(
            **{names: report.info.provider + ":" + report.commitments[names]}
        )
        for report in reports
    ]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    both = pd.concat(known, ignore_index=True).sort_values(["end", names], kind="stable")
    return schemas.COMMITMENTS.validate(both, author="burn")
