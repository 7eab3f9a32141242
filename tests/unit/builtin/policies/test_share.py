"""What the share policies remember between two bases of a day, and forget between two days."""

from __future__ import annotations

import gc
from dataclasses import replace
from weakref import ref

from burn.builtin.policies.nodes import larger
from burn.builtin.policies.share import SharePolicy
from tests.unit.builtin.policies.rows import asked, by, frame, overhead, row
from tests.unit.stages.builders import Asset, Run, World, days_of, flat

UNALLOCATED = {"kind": "unallocated"}
START = frame(row("", 24.0, **UNALLOCATED), overhead("nat", 1.0))


def day(cpu: float):
    world = World([Asset("n1", flat(1.0))], [Run("web", "n1", cpu=cpu)])
    return world.observe(days_of()[0])


def test_a_day_does_not_outlive_its_turn() -> None:
    policy, seen = SharePolicy(larger), day(1.0)
    policy.apply(asked(START, seen))
    usage = ref(seen.usage)
    del seen
    gc.collect()
    assert usage() is None


def test_another_day_has_other_parts_and_so_has_a_changed_one() -> None:
    policy, first = SharePolicy(larger), day(1.0)
    assert by(policy.apply(asked(START, first)), "workload")["web"] == 6.0
    assert by(policy.apply(asked(START, day(2.0))), "workload")["web"] == 12.0
    smaller = first.inventory.assign(cpu_cores=2.0, cpu_allocatable=2.0)
    changed = replace(first, inventory=smaller)
    assert by(policy.apply(asked(START, first)), "workload")["web"] == 6.0
    assert by(policy.apply(asked(START, changed)), "workload")["web"] == 12.0


def test_rows_that_are_not_unallocated_pass_through() -> None:
    start = frame(row("shop", 3.0), overhead("nat", 1.0), row("", 24.0, **UNALLOCATED))
    rows = SharePolicy(larger).apply(asked(start, day(4.0)))
    assert by(rows, "namespace", "kind") == {("shop", "direct"): 27.0, ("", "shared"): 1.0}


def test_two_bases_in_one_frame_stay_apart() -> None:
    start = frame(row("", 24.0, **UNALLOCATED), row("", 12.0, basis="effective", **UNALLOCATED))
    rows = SharePolicy(larger).apply(asked(start, day(1.0)))
    assert by(rows, "basis") == {"list": 24.0, "effective": 12.0}
    assert by(rows[rows["workload"] == "web"], "basis") == {"list": 6.0, "effective": 3.0}
