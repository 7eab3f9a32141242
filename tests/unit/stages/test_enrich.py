"""Dimensions against a second way to find them: a loop over rows, in plain Python."""

from __future__ import annotations

import json
import math
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
import pytest

from burn.api import ContractError, Enrichment, EnrichRequest, Scope, Window, dimensions, schemas
from burn.plugin.chosen import Chosen
from burn.stages.enrich import enrich
from burn.work.events import Remembered, Silent
from tests.unit.builtin.policies.rows import frame, overhead, row

START = datetime(2026, 10, 1, tzinfo=UTC)
WINDOW = Window(START, START + timedelta(days=10))


class Said:
    def __init__(self, *rows: dict[str, Any]) -> None:
        self.rows = rows
        self.asked: EnrichRequest | None = None

    def check(self, request: Any) -> list[Any]:
        return []

    def enrich(self, request: EnrichRequest) -> Enrichment:
        self.asked = request
        given = pd.DataFrame(list(self.rows), columns=schemas.DIMENSIONS.names)
        given["valid_from"] = pd.to_datetime(given["valid_from"], utc=True)
        return Enrichment(rows=given, origin=("the boss",))  # type: ignore[arg-type]


def says(kind: str, value: str, day: int | None = None, **more: str) -> dict[str, Any]:
    since = None if day is None else START + timedelta(days=day)
    blank = dict.fromkeys(("cluster", "namespace", "workload_kind", "workload", "name"), "")
    return {**blank, "kind": kind, "valid_from": since, "dimension": "team", "value": value} | more


def chosen(*said: Said) -> list[Chosen[Any]]:
    return [Chosen(f"s{n}", "burn-s 1", one) for n, one in enumerate(said)]


def done(rows: Any, *said: Said) -> tuple[pd.DataFrame, list[str]]:
    log = Remembered(Silent())
    made, _ = enrich(chosen(*said), rows, Scope(), WINDOW, log)
    return made, log.warnings


def cost(made: pd.DataFrame, name: str = "team") -> dict[str, float]:
    keyed = made.assign(v=dimensions.values(made["dimensions"], name).astype(str))
    return {str(k): round(v, 9) for k, v in keyed.groupby("v")["cost"].sum().items()}


def test_a_namespace_that_changes_hands_is_split_by_day() -> None:
    """1.00 a day for ten days: four of ice, three of fire, three of nobody."""
    rows = frame(*(row("shop", 1.0, day=START + timedelta(days=n)) for n in range(10)))
    said = Said(
        says("namespace", "ice", namespace="shop"),
        says("namespace", "fire", 4, namespace="shop"),
        says("namespace", "", 7, namespace="shop"),
    )
    made, warned = done(rows, said)
    assert (cost(made), warned) == ({"ice": 4.0, "fire": 3.0, "": 3.0}, [])


def test_the_closer_word_and_the_earlier_enricher_count_and_labels_stay() -> None:
    rows = frame(
        row("shop", 1.0),
        row("shop", 2.0, workload="db", workload_kind="StatefulSet"),
        row("shop", 4.0, workload="db", workload_kind="Job"),
        row("shop", 8.0, dimensions='{"team":"of the label"}'),
        row("bar", 16.0, cluster="other"),
        overhead("nat", 32.0),
        row("", 64.0),
    )
    first = Said(
        says("namespace", "shop", namespace="shop"),
        says("workload", "data", namespace="shop", workload="db", workload_kind="StatefulSet"),
        says("shared", "net", name="nat"),
    )
    second = Said(
        says("namespace", "late", namespace="shop"),
        says("namespace", "here", namespace="bar", cluster="c"),
        says("namespace", "there", namespace="bar", cluster="other"),
    )
    made, warned = done(rows, first, second)
    wanted = {"shop": 5.0, "data": 2.0, "of the label": 8.0, "there": 16.0, "net": 32.0, "": 64.0}
    assert cost(made) == wanted
    assert warned == []
    assert first.asked is not None
    kinds = first.asked.subjects["kind"].value_counts().to_dict()
    assert kinds == {"workload": 4, "namespace": 2, "shared": 1}


