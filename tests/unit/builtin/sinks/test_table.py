"""The table: figures are never cut, colour is never needed, totals tie out as printed."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from hypothesis import given, settings

from burn.api import Finding
from burn.api.money import cents, figure
from tests.unit.builtin.sinks.outputs import render
from tests.unit.view import builders
from tests.unit.view.sample import sample
from tests.unit.view.worlds import reports

FIGURE = re.compile(r"([+-]?[\d,]+\.\d\d)$")


def section(text: str, title: str) -> list[str]:
    lines = text.splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(title))
    end = next((n for n in range(start, len(lines)) if not lines[n].strip()), len(lines))
    return lines[start + 1 : end]


def printed(line: str) -> int | None:
    found = FIGURE.search(line)
    return int(found[1].replace(",", "").replace(".", "")) if found else None


@settings(deadline=None, max_examples=15)
@given(reports())
def test_printed_figures_add_up_to_the_printed_totals(report):
    text = render("table", report, detail=True, width=80, services=2, namespaces=2, workloads=0)
    running = None
    for line in section(text, "LEDGER"):
        value = printed(line)
        depth = len(line) - len(line.lstrip())
        if value is None or line.lstrip().startswith(("Residual", "Must")):
            continue
        if depth == 0:
            assert running in (None, value)
            running = value
        elif depth == 3:
            running += value
    assert running == cents(report.totals.billed)


@pytest.mark.parametrize("width", [40, 80, 100, 120, 200])
def test_no_figure_is_cut_at_any_width(width):
    huge = builders.report(
        builders.ledger(
            [
                {
                    "group": "report",
                    "driver": "report",
                    "subject": "node/a",
                    "amount": 123456789.01,
                },
                {"group": "rate", "driver": "spot", "subject": "node/a", "amount": -98765432.1},
            ]
        ),
        builders.allocation(
            [
                {"basis": "list", "namespace": "n" * 70, "cost": 123456789.01},
                {"basis": "effective", "namespace": "n" * 70, "cost": 24691356.91},
            ]
        ),
        builders.prices([("node/a", builders.day(0), 123456789.01, "bill")]),
        split=pd.DataFrame({"namespace": ["n" * 70], "cost": [123456780.0]}),
    )
    text = render("table", huge, detail=True, width=width)
    for value in (12345678901, 2469135691, 12345678000):
        assert figure(value) in text
    assert figure(-9876543210, sign=True) in text
    assert "…" not in text
    assert text.replace("\n", "").count("n" * 20) >= 3, "long names fold, they are not cut"


def test_markup_and_escapes_in_names_are_shown_not_obeyed():
    base = sample()
    rows = base.allocation.assign(
        namespace=base.allocation["namespace"].replace("shop", "[red]\x1b[31mshop[/red]")
    )
    subject = "[link=file:///etc]x[/link]\x07"
    finding = Finding(
        rule="r",
        title="T",
        subject=subject,
        amount=1.0,
        monthly=5.0,
        evidence="e\x1b[2J",
        action="a\r",
    )
    report = builders.report(base.ledger, rows, base.prices, findings=(finding,), notes=("n\x1b",))
    text = render("table", report, detail=True, width=120)
    assert r"[red]\x1b[31mshop[/red]" in text
    assert r"[link=file:///etc]x[/link]\x07" in text
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", text)


def test_limits_hide_rows_by_name_and_keep_their_sum():
    text = render("table", sample(), detail=True, width=80, namespaces=1, workloads=1, findings=1)
    assert "2 other namespaces" in text
    assert "3 other workloads" in text
    assert "and 1 smaller finding; --format json has them all" in text


def test_findings_say_projection_and_that_they_overlap():
    text = render("table", sample(), detail=True, width=120)
    assert "FINDINGS (projected to 730 hours a month, USD)" in text
    assert "never added up" in text
    assert "frees capacity, not the bill itself" in text


def test_evidence_breaks_between_its_parts():
    text = render("table", sample(), detail=True, width=80)
    assert "matched by provider id · confidence high\n" in text
    assert not re.search(r"confidence\n", text)
