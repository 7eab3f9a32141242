"""A rule speaks of "nobody uses it" only if the metrics could have shown the use."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from burn.api import ContractError, Coverage, Scope, Window, seen_throughout
from burn.api.vocabulary import OBSERVABLE
from burn.findings import cannot_tell
from burn.snapshot import read_days, write_day
from burn.testing.tiny import tiny_observation
from tests.unit.builtin.rules.builders import find
from tests.unit.builtin.rules.test_unseen import world

ALL = dict.fromkeys(OBSERVABLE, True)


@pytest.mark.parametrize(
    ("kind", "needed"),
    [("volume", "volumes"), ("load_balancer", "services"), ("load_balancer", "ingresses")],
)
@pytest.mark.parametrize("sees", ["blind", "unknown", "outage"])
def test_what_could_not_be_seen_is_not_called_unused(kind, needed, sees):
    coverage = {
        "blind": Coverage(sees=ALL | {needed: False}),
        "unknown": Coverage(sees={k: v for k, v in ALL.items() if k != needed}),
        "outage": Coverage(hours_missing=0.06 * 720, sees=ALL),
    }[sees]
    inputs = replace(world(kind), coverage=coverage)
    assert find(inputs) == ()
    (note,) = cannot_tell(inputs)
    assert "30.00" in note
    assert "cannot tell" in note
    assert (needed in note) == (sees != "outage")


def test_nothing_is_said_where_all_could_be_seen():
    assert list(cannot_tell(world("volume"))) == []


def test_a_window_is_as_blind_as_its_blindest_day():
    days = [Coverage(sees={"volumes": True, "mounts": True, "claims": False}), Coverage(sees=ALL)]
    assert seen_throughout(days) == {"volumes": True, "claims": False, "mounts": True}
    assert seen_throughout([]) == {}


def test_an_unknown_kind_is_refused_by_name():
    with pytest.raises(ContractError, match="'volume'"):
        Coverage(sees={"volume": True})


def test_a_snapshot_keeps_it_and_one_of_before_is_unknown(tmp_path):
    day = Window(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 2, tzinfo=UTC))
    seen = replace(
        tiny_observation(day), coverage=Coverage(sees={"volumes": True, "claims": False})
    )
    place = Path(write_day(tmp_path, Scope(cluster="tiny"), day, seen))
    assert read_days(tmp_path, "tiny", day).coverage.sees == {"volumes": True, "claims": False}
    marker = place / "coverage.json"
    text = marker.read_text()
    marker.write_text(text.replace('"sees"', '"said"'))
    assert read_days(tmp_path, "tiny", day).coverage.sees == {}
