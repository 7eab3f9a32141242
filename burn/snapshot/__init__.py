"""Observed days on disk: `ROOT/cluster=NAME/day=YYYY-MM-DD/{inventory,presence,pods,usage,mounts}.parquet`.

What `burn collect` keeps, what a run holds its days in, and what the `snapshot` source reads.
A day appears whole or not at all. `coverage.json` is written last and counts the rows of each file,
so it is the marker that the day is complete; on disk it is written beside its place and renamed. In
a bucket nothing is ever written over: each writer's files have names of their own (see `marker`).
"""

from burn.snapshot.prune import prune
from burn.snapshot.read import outline, read_days, require_days
from burn.snapshot.store import clusters, days, label_keys
from burn.snapshot.write import write_day

__all__ = [
    "clusters",
    "days",
    "label_keys",
    "outline",
    "prune",
    "read_days",
    "require_days",
    "write_day",
]
