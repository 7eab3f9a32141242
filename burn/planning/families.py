"""Machines that have one price a core, so that what two of them cost can be compared."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_GCP = re.compile(r"-\d+[a-z]?$")
_AZURE = re.compile(r"^(?P<tier>[A-Za-z]+_[A-Za-z]+)\d+(?:-\d+)?(?P<more>.*)$")


def family(machine: str) -> str:
    """The machine type without its size; of a custom machine, which has none, all of it."""
    if "." in machine:
        return machine.partition(".")[0]
    if "custom" in machine:
        return machine
    if found := _AZURE.match(machine):
        return found["tier"] + found["more"]
    return _GCP.sub("", machine)


def bound_family(machine: str) -> str:
    """What commitments to a family are bought of: `m6i`, `n2` of all its shapes, a size series."""
    named = family(machine)
    shape = "." not in machine and "_" not in machine
    return named.partition("-")[0].replace("custom", "n1") if shape else named


def families_of(nodes: pd.DataFrame) -> pd.Series[str]:
    """Of each node the family, and the system where that is not Linux; empty: its type is not known.

    It is the machine type itself where sizes of the family differ in more than size: with GPUs, and
    where the seen ones have unlike memory a core, as burstable machines do.
    """
    import numpy as np
    import pandas as pd

    name = nodes["machine"].map(family).astype("str")
    # What the kubelet sees is some per cent less than what is sold: a half or the double is unlike.
    ratio = nodes["gib"] / nodes["cores"].where(nodes["cores"] > 0)
    known = ratio.where(ratio > 0).astype("float64")
    shape = pd.Series(np.log2(known.to_numpy()), index=nodes.index).round()
    unlike = shape.groupby(name).transform("nunique") > 1
    own = unlike | shape.isna() | (nodes["gpu"] > 0)
    name = name.mask(own, nodes["machine"])
    return name.where(nodes["os"].isin(["linux", ""]) | (name == ""), name + ", " + nodes["os"])
