"""Names can hold anything; what is shown cannot."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from burn.text.clean import clean


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("web-1", "web-1"),
        ("größe/数据/🚀", "größe/数据/🚀"),
        ("a\x1b[2Jb", r"a\x1b[2Jb"),
        ("a\nb\tc\r", r"a\nb\tc\r"),
        ("safe\u202egnp.exe", r"safe\u202egnp.exe"),
        ("\x9b31m", r"\x9b31m"),
        ("a\u2028b", r"a\u2028b"),
        ("👩\u200d💻", "👩\u200d💻"),
    ],
)
def test_clean(name, shown):
    assert clean(name) == shown


@given(st.text())
def test_nothing_that_controls_a_terminal_comes_through(name):
    shown = clean(name)
    assert not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in shown)
    assert clean(shown) == shown
    shown.encode()
