"""Desks over kept reports of the view's sample."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from burn.api import Report
from burn.history.place import Place
from burn.history.store import History
from burn.questions import opened
from burn.questions.desk import Desk
from tests.unit.history.reports import NOW, rich


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(Place(str(tmp_path / "kept")))


@pytest.fixture
def report() -> Report:
    made = rich()
    return replace(made, allocation=made.allocation.assign(cluster="shop-prod"))


@pytest.fixture
def desk(history: History, report: Report) -> Desk:
    history.keep(report, now=NOW)
    return opened(history)


def figures(answer: Any) -> Iterator[dict[str, str]]:
    """Every figure of an answer, however deep."""
    if isinstance(answer, dict):
        if "cite" in answer:
            yield answer
        for value in answer.values():
            yield from figures(value)
    elif isinstance(answer, list):
        for value in answer:
            yield from figures(value)
