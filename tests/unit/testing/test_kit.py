"""The kit is tested too: each broken toy fails the check that is about its fault, and no sound one."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path

import pytest

from tests.unit.plugin.dists import Site

ROOT = Path(__file__).parents[3]
FAULTS = {
    "loses money": "TestPolicy::test_money_is_conserved",
    "changes its input": "TestPolicy::test_the_input_is_left_alone",
    "draws lots": "TestPolicy::test_the_same_input_gives_the_same_output",
    "mixes days": "TestPolicy::test_many_days_at_once_are_each_day_alone",
    "depends on row order": "TestPolicy::test_row_order_does_not_matter",
    "no pods, no policy": "TestPolicy::test_a_day_without_pods_is_no_error",
    "another signature": "TestPolicy::test_methods_take_what_the_contract_says",
    "a gap that is none": "TestPolicy::test_money_is_conserved",
    "a clock in the output": "TestSink::test_the_same_report_gives_the_same_bytes",
    "control characters": "TestSink::test_no_terminal_control_characters",
    "silent on stdout": "TestSink::test_standard_output",
    "blames the user": "TestSink::test_a_place_that_cannot_be_written_is_named",
    "says it is binary": "TestSink::test_the_spec_says_whether_it_is_binary",
    "pandas for everybody": "TestSink::test_importing_the_hooks_imports_nothing_heavy",
    "shouts": "TestSink::test_burn_loads_it",
    "thawed settings": "TestSource::test_settings_are_documented_and_keep_secrets",
    "token in the open": "TestSource::test_settings_are_documented_and_keep_secrets",
    "empty when down": "TestSource::test_what_cannot_be_reached_is_an_access_error",
    "any day will do": "TestSource::test_a_day_long_ago_is_empty_or_an_error",
    "all labels": "TestSource::test_only_the_labels_that_were_asked_for",
    "hours of ninety minutes": "TestSource::test_nothing_is_there_for_more_than_an_hour_an_hour",
    "prices the unknown": "TestProvider::test_an_unknown_product_is_an_error_or_a_labelled_guess",
    "a price too few": "TestProvider::test_every_asset_and_day_has_one_price",
    "prices by the position": "TestProvider::test_the_same_assets_have_the_same_prices",
    "another currency": "TestProvider::test_prices_and_bill_have_one_currency",
    "a silent guess": "TestProvider::test_every_price_says_where_it_comes_from",
    "knows everybody": "TestProvider::test_an_unknown_asset_gets_no_identity",
    "names the cloud does not know": "TestProvider::test_identities_come_back_from_the_bill",
    "walks in anyway": "TestProvider::test_refused_credentials_are_an_access_error",
    "a short bill": "TestProvider::test_a_bill_cut_off_in_the_middle_is_an_error",
    "wrong control total": "TestProvider::test_the_bill_reaches_its_control_total",
    "a line lost": "TestProvider::test_the_bill_reaches_its_control_total",
    "a credit that costs": "TestProvider::test_credits_lower_the_bill",
    "another sum by hand": "TestProvider::test_the_ledger_is_the_one_worked_out_by_hand",
    "no quantity": "TestProvider::test_modelled_charges_have_a_quantity_in_the_prices_unit",
}
IN_THE_HOOKS = {"pandas for everybody", "shouts", "thawed settings", "token in the open"}
NEED_A_SOUND_BILL = {
    "wrong control total",
    "names the cloud does not know",
    "another sum by hand",
}
"""Much of the kit says so when the bill itself is wrong."""
MANY = 20
TOYS = "tests/unit/testing/broken.py"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`burn-broken`, installed in a folder of its own; its hooks are those of broken_hooks.py."""
    site = Site(tmp_path_factory.mktemp("broken"))
    site.install("burn-broken", points={"broken": "tests.unit.testing.broken_hooks"})
    return site.folder


def kit(site: Path, faults: Sequence[str]) -> tuple[set[str], str]:
    """The checks that failed, and all output."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", TOYS],
        cwd=ROOT,
        env={
            **os.environ,
            "FAULT": "|".join(faults),
            "PYTHONPATH": f"{ROOT}{os.pathsep}{site}",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    failed = re.findall(r"^(?:FAILED|ERROR) \S+?::(\w+::\w+)", done.stdout, re.MULTILINE)
    assert done.returncode == (1 if failed else 0), done.stdout + done.stderr
    return set(failed), done.stdout


def rounds() -> Iterator[dict[str, str]]:
    """Faults and the checks they must fail: one of each kind of plugin at a time, for speed.

    A fault in the hooks is every kind's, so it comes alone.
    """
    kinds: dict[str, list[str]] = {}
    for fault, check in FAULTS.items():
        if fault in IN_THE_HOOKS:
            yield {fault: check}
        else:
            kinds.setdefault(check.partition("::")[0], []).append(fault)
    for together in zip_longest(*kinds.values()):
        yield {fault: FAULTS[fault] for fault in together if fault}


def test_sound_toys_pass(site: Path) -> None:
    failed, output = kit(site, ())
    assert failed == set(), output
    assert "skipped" not in output


@pytest.mark.slow
@pytest.mark.parametrize("faults", [*rounds()], ids=" + ".join)
def test_a_broken_toy_fails_the_check_that_is_about_it(site: Path, faults: dict[str, str]) -> None:
    failed, output = kit(site, list(faults))
    assert set(faults.values()) <= failed, output
    for fault, check in faults.items():
        kind = check.partition("::")[0]
        most = MANY if fault in NEED_A_SOUND_BILL else 5
        assert sum(one.startswith(kind) for one in failed) <= most, output
    if not IN_THE_HOOKS & set(faults):
        kinds = {check.partition("::")[0] for check in faults.values()}
        assert {one.partition("::")[0] for one in failed} == kinds, output
