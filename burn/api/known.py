"""What could be seen of a workload: null is "none" where it could, and "unknown" where it could not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api.containers import SPEC

if TYPE_CHECKING:
    import pandas as pd


def known(workloads: pd.DataFrame, fact: str) -> pd.Series[bool]:
    """Of each row, whether its source could see this of it.

    Days from before `x_known` was kept say it by `spec_known` alone: of budgets and autoscalers, which
    that does not cover, a row then knows only what it names.

    Args:
        workloads: rows of schema `workloads`; joined to others, what no row says is null.
        fact: one of `burn.api.containers.FACTS`.
    """
    said = workloads["x_known"].astype("object").fillna("").astype("str")
    named = said.str.contains(f'"{fact}"', regex=False).astype("bool")
    return named | workloads["spec_known"].eq(True) if fact in SPEC else named
