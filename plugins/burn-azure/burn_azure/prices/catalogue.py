"""Sizes that may take each other's place, with the dated fallback's prices."""

from __future__ import annotations

import re
from collections.abc import Iterator

from burn.api import Machine
from burn_azure.prices.fallback import SOURCE, table

_FAMILY = re.compile(r"(?P<kind>[def])(?P<more>[a-z]*)_v(?P<version>\d+)")
_GIB_PER_CORE = {"d": 4.0, "e": 8.0, "f": 2.0}
_CORES = (2, 4, 8, 16, 32, 48)
"""That all of these families have."""


def machines() -> Iterator[Machine]:
    """A machine a family and size."""
    for name, rate in table()["rate"].loc["vm"].items():
        found = _FAMILY.fullmatch(str(name))
        if not found:
            continue
        kind, more, version = found["kind"], found["more"], found["version"]
        for cores in _CORES:
            yield Machine(
                name=f"Standard_{kind.upper()}{cores}{more}_v{version}",
                cores=float(cores),
                gib=cores * _GIB_PER_CORE[kind],
                arch="arm64" if "p" in more else "amd64",
                like=("s" if "s" in more else "")
                + (" disk" if _has_disk(kind, more, version) else ""),
                # F's second version has processors of D's and E's third.
                generation=int(version) + (kind == "f"),
                hourly=float(rate) * cores,
                source=SOURCE,
            )


def _has_disk(kind: str, more: str, version: str) -> bool:
    """Whether it has a temporary disk of its own, which later ones have where their name has a d."""
    return "d" in more or kind == "f" or version == "3" or (version == "4" and "a" in more)
