"""Cents that add up."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from burn.api.money import cents, count, figure, money, percent, spread

AMOUNTS = st.lists(st.floats(-1e7, 1e7), max_size=40)


@given(AMOUNTS)
def test_spread_adds_up_and_stays_within_a_cent(amounts):
    total = cents(math.fsum(amounts))
    parts = spread(amounts, total)
    assert sum(parts) == total
    assert all(abs(part - amount * 100) < 1 for part, amount in zip(parts, amounts, strict=True))


def test_rounding_each_alone_would_have_missed_the_total():
    thirds = [0.335, 0.335, 0.33]
    assert sum(cents(amount) for amount in thirds) != 100
    assert spread(thirds, 100) == [34, 33, 33]


def test_a_total_that_is_wrong_stays_visibly_wrong():
    assert spread([1.0, 2.0], 500) == [100, 200]
    assert spread([1.0, 2.0], 200) == [100, 200]


@pytest.mark.parametrize(
    ("value", "sign", "text"),
    [
        (123456789, False, "1,234,567.89"),
        (5, True, "+0.05"),
        (-5, True, "-0.05"),
        (0, True, "0.00"),
    ],
)
def test_figures_paste_as_numbers(value, sign, text):
    assert figure(value, sign=sign) == text


def test_money_names_its_currency():
    assert money(-320, "EUR") == "-€3.20"
    assert money(123456, "SEK") == "SEK 1,234.56"


def test_nothing_has_no_percentage():
    assert percent(5, 0) == ""
    assert percent(-25, 200) == "-12.5 %"


@pytest.mark.parametrize(
    ("number", "noun", "text"), [(1, "line", "1 line"), (1200, "policy", "1,200 policies")]
)
def test_counting(number, noun, text):
    assert count(number, noun) == text


def test_a_negative_half_cent_is_no_negative_zero():
    assert figure(cents(-0.001)) == "0.00"
