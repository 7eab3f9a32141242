"""Predefined machine types that may take each other's place, with the dated fallback's prices."""

from __future__ import annotations

import re
from collections.abc import Iterator

from burn.api import Machine
from burn_gcp.prices.fallback import SOURCE, table
from burn_gcp.prices.machines import FAMILIES, gib_per_core

_LIKE = {"n1": "n", "n2": "n", "n2d": "n", "e2": "e", "c2": "c", "c2d": "c", "t2d": "t"}
"""Family → those whose cores do alike: E2's may be any processor's, T2D's are whole ones."""
_SHAPES = {
    "c2": ("standard",),
    "t2d": ("standard",),
}
_SIZES = {
    "n1": (2, 4, 8, 16, 32, 64),
    "n2": (2, 4, 8, 16, 32, 48, 64),
    "n2d": (2, 4, 8, 16, 32, 48, 64),
    "e2": (2, 4, 8, 16),
    "c2": (4, 8, 16),
    "c2d": (2, 4, 8, 16, 32),
    "t2d": (2, 4, 8, 16, 32),
}
"""Family → vCPUs of sizes that it has in all its shapes."""


def machines() -> Iterator[Machine]:
    """A machine a family, shape and size."""
    rates = table()
    for family, like in _LIKE.items():
        prefix = FAMILIES.get(family, f"{family} ")
        core, ram = rates[f"{prefix}core"], rates[f"{prefix}ram"]
        for shape in _SHAPES.get(family, ("standard", "highmem", "highcpu")):
            for cores in _SIZES[family]:
                gib = cores * gib_per_core(family, shape)
                yield Machine(
                    name=f"{family}-{shape}-{cores}",
                    cores=float(cores),
                    gib=gib,
                    arch="amd64",
                    like=like,
                    generation=int(re.sub(r"\D", "", family)),
                    hourly=cores * core + gib * ram,
                    source=SOURCE,
                )
