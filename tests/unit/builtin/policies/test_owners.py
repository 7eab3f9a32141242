"""Who answers for a row: the first key that says so."""

from __future__ import annotations

import pytest

from burn.api import UsageError
from burn.builtin.policies.settings import OwnersSettings
from burn.builtin.policies.specs import POLICIES
from tests.lab.chosen import chosen
from tests.unit.builtin.policies.rows import applied, by, overhead, row

TEAM_A = '{"team":"a"}'
ROWS = (
    row("shop", 1.0, labels=TEAM_A),
    row("shop", 2.0, labels='{"owner":"b","team":""}'),
    row("web", 4.0),
    row("", 8.0),
    overhead("nat", 16.0),
)


def test_keys_are_tried_in_order_and_empty_labels_do_not_count() -> None:
    rows = applied("owners", *ROWS, keys=("team", "owner"))
    assert by(rows, "owner") == {"a": 1.0, "b": 2.0, "unowned": 4.0, "": 24.0}


def test_a_namespace_is_its_own_owner_when_no_table_says_otherwise() -> None:
    rows = applied("owners", *ROWS, keys=("team", "namespace"))
    assert by(rows, "owner") == {"a": 1.0, "shop": 2.0, "web": 4.0, "": 24.0}


def test_a_table_of_namespaces_is_the_whole_truth() -> None:
    rows = applied(
        "owners", *ROWS, keys=("namespace",), namespaces={"shop": "Retail"}, unowned="nobody"
    )
    assert by(rows, "owner") == {"Retail": 3.0, "nobody": 4.0, "": 24.0}


def test_what_nobody_carries_has_no_owner() -> None:
    rows = applied("owners", row("", 8.0))
    assert list(rows["owner"]) == [""]


def test_only_the_owner_changes() -> None:
    rows = applied("owners", *ROWS)
    assert by(rows, "namespace", "kind", "labels") == by(
        applied("owners", *ROWS, keys=("x",)), "namespace", "kind", "labels"
    )
    assert len(rows) == len(ROWS)


def test_the_labels_it_needs_are_told_so_that_sources_keep_them() -> None:
    spec = next(spec for spec in POLICIES if spec.name == "owners")
    made = chosen(spec, OwnersSettings(keys=("team", "namespace", "cost-centre")))
    assert made.label_keys == ("team", "cost-centre")


def test_no_keys_are_refused() -> None:
    with pytest.raises(UsageError, match="no keys"):
        applied("owners", *ROWS, keys=())
