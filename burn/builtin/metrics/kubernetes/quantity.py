"""`500m`, `1Gi`, `2e3`: amounts as the Kubernetes API writes them."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from functools import lru_cache

from burn.api import DataError

_UNITS = {
    **{unit: Decimal(1000) ** power for power, unit in enumerate(("n", "u", "m"), -3)},
    **{unit: Decimal(1000) ** power for power, unit in enumerate("kMGTPE", 1)},
    **{f"{unit}i": Decimal(1024) ** power for power, unit in enumerate("KMGTPE", 1)},
}


@lru_cache(maxsize=65536)
def quantity(text: str) -> float:
    """The number, in the resource's own unit: cores, bytes, devices.

    Raises:
        DataError: it is none.
    """
    unit = next((text[-size:] for size in (2, 1) if text[-size:] in _UNITS), "")
    try:
        return float(Decimal(text.removesuffix(unit)) * _UNITS.get(unit, 1))
    except InvalidOperation:
        raise DataError(
            f"`{text}` is no amount of a resource",
            hint="the Kubernetes API writes amounts such as 500m, 2 and 1Gi",
        ) from None
