"""Types of machines that a provider sells, for advice on other nodes."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A type of machine without GPUs, with its public on-demand price.

    Attributes:
        name: as nodes' well-known label has it.
        cores, gib: as it is sold.
        arch: amd64 or arm64.
        like: what machines must share to take each other's place beside their size, such as local
            disks; a text of the provider's own.
        generation: of the processors; a core of a newer one does no less.
        hourly: list price, Linux.
        windows: what Windows adds to it; NaN: not known.
        source: of the price, dated, e.g. `fallback (2026-02, us-east-1)`. Prices of one source are
            compared with each other alone, never with those of another.
    """

    name: str
    cores: float
    gib: float
    arch: str
    like: str
    generation: int
    hourly: float
    source: str
    windows: float = math.nan
