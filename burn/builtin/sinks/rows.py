"""Rows of a frame as text, column by column: a string is encoded once, however often it occurs."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from burn.builtin.sinks.frames import DECIMALS

if TYPE_CHECKING:
    import pandas as pd

ROWS = 50_000
"""Rows encoded at a time, so that memory does not grow with the frame."""


def rows(
    frame: pd.DataFrame,
    template: str,
    encode: Callable[[Any], str],
    missing: str,
    told: Mapping[str, Callable[[Any], str]] = MappingProxyType({}),
) -> Iterator[str]:
    """One text a row, in order.

    Args:
        frame: any columns.
        template: with a `%s` for each column.
        encode: a string, bool or integer as text; instants come as ISO 8601 in UTC.
        missing: what stands for a number or an instant that does not exist.
        told: how some columns are encoded otherwise, by name.
    """
    for start in range(0, len(frame), ROWS):
        part = frame[start : start + ROWS]
        columns = [_encoded(part[name], told.get(name, encode), missing) for name in part.columns]
        for row in zip(*columns, strict=True):
            yield template % row


def _encoded(values: pd.Series[Any], encode: Callable[[Any], str], missing: str) -> list[str]:
    import numpy as np
    import pandas as pd

    if values.dtype.kind == "f":
        # + 0.0 turns a negative zero into zero.
        numbers = (values.round(DECIMALS) + 0.0).tolist()
        return [missing if math.isnan(number) else repr(number) for number in numbers]
    codes, found = pd.factorize(values)
    if values.dtype.kind == "M":
        texts = pd.DatetimeIndex(found).strftime("%Y-%m-%dT%H:%M:%SZ").tolist()
    else:
        texts = list(found.astype(object))
    # The code of what is missing is -1, the last.
    encoded = np.array([*(encode(text) for text in texts), missing], dtype=object)
    out: list[str] = encoded[codes].tolist()
    return out
