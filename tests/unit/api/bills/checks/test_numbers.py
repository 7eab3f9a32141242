"""The reader and the count that checks it agree on what a number is, in code of their own."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from burn.api.bills.checks.raw_numbers import counted
from burn.api.bills.queries.sql import amount

DIGITS = st.text("0123456789", min_size=1, max_size=5)
GROUPED = st.builds(
    "{}{}{}.{}{}".format,
    *(
        st.sampled_from(["", "-", "+", " ", "$", "--"]),
        st.sampled_from(["1", "12", "123", "1234", ""]),
    ),
    st.lists(st.sampled_from([",234", ",23", ",2345", ",", ",23x"]), max_size=3).map("".join),
    *(DIGITS, st.sampled_from(["", "e2", " ", ",000", ".5"])),
)
POWERS = st.builds(
    "{}{}{}{}".format, DIGITS, st.sampled_from("eE"), st.sampled_from(["", "+", "-"]), DIGITS
)
LETTERS = st.text("0123456789.,+-eE_ NaulI\\/\t$%'", max_size=9)
WORDS = st.sampled_from(
    ["", "NULL", "null", "N/A", "NaN", "nan", "-", "\\N", "Infinity", "None", "1e30"]
)


def judged(texts: list[str]) -> list[tuple[Decimal | None, bool, Decimal | None]]:
    """What the reader makes of each, whether that is an error, and what the count makes of it."""
    read = amount("v", "varchar")
    with duckdb.connect() as db:
        return db.execute(
            f"SELECT TRY({read}), TRY(({read}) IS NULL) IS NULL, {counted('v')}"
            " FROM (SELECT UNNEST(?) AS v, UNNEST(RANGE(?)) AS n) ORDER BY n",
            [texts, len(texts)],
        ).fetchall()


@settings(max_examples=8)
@given(st.lists(GROUPED | POWERS | LETTERS | WORDS, min_size=60, max_size=120))
def test_both_read_a_text_alike_or_neither_does(texts: list[str]) -> None:
    for text, (read, refused, count) in zip(texts, judged(texts), strict=True):
        assert read == count, text
        assert not (refused and count is not None), text


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("-1,234,567.50", "-1234567.5"),
        ("+12,345.6", "12345.6"),
        ("1.5E-05", "0.000015"),
        ("99,999,999,999,999,999,999,999,999.5", "99999999999999999999999999.5"),
        *((text, None) for text in ("1,234", "1234,567.5", "1,23.5", "1,234.", "1,234.5,678.9")),
    ],
)
def test_by_hand(text: str, right: str | None) -> None:
    ((read, refused, count),) = judged([text])
    expected = None if right is None else Decimal(right)
    assert (read, refused, count) == (expected, expected is None, expected)
