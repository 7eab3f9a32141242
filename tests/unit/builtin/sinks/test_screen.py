"""One screen: it fits, its figures add up, and nothing that is left out is lost."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from hypothesis import given, settings

from burn.api import Report
from burn.api.money import cents
from burn.builtin.sinks.table.screen import walk
from burn.view.waterfall import waterfall
from tests.unit.builtin.sinks.outputs import render
from tests.unit.view import builders
from tests.unit.view.sample import sample
from tests.unit.view.worlds import reports


@settings(max_examples=25)
@given(reports())
def test_it_fits_and_the_walk_adds_up(report: Report) -> None:
    lines = render("table", report, width=80).splitlines()
    assert len(lines) <= 45
    assert max(map(len, lines)) <= 80
    stood = 0
    for row in walk(waterfall(report)):
        if row.is_total and row.label.startswith("="):
            assert row.cents == stood, row.label
        stood = row.cents if row.is_total else stood + row.cents
    for total in (report.totals.report, report.totals.cluster_effective, report.totals.billed):
        assert f"{cents(total) / 100:,.2f}" in "\n".join(lines)


def test_what_is_pooled_is_counted_by_its_names() -> None:
    """Thirteen services, of which the walk names eight; a hundred namespaces, of which it names twenty."""
    rows = [{"group": "report", "driver": "report", "subject": "node/a", "amount": 100.0}]
    rows += [
        {"group": "outside", "driver": "outside", "subject": f"s{at}", "amount": 20.0 - at}
        for at in range(13)
    ]
    costs = [
        {"basis": basis, "namespace": f"n{at:03d}", "cost": 1.0}
        for at in range(100)
        for basis in ("list", "effective")
    ]
    report = builders.report(
        builders.ledger(rows),
        builders.allocation(costs),
        builders.prices([("node/a", builders.day(0), 100.0, "bill")]),
    )
    text = render("table", report, width=100)
    assert "s0, s1, 11 more" in text
    assert "92 other namespaces" in text


def test_notes_that_do_not_fit_are_counted() -> None:
    base = sample()
    notes = tuple(f"note {at}: " + "something that a reader must know " * 3 for at in range(9))
    report = builders.report(base.ledger, base.allocation, base.prices, notes=notes)
    lines = render("table", report, width=80).splitlines()
    assert len(lines) <= 45
    shown = sum(line.startswith("! Note ") for line in lines)
    assert 1 <= shown < 9
    assert f"! {9 - shown} more notes: --detail" in lines


@pytest.mark.parametrize(("columns", "longest"), [("120", 120), ("", 80), ("20", 80)])
def test_a_pipe_has_the_width_that_its_reader_states(columns: str, longest: int) -> None:
    script = (
        "from burn.api import WriteRequest\n"
        "from tests.unit.builtin.sinks.outputs import BY_NAME\n"
        "from tests.unit.view.sample import sample\n"
        "spec = BY_NAME['table']\n"
        "spec.make(spec.settings()).write(WriteRequest(report=sample(), target=None))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"COLUMNS": columns, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        check=True,
    )
    width = max(map(len, done.stdout.splitlines()))
    assert longest - 12 <= width <= longest
