"""A frame as JSON objects, column by column: a string is encoded once, however often it occurs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from burn.builtin.sinks.frames import DECIMALS

if TYPE_CHECKING:
    import pandas as pd

ROWS = 50_000
"""Rows encoded at a time, so that memory does not grow with the frame."""


def dumps(value: Any) -> str:
    """One line. ASCII only: no terminal, pager or diff can be fooled by what a name holds."""
    return json.dumps(value, ensure_ascii=True, allow_nan=False)


def rows(frame: pd.DataFrame) -> Iterator[str]:
    """One object a row, in order; a missing number is null, an instant ISO 8601 in UTC."""
    members = ", ".join(f"{dumps(name).replace('%', '%%')}: %s" for name in frame.columns)
    template = f"{{{members}}}"
    for start in range(0, len(frame), ROWS):
        part = frame[start : start + ROWS]
        columns = [_encoded(part[name]) for name in part.columns]
        for row in zip(*columns, strict=True):
            yield template % row


def _encoded(values: pd.Series[Any]) -> list[str]:
    import numpy as np
    import pandas as pd

    if values.dtype.kind == "f":
        # + 0.0 turns a negative zero into zero.
        numbers = (values.round(DECIMALS) + 0.0).tolist()
        return ["null" if number != number else repr(number) for number in numbers]  # noqa: PLR0124
    codes, found = pd.factorize(values)
    if values.dtype.kind == "M":
        texts = pd.DatetimeIndex(found).strftime("%Y-%m-%dT%H:%M:%SZ").tolist()
    else:
        texts = list(found.astype(object))
    encoded = np.array([dumps(text) for text in texts], dtype=object)
    return encoded[codes].tolist() if len(encoded) else []
