"""Machine types in Google's terms: what family a type is of, and how much of it is billed.

Shared-core types are billed for a part of the vCPUs they show (Compute Engine documentation,
"E2 shared-core machine types"); memory is billed as specified, more than a node's kernel shows.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

SHARED_CORES = {"e2-micro": 0.25, "e2-small": 0.5, "e2-medium": 1.0}
"""Type → vCPUs billed."""
SHARED_GIB = {"e2-micro": 1.0, "e2-small": 2.0, "e2-medium": 4.0}
FAMILIES = {
    "n1": "",
    "n2d": "n2d amd ",
    "c2": "compute optimized ",
    "c2d": "c2d amd ",
    "c3d": "c3d amd ",
    "t2d": "t2d amd ",
    "t2a": "t2a arm ",
    "c4a": "c4a arm ",
    "m1": "memory-optimized ",
    "a2-ultragpu": "a2 ",
}
"""Family → how its SKUs call it, where that is not its own name.

M2 is not here: it is billed as M1 and a premium on top, so M1's price would be too low.
"""
GPUS = {
    "g2": "l4 gpu",
    "a2": "a100 gpu",
    "a2-ultragpu": "a100 80gb gpu",
}
"""Family → the GPU its machines have. An N1 may have any of several: only its bill tells."""
CUSTOM = "custom "
"""Before a family's name: custom types cost more per core and GiB, under SKUs of their own."""
_GIB_PER_CORE = {
    "n1-standard": 3.75,
    "n1-highmem": 6.5,
    "n1-highcpu": 0.9,
    "c2d-highcpu": 2.0,
    "c3-highcpu": 2.0,
    "c3d-highcpu": 2.0,
    "c4-highcpu": 2.0,
    "c4a-highcpu": 2.0,
    "n4-highcpu": 2.0,
}
_USUAL = {"standard": 4.0, "highmem": 8.0, "highcpu": 1.0}


def gib_per_core(family: str, shape: str) -> float:
    """Memory of a predefined type, e.g. of n2 and highmem."""
    return _GIB_PER_CORE.get(f"{family}-{shape}", _USUAL[shape])


def billed_size(
    types: pd.Series[str], cores: pd.Series[float], gib: pd.Series[float]
) -> pd.DataFrame:
    """Cores, GiB and family of each machine type.

    Args:
        types: machine types, as in the well-known label.
        cores: what the node shows.
        gib: what the node shows; taken, rounded up, where the type says nothing.

    Returns:
        Columns cores, gib, family.
    """
    import pandas as pd

    named = types.str.extract(r"^(?P<family>[a-z]+\d+[a-z]*)-(?P<shape>[a-z]+)(?:-(?P<size>\d+))?")
    custom = types.str.extract(r"custom-(?P<cores>\d+)-(?P<mib>\d+)")
    bare = pd.Series("", index=types.index).mask(custom["cores"].notna(), "n1")
    family, shape = named["family"].fillna(bare), named["shape"].fillna("")
    family = family.mask((family == "a2") & (shape == "ultragpu"), "a2-ultragpu")
    # E2's custom types cost what the others do; extended memory (-ext) has no rate of its own here.
    own = custom["cores"].notna() & (family != "e2")
    priced = (CUSTOM + family).where(own, family)
    priced = ("extended " + priced).where(own & types.str.endswith("-ext"), priced)
    ratio = (family + "-" + shape).map(_GIB_PER_CORE).fillna(shape.map(_USUAL))
    specified = named["size"].astype("float64") * ratio.astype("float64")
    memory = (custom["mib"].astype("float64") / 1024).fillna(specified).fillna(gib.map(math.ceil))
    return pd.DataFrame(
        {
            "cores": types.map(SHARED_CORES).astype("float64").fillna(cores),
            "gib": types.map(SHARED_GIB).astype("float64").fillna(memory),
            "family": priced,
        }
    )


def component_of(family: pd.Series[str], part: str) -> pd.Series[str]:
    """What a family's core or ram is called, see `burn_gcp.bill.charges.classes.component`."""
    plain = family.str.removeprefix(CUSTOM)
    name = plain.map(FAMILIES).fillna(plain + " ") + part
    return (CUSTOM + name).where(family.str.startswith(CUSTOM), name)
