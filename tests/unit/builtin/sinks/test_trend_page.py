"""The page of a trend: all its figures are in its JSON, and a line shows where it is not sure."""

from __future__ import annotations

import json
import re
from datetime import date

from burn.builtin.sinks.html.trend import Line, Point, trend_page
from tests.unit.builtin.sinks.test_html import HOSTILE, Page, figures, numbers

DAYS = [date(2026, 10, day) for day in (1, 2, 3, 5, 6)]  # the 4th is not kept
POINTS = [Point(day, complete=True, final=at < 4) for at, day in enumerate(DAYS)]
LINES = [Line(HOSTILE, (100, 205, 310, -25, 123456)), Line("shop", (0, 0, 0, 0, 0))]


def page(points: list[Point] = POINTS, lines: list[Line] = LINES) -> str:
    return trend_page("namespace", "day", "USD", points, lines, ["a day is missing"])


def test_every_figure_is_in_the_json_and_no_name_ends_a_tag() -> None:
    read = Page(page())
    assert read.inside == []
    values = json.loads(read.embedded)
    assert values["lines"][0] == {"name": HOSTILE, "amounts": [1.0, 2.05, 3.1, -0.25, 1234.56]}
    shown = figures(" ".join(read.shown))
    assert {"1.00", "2.05", "3.10", "0.25", "1234.56"} <= shown
    assert shown <= {f"{abs(number):.2f}" for number in numbers(values)}
    assert not [name for tag, name, _ in read.attributes if name.startswith("on") or tag == "img"]
    assert "may still change" in read.shown
    assert "A day is missing." in read.shown


def test_a_line_breaks_where_days_are_missing_and_is_dashed_where_the_bill_may_change() -> None:
    paths = re.findall(r'<path d="(M[^"]+L[^"]+)"[^>]*class="trend"[^>]*>', page())
    assert [path.count("L") for path in paths[:2]] == [2, 1]
    dashed = re.findall(r'class="trend"[^>]*stroke-dasharray', page())
    assert len(dashed) == len(LINES)


def test_one_period_is_a_point() -> None:
    read = Page(page(POINTS[:1], [Line("shop", (100,))]))
    assert sum(tag == "circle" and name == "cx" for tag, name, _ in read.attributes) == 1
