"""The kit is tested too: each broken toy fails the check that is about its fault, and no sound one."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.plugin.dists import Site

ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.slow
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
IN_THE_HOOKS = {
    "pandas for everybody",
    "shouts",
    "thawed settings",
    "token in the open",
    "says it is binary",
}
"""They are every kind's, so each has a process of its own."""
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


def kit(site: Path, *tests: str, **environment: str) -> tuple[set[str], str]:
    """The checks that failed, and all output."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{site}", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    failed = re.findall(r"^(?:FAILED|ERROR) \S+?::(\w+::\w+)", done.stdout, re.MULTILINE)
    assert done.returncode == (1 if failed else 0), done.stdout + done.stderr
    return set(failed), done.stdout


@pytest.fixture(scope="module")
def run(site: Path) -> tuple[set[str], str]:
    """Sound toys and broken ones in one process, each kind and fault a class."""
    toys: dict[str, list[str]] = {}
    for fault, check in FAULTS.items():
        if fault not in IN_THE_HOOKS:
            toys.setdefault(check.partition("::")[0], []).append(fault)
    return kit(site, TOYS, TOYS=json.dumps(toys))


def test_sound_toys_pass(run: tuple[set[str], str]) -> None:
    failed, output = run
    sound = {check.partition("::")[0] for check in FAULTS.values()}
    assert {one for one in failed if one.partition("::")[0] in sound} == set(), output
    assert "skipped" not in output


@pytest.mark.parametrize("fault", [one for one in FAULTS if one not in IN_THE_HOOKS])
def test_a_broken_toy_fails_the_check_that_is_about_it(
    run: tuple[set[str], str], fault: str
) -> None:
    failed, output = run
    kind, _, check = FAULTS[fault].partition("::")
    mine = f"{kind}_{fault.replace(' ', '_').replace(',', '')}::"
    checks = {one.removeprefix(mine) for one in failed if one.startswith(mine)}
    assert check in checks, output
    assert len(checks) <= (MANY if fault in NEED_A_SOUND_BILL else 5), output


@pytest.mark.parametrize("fault", sorted(IN_THE_HOOKS))
def test_broken_hooks_fail_the_check_that_is_about_them(site: Path, fault: str) -> None:
    kind = FAULTS[fault].partition("::")[0]
    failed, output = kit(site, f"{TOYS}::{kind}", FAULT=fault)
    assert FAULTS[fault] in failed, output
    assert len(failed) <= 5, output
