"""What is shown adds up to the landings, in every format, whatever the report."""

from __future__ import annotations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from burn.api import Coverage
from burn.api.money import cents
from burn.view.summary import Limits, summarise
from burn.view.waterfall import waterfall
from tests.unit.view import builders
from tests.unit.view.sample import sample
from tests.unit.view.worlds import reports

EFFORT = settings(deadline=None, max_examples=15)
MOVES = ("driver", "service", "rest")


@EFFORT
@given(reports(), st.integers(0, 3))
def test_every_landing_is_the_one_before_and_what_lies_between(report, services):
    running = None
    for step in waterfall(report, services=services):
        if step.kind == "landing":
            assert running is None or step.cents == running
            running = step.cents
        elif step.kind in MOVES:
            running += step.cents
    totals = report.totals
    landings = [s.cents for s in waterfall(report) if s.kind == "landing"]
    assert landings == [
        cents(t)
        for t in (totals.report, totals.cluster_effective, totals.account_effective, totals.billed)
    ]


@EFFORT
@given(reports())
def test_a_group_is_the_sum_of_its_drivers(report):
    steps = waterfall(report)
    for group in (step for step in steps if step.kind == "group"):
        members = [s for s in steps if s.kind in MOVES and s.group == group.group]
        assert group.cents == sum(step.cents for step in members)


@EFFORT
@given(st.sampled_from(["list", "effective", "billed"]).flatmap(reports), st.integers(0, 3))
def test_owners_add_up_to_the_report_and_to_the_basis(report, top):
    summary = summarise(report, Limits(namespaces=top, workloads=max(1, top)))
    totals = report.totals
    landing = {
        "list": totals.report,
        "effective": totals.cluster_effective,
        "billed": totals.cluster_billed,
    }[report.info.basis]
    for owners in (summary.namespaces, summary.workloads):
        assert owners.misses == (0, 0)
        assert sum(row.report for row in owners.rows) == cents(totals.report)
        assert sum(row.basis for row in owners.rows) == cents(landing)


def test_headline_says_report_bill_gap_and_percent():
    words = summarise(sample()).headline
    assert words.sentence == (
        "The Kubernetes report says $579.39, the cloud bill says $1,036.34: "
        "a gap of $456.95 (+78.9 % of the report)."
    )
    assert words.gap == words.cluster - words.report + words.outside + words.accounting


def test_services_beyond_the_limit_are_summed_not_dropped():
    steps = [s for s in waterfall(sample(), services=2) if s.group == "outside"]
    assert [step.label for step in steps] == [
        "Outside the cluster",
        "Managed Database",
        "Object Storage",
        "2 other services",
    ]
    assert sum(step.cents for step in steps[1:]) == steps[0].cents == 35697
    assert steps[-1].evidence.lines == 62


def test_cost_without_a_namespace_has_rows_of_its_own():
    rows = {row.label: row for row in summarise(sample()).namespaces.rows}
    assert rows["(idle)"].basis == 5343
    assert rows["(system)"].report == 1200
    assert rows["(shared) Control plane"].basis == 7440
    assert "" not in rows


def test_the_providers_split_stands_beside_burns():
    namespaces = summarise(sample()).namespaces
    assert {row.label: row.provider for row in namespaces.rows if row.provider} == {
        "shop": 30050,
        "batch": 6125,
    }
    assert namespaces.provider == 36175


def test_what_only_the_provider_splits_has_a_row_so_that_its_column_adds_up():
    base = sample()
    split = pd.DataFrame({"namespace": ["shop", "batch", "gone", "@idle"], "cost": [1, 2, 4, 8.0]})
    report = builders.report(base.ledger, base.allocation, base.prices, split=split)
    namespaces = summarise(report, Limits(namespaces=1)).namespaces
    rows = {row.label: row for row in namespaces.rows}
    assert rows["(others, in the provider's split)"].provider == 1400
    assert sum(row.provider or 0 for row in namespaces.rows) == namespaces.provider == 1500
    assert sum(row.basis for row in namespaces.rows) == namespaces.total


def test_owners_appear_when_a_policy_names_them():
    base = sample()
    assert summarise(base).owners is None
    rows = base.allocation.assign(owner=base.allocation["namespace"].replace("shop", "team-a"))
    owners = summarise(builders.report(base.ledger, rows, base.prices)).owners
    assert owners.rows[0].label == "team-a"
    assert owners.rows[0].report == 35975
    assert sum(row.basis for row in owners.rows) == owners.total == 61060


def test_two_clusters_are_told_apart():
    rows = [
        {"basis": "list", "cluster": name, "namespace": "shop", "cost": 1.0} for name in ("a", "b")
    ]
    ledger = builders.ledger(
        [{"group": "report", "driver": "report", "subject": "n", "amount": 2.0}]
    )
    report = builders.report(ledger, builders.allocation(rows), builders.prices([]), basis="list")
    assert [r.label for r in summarise(report).namespaces.rows] == ["a/shop", "b/shop"]


def test_an_allocation_that_misses_the_ledger_is_said_to():
    whole = sample()
    cut = builders.report(whole.ledger, whole.allocation[1:], whole.prices)
    assert summarise(cut).namespaces.misses == (20150, 0)


def test_evidence_counts_assets_lines_and_hours():
    steps = {step.driver: step for step in waterfall(sample())}
    assert steps["uptime"].proof == (
        "1 node · 31 bill lines · 738.0 hours observed, 744.0 billed · "
        "matched by provider id · confidence high"
    )
    assert steps["report"].proof.startswith("4 nodes, 1 volume · ")


def test_the_provisional_part_is_told_with_its_amount():
    assert "from 2026-10-30 00:00 UTC" in summarise(sample()).provisional.sentence
    assert summarise(sample(provisional_from=None)).provisional is None


def test_the_longest_gaps_are_named_and_the_others_counted():
    gaps = tuple((builders.at(day, 0), builders.at(day, 1 + day)) for day in range(7))
    base = sample()
    report = builders.report(
        base.ledger, base.allocation, base.prices, coverage=Coverage(gaps=gaps), notes=("x",)
    )
    notes = summarise(report).notes
    assert notes[0] == "X."
    assert notes[1] == "Metrics gap: 2026-10-07 00:00 to 2026-10-07 07:00 UTC."
    assert notes[-1] == "And 2 shorter metrics gaps."


def test_next_steps_explain_the_largest_drivers():
    assert [command for command, _ in summarise(sample()).next_steps] == [
        "burn explain outside",
        "burn explain spot",
        "burn explain tax",
        "burn explain control_plane",
        "burn explain nat",
    ]


def test_a_report_of_nothing_has_words_too():
    nothing = builders.report(builders.ledger([]), builders.allocation([]), builders.prices([]))
    assert summarise(nothing).headline.gap_percent == ""
    assert [s.cents for s in summarise(nothing).waterfall if s.kind == "landing"] == [0, 0, 0, 0]
