"""The ledger by day is the ledger: over random worlds, each day against the lab's truth of that day."""

from __future__ import annotations

import pytest

from tests.e2e.lab_run import differences, found, report, truth, worlds, written
from tests.lab.random_world import random_world


@worlds(2)
def test_each_day_is_true(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    world = random_world(seed, hours=48)
    charged, bill = written(world, tmp_path_factory.mktemp("bill"))
    made = report(world, bill)
    rows = made.daily
    assert rows is not None
    name = rows["driver"].where(rows["group"] != "outside", rows["subject"])
    rows = rows.assign(driver=name)
    whole = rows.groupby(["group", "driver"])["amount"].sum()
    assert (
        differences({(str(g), str(d)): float(v) for (g, d), v in whole.items()}, found(made)) == {}
    )
    keys = ["group", "driver", "subject"]
    by_subject = rows.assign(driver=made.daily["driver"]).groupby(keys)["amount"].sum()  # type: ignore[index]
    ledger = made.ledger[made.ledger["group"] != "invoice"].groupby(keys)["amount"].sum()
    both = by_subject.subtract(ledger, fill_value=0.0)
    assert both.abs().max() < 1e-6, "the same subjects as the ledger's"
    for number, day in enumerate(made.info.window.days()):
        hours = (number * 24, number * 24 + 24)
        sums = rows[rows["day"] == day.start].groupby(["group", "driver"])["amount"].sum()
        have = {(str(g), str(d)): float(v) for (g, d), v in sums.items()}
        want = truth(charged, hours)
        assert differences(have, want) == {}
        carried = made.allocation[made.allocation["day"] == day.start]
        carried = carried.loc[carried["basis"].astype(str) == "effective", "cost"].sum()
        cluster = sum(v for (g, _), v in want.items() if g not in ("outside", "accounting"))
        assert carried == pytest.approx(float(cluster), abs=0.01), "a fee lies on one day"
