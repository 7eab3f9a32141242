"""What holds for every world: time adds up, order does not matter, money is conserved."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from burn.api import Window
from tests.e2e.lab_run import CENT, differences, found, report, truth, worlds, written
from tests.lab.random_world import random_world


@worlds(4)
def test_two_half_windows_are_the_whole(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    """Each half is the truth of its half, and the two are the truth of the whole.

    Which of two drivers takes an amount may depend on what a window shows: hours billed after
    a node was last seen are `uptime` beside its observed hours and `unseen` without them. Those
    are compared in sum. So is unused commitment with what is outside, when the border is not a
    midnight: it is shared by the day.
    """
    world = random_world(seed)
    charged, bill = written(world, tmp_path_factory.mktemp("bill"))
    midnight = seed % 2 == 0
    cut = 24 - world.start.hour if midnight else 24 + seed % 18
    middle = world.start + timedelta(hours=cut)
    first = found(report(world, bill, Window(world.start, middle)))
    second = found(report(world, bill, Window(middle, world.end)))
    assert differences(first, truth(charged, (0, cut))) == {}
    assert differences(second, truth(charged, (cut, world.hours))) == {}
    whole = found(report(world, bill))
    both = {key: first.get(key, 0) + second.get(key, 0) for key in first.keys() | second.keys()}
    assert differences(by_kind(both, midnight), by_kind(whole, midnight)) == {}


def by_kind(rows: dict[tuple[str, str], float], midnight: bool) -> dict[tuple[str, str], float]:
    out: dict[tuple[str, str], float] = {}
    for (group, driver), amount in rows.items():
        if group in ("observation", "rate"):
            key = ("observation and rate", "")
        elif group in ("waste", "outside") and not midnight:
            key = ("unused commitment and outside", "")
        else:
            key = (group, driver)
        out[key] = out.get(key, 0.0) + amount
    return out


@worlds(2)
def test_the_order_and_the_files_of_a_bill_do_not_matter(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    """Shuffled and spread over three files, a bill gives the same report to the last bit."""
    world = random_world(seed)
    _, bill = written(world, tmp_path_factory.mktemp("bill"))
    before = report(world, bill)
    loose = tmp_path_factory.mktemp("loose") / "BILLING_PERIOD=2026-10"
    loose.mkdir()
    (file,) = bill.glob("data/*/*.parquet")
    table = pq.ParquetFile(file).read()
    order = np.random.default_rng(seed).permutation(len(table))
    for number, part in enumerate(np.array_split(order, 3)):
        pq.write_table(table.take(part), loose / f"part-{number}.parquet")
    after = report(world, loose.parent)
    pd.testing.assert_frame_equal(before.ledger, after.ledger, check_exact=True)
    pd.testing.assert_frame_equal(before.allocation, after.allocation, check_exact=True)
    assert before.totals == after.totals


@pytest.mark.parametrize(
    "chain",
    [
        ("share-max",),
        ("share-request", "idle-by-cluster"),
        ("share-max", "idle-by-node", "shared-weighted"),
    ],
)
@worlds(2)
def test_whatever_the_policies_namespaces_add_up_to_the_ledger(
    tmp_path_factory: pytest.TempPathFactory, chain: tuple[str, ...], seed: int
) -> None:
    world = random_world(seed)
    _, bill = written(world, tmp_path_factory.mktemp("bill"))
    for basis in ("effective", "billed"):
        got = report(world, bill, chain=chain, basis=basis)
        total = got.allocation.groupby("basis")["cost"].sum()
        landing = {"effective": got.totals.cluster_effective, "billed": got.totals.cluster_billed}
        assert total[basis] == pytest.approx(landing[basis], abs=CENT)
        assert total["list"] == pytest.approx(got.totals.report, abs=CENT)


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    world = random_world(77)
    _, bill = written(world, tmp_path)
    one, two = report(world, bill), report(world, bill)
    pd.testing.assert_frame_equal(one.ledger, two.ledger, check_exact=True)
    assert one.totals == two.totals
    assert one.findings == two.findings
