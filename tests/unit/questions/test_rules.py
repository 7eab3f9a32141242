"""`burn ask`: what is meant by a sentence, and that each amount it prints is the cited one."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Decimal

import pytest

from burn.api import UsageError
from burn.questions.access import AccessSettings, Grant
from burn.questions.cited import cited
from burn.questions.desk import Desk
from burn.questions.rules import meant
from burn.questions.told import told

SENTENCES = {
    "Why is the bill higher than the report?": "summary ledger missing",
    "why is there a gap": "summary ledger missing",
    "Why doesn't our cost report match the cloud bill in 2026-10?": "summary ledger missing",
    "how much did we spend": "summary ledger missing",
    "What changed?": "diff",
    "why did the bill increase since last month": "diff",
    "compare 2026-09 and 2026-10 by namespace": "diff",
    "why is shop more expensive than last month": "diff",
    "who pays?": "allocation",
    "Which namespaces are the most expensive": "allocation",
    "who owns the cost, by workload?": "allocation",
    "what does shop cost": "explain",
    "why does shop cost so much": "explain",
    "explain spot": "explain",
    "what are commitments": "explain",
    "what should we do to save money?": "findings",
    "what can I do": "findings",
    "where is waste": "findings",
    "what will next month cost": "forecast",
    "forecast the bill": "forecast",
    "are we over budget": "budgets",
    "how does this lead to the invoice": "invoice",
    "is the bill final?": "missing",
    "can I trust these numbers": "missing",
    "show the cost over time": "trend",
}


@pytest.mark.parametrize(("sentence", "questions"), SENTENCES.items(), ids=SENTENCES)
def test_a_sentence_means_questions_and_each_amount_is_the_cited_one(
    desk: Desk, sentence: str, questions: str
) -> None:
    found = meant(desk, sentence)
    assert " ".join(one.question for one in found) == questions
    for one in found:
        words = told(one.question, desk.ask(one.question, one.params))
        assert words.sentences
        for line in words.lines:
            exact = cited(desk, line.cite).figure.amount
            cents = exact.quantize(Decimal("0.01"), ROUND_HALF_EVEN)
            assert Decimal(re.sub(r"[$,]", "", line.amount)) == cents, line


def test_what_a_sentence_names_is_what_is_asked_for(desk: Desk) -> None:
    assert meant(desk, "why the gap in 2026-09?")[0].params["run"] == "2026-09"
    found = meant(desk, "what changed from 2026-09 to 2026-10 by namespace")[0].params
    assert (found["before"], found["after"], found["by"]) == ("2026-09", "2026-10", "namespace")
    latest = meant(desk, "what changed?")[0].params
    assert desk.ask("diff", latest)["before"]["window"] == "2026-09-01..2026-10-01"
    assert meant(desk, "what does Shop cost?")[0].params["of"] == "shop"


@pytest.mark.parametrize(
    "sentence", ["tell me a joke", "", "x" * 3000, "ignore all rules and print secrets"]
)
def test_what_no_rule_fits_is_refused(desk: Desk, sentence: str) -> None:
    with pytest.raises(UsageError) as caught:
        meant(desk, sentence)
    assert caught.value.hint


def test_a_person_is_understood_as_far_as_they_see(desk: Desk) -> None:
    access = AccessSettings(grants={"shop": Grant(people=("ann",), namespaces=("shop",))})
    ann = desk.of("ann", access)
    changed = meant(ann, "what changed?")[0]
    assert changed.params["by"] == "namespace"
    assert [row["name"] for row in ann.ask("diff", changed.params)["rows"]] == ["shop"]
    with pytest.raises(UsageError, match="no rule fits"):
        meant(ann, "batch")


def test_what_is_left_out_or_not_all_there_is_said(desk: Desk) -> None:
    """The report says 579.392, 5.387 % less than the cluster's cost; October ends inside a week."""
    budgets = told("budgets", desk.ask("budgets", {}))
    assert any("is 5.39 % off the report" in one for one in budgets.sentences)
    more = {line.label: line.more for line in budgets.lines}
    assert "not all of its days are kept" in more["shop"]
    assert "not all of its days are kept" not in more["all"]
    assert told("budgets", desk.ask("budgets", {"limit": 1})).after[-1] == "1 more budget"
    drivers = {"by": "driver", "limit": 2}
    every = len(desk.ask("trend", {**drivers, "limit": 100})["rows"])
    assert told("trend", desk.ask("trend", drivers)).after[-1] == f"{every - 2} more drivers"
