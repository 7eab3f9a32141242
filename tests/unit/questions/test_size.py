"""However large the cluster and whatever its names: an answer is small, adds up, and holds plain text."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from burn.api import Report
from burn.history.place import Place
from burn.history.store import History
from burn.questions import opened
from burn.questions.cited import cited
from burn.questions.desk import Desk
from tests.unit.history.reports import daily
from tests.unit.questions.conftest import CHECK, CLUSTER, figures, keep_both
from tests.unit.view import builders

MANY = 3_000
HOSTILE = (
    "\U0001f480" * 400,
    'a"\\' * 300,
    "x\x1b[31m\nrow 2",
    "<!channel> & <b>",
    "~",
    "ü/ /=" * 99,
    "\u202etxt",
)


def hostile(number: int, kind: str) -> str:
    return f"{HOSTILE[number % len(HOSTILE)]}{kind}{number}"


def huge() -> Report:
    rng = np.random.default_rng(7)
    groups = [("report", "report"), ("rate", "spot"), ("outside", "outside"), ("accounting", "tax")]
    groups += [("unmodelled", hostile(n, "driver")) for n in range(150)]
    ledger = builders.ledger(
        [
            {
                "group": groups[n % len(groups)][0],
                "driver": groups[n % len(groups)][1],
                "subject": hostile(n, "s"),
                "name": hostile(n, "n"),
                "amount": float(rng.normal(1, 50)),
                "method": hostile(n, "m")[:2000],
            }
            for n in range(MANY)
        ]
    )
    costs = rng.exponential(3, MANY)
    rows = [
        {
            "basis": basis,
            "cluster": CLUSTER,
            "namespace": hostile(n % 900, "ns"),
            "workload_kind": "Deployment",
            "workload": hostile(n, "w"),
            "owner": hostile(n % 50, "o"),
            "cost": float(cost) * (1.0 if basis == "list" else 0.7),
        }
        for basis in ("list", "effective")
        for n, cost in enumerate(costs)
    ]
    made = builders.report(
        ledger,
        builders.allocation(rows),
        builders.prices([]),
        findings=tuple(
            replace(
                _finding(),
                title=hostile(n, "t"),
                subject=hostile(n, "s"),
                evidence=hostile(n, "e"),
                action=hostile(n, "a"),
            )
            for n in range(300)
        ),
        notes=tuple(hostile(n, "note") for n in range(500)),
    )
    control = replace(
        made.control,
        unread=tuple(hostile(n, "f") for n in range(400)),
        billed=Decimal(str(round(made.totals.billed, 6))),
    )
    return replace(
        made, control=control, info=replace(made.info, cluster=CLUSTER), daily=daily(made)
    )


def _finding() -> Any:
    from burn.api import Finding

    return Finding(rule="r", title="", subject="", amount=1.0, monthly=2.0, evidence="", action="")


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    history = History(Place(str(tmp_path_factory.mktemp("huge"))))
    keep_both(history, huge())
    return opened(history, CHECK)


OFFSETS = st.integers(0, MANY + 50)
PAGES = st.fixed_dictionaries({"limit": st.integers(1, 100), "offset": OFFSETS})
DIMENSIONS = st.sampled_from(["namespace", "workload", "owner", "resource", "cluster"])
ASKED = st.one_of(
    st.tuples(st.just("reports"), st.just({})),
    st.tuples(st.sampled_from(["summary", "missing", "forecast"]), st.just({})),
    st.tuples(st.sampled_from(["findings", "invoice"]), PAGES),
    st.tuples(
        st.just("ledger"),
        st.builds(
            lambda p, by: {**p, "by": by}, PAGES, st.sampled_from(["driver", "group", "subject"])
        ),
    ),
    st.tuples(st.just("allocation"), st.builds(lambda p, by: {**p, "by": by}, PAGES, DIMENSIONS)),
    st.tuples(
        st.just("explain"),
        st.builds(
            lambda p, n: {**p, "of": n},
            PAGES,
            st.sampled_from(["spot", "report", hostile(1, "ns"), hostile(5, "s")]),
        ),
    ),
    st.tuples(
        st.just("diff"),
        st.builds(
            lambda p, by: {**p, "before": "2026-09", "after": "2026-10", "by": by},
            PAGES,
            st.sampled_from(["driver", "namespace"]),
        ),
    ),
    st.tuples(
        st.just("trend"),
        st.builds(
            lambda p, by, n: {**p, "by": by, "periods": n, "every": "day"},
            PAGES,
            st.sampled_from(["driver", "namespace", "owner"]),
            st.integers(1, 31),
        ),
    ),
)


@settings(max_examples=40)
@given(asked=ASKED)
def test_an_answer_is_small_and_adds_up(crowd: Desk, asked: tuple[str, dict[str, Any]]) -> None:
    name, params = asked
    answer = crowd.ask(name, params)
    text = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    assert len(text.encode()) <= 20_000
    assert not any(ord(char) < 32 or char in "\x7f\u202e" for char in text)
    if answer.get("total") is not None:
        shown = sum(Decimal(row["figure"]["amount"]) for row in answer["rows"])
        rest = Decimal(answer["omitted"]["amount"]["amount"])
        assert shown + rest == Decimal(answer["total"]["amount"])
        assert answer["rows"] or params["offset"] >= answer["omitted"]["rows"]
    for figure in list(figures(answer))[::7]:
        assert str(cited(crowd, figure["cite"]).figure.amount) == figure["amount"]
