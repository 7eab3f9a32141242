"""Dimensions from labels, kept by every policy that hands cost on."""

from __future__ import annotations

import pytest

from burn.api import UsageError, dimensions
from burn.builtin.policies.settings import DimensionsSettings
from burn.builtin.policies.specs import POLICIES
from tests.lab.chosen import chosen
from tests.unit.builtin.policies.rows import applied, by, overhead, row

LABELS = {"team": "team", "cost_centre": "example.com/cc"}
ROWS = (
    row("shop", 1.0, labels='{"example.com/cc":"7","team":"ü \\"a\\""}'),
    row("shop", 2.0, labels='{"example.com/cc":"","other":"x","team":"b"}'),
    row("web", 4.0, labels='{"team":"b"}', dimensions='{"product":"p","team":"had"}'),
    row("", 8.0),
    overhead("nat", 16.0),
)


def test_each_label_names_a_dimension_and_what_is_named_stays() -> None:
    rows = applied("dimensions", *ROWS, labels=LABELS)
    for name, wanted in {
        "team": {'ü "a"': 1.0, "b": 2.0, "had": 4.0, "": 24.0},
        "cost_centre": {"7": 1.0, "": 30.0},
        "product": {"p": 4.0, "": 27.0},
    }.items():
        assert by(rows.assign(v=dimensions.values(rows["dimensions"], name)), "v") == wanted
    assert dimensions.names(rows["dimensions"]) == ["cost_centre", "product", "team"]
    assert dimensions.fault(rows["dimensions"]) == ""


@pytest.mark.parametrize("policy", ["idle-by-node", "idle-by-cluster", "shared-weighted"])
def test_what_is_handed_on_goes_to_the_dimension_of_who_takes_it(policy: str) -> None:
    """1.00 of team a and 3.00 of team b take 8.00 between them, in one workload."""
    loose = overhead("nat", 8.0) if policy.startswith("shared") else row("", 8.0)
    rows = applied(
        policy,
        row("shop", 1.0, dimensions='{"team":"a"}'),
        row("shop", 3.0, dimensions='{"team":"b"}'),
        loose,
    )
    team = dimensions.values(rows["dimensions"], "team")
    assert by(rows.assign(v=team), "v") == {"a": 3.0, "b": 9.0}


def test_the_labels_it_needs_are_told_so_that_sources_keep_them() -> None:
    spec = next(spec for spec in POLICIES if spec.name == "dimensions")
    assert chosen(spec, DimensionsSettings(labels=LABELS)).label_keys == ("team", "example.com/cc")


@pytest.mark.parametrize(
    ("labels", "message"), [({}, "has no labels"), ({"cost": "x"}, "burn calls something else")]
)
def test_settings_that_make_no_sense_are_refused(labels: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        applied("dimensions", *ROWS, labels=labels)
