"""Amounts as the API writes them, worked out by hand."""

from __future__ import annotations

import pytest

from burn.api import DataError
from burn.builtin.metrics.kubernetes.quantity import quantity


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *[("2", 2.0), ("0.1", 0.1), ("500m", 0.5), ("1500u", 0.0015), ("250000000n", 0.25)],
        *[("1k", 1e3), ("1M", 1e6), ("3G", 3e9), ("1T", 1e12), ("1P", 1e15), ("2E", 2e18)],
        *[("1Ki", 1024.0), ("1.5Mi", 1572864.0), ("16Gi", 17179869184.0), ("1Ti", 1099511627776.0)],
        *[
            ("1Pi", 1125899906842624.0),
            ("1Ei", 1152921504606846976.0),
            ("12e6", 12e6),
            ("1E3", 1e3),
        ],
        *[("-1", -1.0), ("+2", 2.0), (".5", 0.5), ("5.", 5.0)],
    ],
)
def test_amounts(text: str, number: float) -> None:
    assert quantity(text) == number


@pytest.mark.parametrize("text", ["", "m", "1ki", "1K i", "one", "1Mm", "i"])
def test_what_is_no_amount(text: str) -> None:
    with pytest.raises(DataError, match="no amount of a resource"):
        quantity(text)
