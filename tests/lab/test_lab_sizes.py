"""The page that sets other tools beside burn shows what they say today."""

from __future__ import annotations

from tests.lab.compared import BEGIN, END, PAGE, refreshed, table
from tests.lab.sizing import TRAPS


def test_the_page_shows_the_table() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page.count(BEGIN) == page.count(END) == 1
    assert page == refreshed(page), "run `python -m tests.lab.compared`"


def test_every_trap_is_in_it_and_somebody_falls_into_some() -> None:
    rows = {line.split(" | ")[0].removeprefix("| "): line for line in table().splitlines()}
    assert {trap.name for trap in TRAPS} < set(rows)
    # Killed at 1 GiB, and told to ask for less.
    assert "0.575" in rows["killed"]
