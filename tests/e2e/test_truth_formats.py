"""Every driver of a random world, recovered to the cent from each export that AWS writes."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from tests.e2e.lab_run import Key, differences, found, report, truth, worlds, written
from tests.lab.random_world import random_world
from tests.lab.rates import INSTANCES


@worlds(4)
def test_cur_2(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    world = random_world(seed)
    charged, bill = written(world, tmp_path_factory.mktemp("bill"))
    got = report(world, bill)
    assert differences(found(got), truth(charged)) == {}
    assert abs(got.totals.residual) < 0.005


@worlds(3)
def test_legacy_cur(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    world = random_world(seed)
    charged, bill = written(world, tmp_path_factory.mktemp("bill"), "legacy")
    assert differences(found(report(world, bill)), truth(charged)) == {}


@pytest.mark.parametrize("form", ["cur2", "legacy"])
@worlds(2)
def test_daily_lines_and_a_hole_in_the_metrics(
    tmp_path_factory: pytest.TempPathFactory, form: str, seed: int
) -> None:
    world = random_world(seed, gaps=True)
    charged, bill = written(world, tmp_path_factory.mktemp("bill"), form, daily=True)
    got = report(world, bill)
    assert differences(found(got), truth(charged)) == {}
    missing = sum(b - a for a, b in world.gaps) / 3600
    assert got.coverage.hours_missing == pytest.approx(missing)


@worlds(2)
def test_rates_of_ones_own(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    """A report that charges a quarter more for nodes than the public rate."""
    world = random_world(seed)
    folder = tmp_path_factory.mktemp("bill")
    charged, bill = written(world, folder)
    own = folder / "rates.csv"
    rules = [f"node,{name},{1.25 * float(one.hourly)}" for name, one in INSTANCES.items()]
    own.write_text("\n".join(["kind,match,hourly", *rules]) + "\n")
    got = found(report(world, bill, prices=own))
    assert differences(got, truth(charged, nodes=Fraction(5, 4))) == {}
    assert got["rate", "list_price"] < 0


@pytest.mark.parametrize("version", ["1.0", "1.2"])
@worlds(2)
def test_focus(tmp_path_factory: pytest.TempPathFactory, version: str, seed: int) -> None:
    """FOCUS has one cost for what a plan or spot usage cost after all discounts.

    So it cannot tell the commitment's (or spot's) share of a saving from the negotiated one, and
    it has no line type by which a new kind of charge would show. All else must come out.
    """
    world = random_world(seed, style="both")
    charged, bill = written(world, tmp_path_factory.mktemp("bill"), "focus", version=version)
    assert differences(merged(found(report(world, bill))), merged(truth(charged))) == {}


def merged(rows: dict[Key, float]) -> dict[Key, float]:
    """The drivers that FOCUS can tell apart."""
    one = {
        ("rate", "spot"): ("rate", "any"),
        ("rate", "commitment"): ("rate", "any"),
        ("rate", "negotiated"): ("rate", "any"),
        ("accounting", "unknown"): ("outside", "Amazon Elastic Compute Cloud"),
    }
    out: dict[Key, float] = {}
    for key, value in rows.items():
        place = one.get(key, key)
        out[place] = out.get(place, 0.0) + value
    return out


def test_a_wrong_amount_would_be_seen(tmp_path: Path) -> None:
    """The comparison itself: a world that is charged a little more is not the same world."""
    world = random_world(1)
    charged, bill = written(world, tmp_path)
    want = truth(charged)
    key = max(want, key=lambda name: want[name])
    assert differences(found(report(world, bill)), want | {key: want[key] + 0.01}).keys() == {key}
