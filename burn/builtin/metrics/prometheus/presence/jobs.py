"""Scrape jobs that show the same objects: two exporters side by side, or one after the other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def groups(sightings: Iterable[tuple[pd.DataFrame, str]]) -> dict[str, int]:
    """Number the jobs; jobs that share an object share a number.

    Jobs that share none are shards or watch other namespaces: each has its own clock.

    Args:
        sightings: frames with a `job` column, and the name of their object column.

    Returns:
        Job → group; group 0 has the most series.
    """
    import pandas as pd

    pairs = pd.concat(
        [
            pd.DataFrame({"object": column + "/" + labels[column], "job": labels["job"]})
            for labels, column in sightings
        ]
    )
    jobs = list(
        pairs["job"]
        .value_counts()
        .sort_index(kind="stable")
        .sort_values(ascending=False, kind="stable")
        .index
    )
    leader = {job: job for job in jobs}
    if len(jobs) > 1:
        pairs = pairs.drop_duplicates()
        first = pairs.groupby("object")["job"].transform("first")
        for a, b in set(zip(first, pairs["job"], strict=True)):
            old, new = leader[b], leader[a]
            leader = {job: new if lead == old else lead for job, lead in leader.items()}
    order = list(dict.fromkeys(leader[job] for job in jobs))
    return {job: order.index(leader[job]) for job in jobs}
