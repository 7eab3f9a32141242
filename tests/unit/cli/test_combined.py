"""Several providers' windows: one for all, and a note where nobody chose it."""

from __future__ import annotations

from typing import Any

import pytest

from burn.api import Scope, UsageError, Window
from burn.cli import combined
from burn.plugin.chosen import Chosen
from burn.run.plan import Plan

MONTH = Window.month(2026, 10)
HALF = Window(MONTH.start.replace(day=5), MONTH.start.replace(day=20))


class Session:
    """As much of a session as `plans` uses."""

    def __init__(self, name: str, window: Window) -> None:
        made: Any = object()
        thing = Chosen(name, name, made)
        self._plan = Plan(Scope(), window, source=thing, provider=thing, policies=())

    def plan(self) -> Plan:
        return self._plan


def plans(*windows: Window, shared: bool = True) -> tuple[list[Plan], str]:
    sessions: Any = [Session(name, w) for name, w in zip("ab", windows, strict=False)]
    return combined.plans(sessions, shared=shared)


def test_what_samples_have_in_common_is_said() -> None:
    made, note = plans(HALF, MONTH)
    assert {plan.window for plan in made} == {HALF}
    assert f"a: {HALF}, b: {MONTH}" in note
    assert f"the report is of {HALF}" in note


def test_one_window_needs_no_note() -> None:
    assert plans(MONTH, MONTH)[1] == ""
    assert plans(MONTH)[1] == ""


def test_windows_that_were_chosen_must_be_the_same() -> None:
    with pytest.raises(UsageError, match="different windows"):
        plans(HALF, MONTH, shared=False)