def test_what_is_not_there_is_told() -> None:
    said = Said(
        says("namespace", "a", namespace="shop"),
        says("namespace", "a", namespace="shpo"),
        says("workload", "a", namespace="shop", workload="gone"),
        says("namespace", "a", namespace="shop", cluster="west"),
    )
    _, warned = done(frame(row("shop", 1.0)), said)
    assert warned == [
        "enricher `s0` names 1 cluster not seen in the window: west",
        "enricher `s0` names 1 namespace not seen in the window: shpo",
        "enricher `s0` names 1 workload not seen in the window: shop/gone",
    ]


@pytest.mark.parametrize(
    ("row_", "what"),
    [
        (says("namespace", "a"), "1 rows of kind `namespace` without `namespace`"),
        (says("shared", "a", name="nat", namespace="x"), "of kind `shared` with `namespace`"),
        (says("namespace", "a", namespace="x") | {"dimension": "Team A"}, "`Team A` is no name"),
        (says("namespace", "a", namespace="x") | {"dimension": "cost"}, "burn calls something"),
        (
            says("namespace", "a", namespace="x") | {"valid_from": START + timedelta(hours=3)},
            "no midnight",
        ),
        (says("galaxy", "a", namespace="x"), "has `galaxy`; allowed are"),
    ],
)
def test_a_bad_frame_is_blamed_on_its_author(row_: dict[str, Any], what: str) -> None:
    with pytest.raises(ContractError, match=r"burn-s 1 returned") as caught:
        done(frame(row("x", 1.0)), Said(row_))
    assert what in caught.value.message


@pytest.mark.parametrize("seed", range(8))
def test_any_table_gives_what_a_loop_over_rows_gives(seed: int) -> None:
    dice = random.Random(seed)
    spaces, works, teams = ["a", "b", "c"], ["w", "v"], ["ice", "fire", ""]
    rows = frame(
        *(
            row(
                dice.choice([*spaces, ""]),
                dice.uniform(-1, 9),
                day=START + timedelta(days=dice.randrange(10)),
                basis=dice.choice(["list", "effective"]),
                cluster=dice.choice(["c", "d"]),
                workload=dice.choice(works),
                workload_kind=dice.choice(["Job", "Pod"]),
                dimensions=dice.choice(["{}", '{"app":"x"}', '{"team":"own"}']),
            )
            for _ in range(300)
        )
    )
    told = {}
    for _ in range(60):
        kind = dice.choice(["namespace", "workload"])
        key = {
            "cluster": dice.choice(["", "c", "d"]),
            "namespace": dice.choice(spaces),
            "workload": dice.choice(works) if kind == "workload" else "",
            "workload_kind": dice.choice(["", "Job"]) if kind == "workload" else "",
        }
        day = dice.choice([None, *range(10)])
        dimension = dice.choice(["team", "cost_centre"])
        told[(*key.values(), day, dimension)] = says(kind, dice.choice(teams), day, **key) | {
            "dimension": dimension
        }
    made, _ = done(rows, Said(*told.values()))

    def slow(one: Any, dimension: str) -> str:
        own = json.loads(one.dimensions).get(dimension, "")
        if own or not one.namespace:
            return str(own)
        day = (one.day - START).days
        for cluster, work, kind in (
            *(
                (c, one.workload, k)
                for c, k in [(one.cluster, one.workload_kind), (one.cluster, "")]
            ),
            *((c, one.workload, k) for c, k in [("", one.workload_kind), ("", "")]),
            *((c, "", "") for c in (one.cluster, "")),
        ):
            for since in [*range(day, -1, -1), None]:
                said = told.get((cluster, one.namespace, work, kind, since, dimension))
                if said is not None:
                    if said["value"]:
                        return str(said["value"])
                    break
        return ""

    for dimension in ("team", "cost_centre"):
        got = list(dimensions.values(made["dimensions"], dimension).astype(str))
        assert got == [slow(one, dimension) for one in rows.itertuples()]
    assert made["cost"].tolist() == rows["cost"].tolist()
    for key, had in rows.groupby(["basis", "day"], observed=True)["cost"]:
        now = made[(made["basis"] == key[0]) & (made["day"] == key[1])]["cost"]  # type: ignore[index]
        assert math.fsum(now) == math.fsum(had)
