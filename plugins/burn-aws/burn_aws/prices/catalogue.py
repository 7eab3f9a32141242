"""Types of instances that may take each other's place, with the dated fallback's prices.

General, compute and memory instances from the fifth generation on, in sizes that all of their families
have. Others are no plain machines: burstable ones throttle, and accelerated ones are had for their devices.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from burn.api import Machine
from burn_aws.prices.fallback import SOURCE, WINDOWS_VCPU_HOUR, size_factor, table

_FAMILY = re.compile(r"(?P<kind>[cmr])(?P<generation>\d+)(?P<more>[a-z]*)(?P<flex>-flex)?")
_GIB_PER_CORE = {"c": 2.0, "m": 4.0, "r": 8.0}
_UNLIKE = ("c5n",)
"""Families with another memory a core than their kind's."""
_SIZES = ("large", "xlarge", "2xlarge", "4xlarge")
_LARGER = ("8xlarge", "12xlarge", "16xlarge")
"""Sizes that families have from the sixth generation on."""


def machines() -> Iterator[Machine]:
    """A machine a family and size."""
    for name, rate in table().loc["ec2"]["rate"].items():
        found = _FAMILY.fullmatch(str(name))
        if not found or name in _UNLIKE or int(found["generation"]) < 5:
            continue
        more, flex = found["more"], found["flex"] or ""
        generation = int(found["generation"])
        for size in _SIZES + (_LARGER if generation >= 6 and not flex else ()):
            factor = size_factor(size) or 0.0
            yield Machine(
                name=f"{name}.{size}",
                cores=factor / 2,
                gib=factor / 2 * _GIB_PER_CORE[found["kind"]],
                arch="arm64" if "g" in more else "amd64",
                # Who made the processor is no difference; disks, network and clock are.
                like="".join(sorted(set(more) - set("aig"))) + flex,
                generation=generation,
                hourly=float(rate) * factor / 4,
                source=SOURCE,
                windows=WINDOWS_VCPU_HOUR * factor / 2 if "g" not in more else math.nan,
            )
