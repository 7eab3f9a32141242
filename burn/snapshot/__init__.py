"""Observed days on disk: `ROOT/cluster=NAME/day=YYYY-MM-DD/{inventory,presence,pods,usage,mounts}.parquet`.

What `burn collect` keeps, what a run holds its days in, and what the `snapshot` source reads.
A day appears whole or not at all: it is written beside its place and renamed. `coverage.json` is
written last and counts the rows of each file, so it is also the marker that the day is complete.
"""

from burn.snapshot.read import outline, read_days
from burn.snapshot.store import clusters, days, label_keys
from burn.snapshot.write import write_day

__all__ = ["clusters", "days", "label_keys", "outline", "read_days", "write_day"]
