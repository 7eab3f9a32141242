"""What a day's observation asked of a server."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Meter:
    """Counted up as answers come in."""

    queries: int = 0
    samples: int = 0
    bytes_read: int = 0
