"""`burn ask`, and `burn explain` of citations and of names in a kept report."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from burn.history.place import Place
from burn.history.store import History
from tests.unit.cli.conftest import DAYS, TOY
from tests.unit.questions.conftest import figures, keep_both, october

Burn = Callable[..., Result]
BUDGETS = ("--set", "check.budgets.all.amount=500")

SENTENCES = (
    "why the gap",
    "what changed",
    "show it over time",
    "forecast the bill",
    "are we over budget",
    "what to do",
    "who pays",
    "which invoice",
)


@pytest.fixture
def kept(tmp_path: Path) -> None:
    keep_both(History(Place(str(tmp_path / ".local/share/burn/history"))), october())


def test_the_gap_is_answered_without_a_model(burn: Burn) -> None:
    burn("run", *TOY, *DAYS)
    asked = burn("ask", "why", "is", "the", "bill", "higher", "than", "the", "report?")
    assert asked.exit_code == 0, asked.stderr
    assert "The Kubernetes report says $6.24, the cloud bill says $17.28" in asked.stdout
    assert "without a model" in asked.stdout
    assert "$10.00" in asked.stdout, "a database at 5.00, twice"
    records = json.loads(burn("ask", "why the gap", "--format", "json").stdout)
    assert [one["question"] for one in records] == ["summary", "ledger", "missing"]
    cite = next(row for row in records[1]["answer"]["rows"] if row["name"] == "outside")["figure"]
    explained = json.loads(burn("explain", cite["cite"], "--format", "json").stdout)
    assert (explained["amount"], cite["amount"]) == ("10.000000", "10.000000")
    refused = burn("ask", "sing", "a", "song")
    assert (refused.exit_code, "no rule fits `sing a song`" in refused.stderr) == (2, True)


@pytest.mark.usefixtures("kept")
def test_explain_finds_the_figure_of_each_kind_of_citation(burn: Burn) -> None:
    seen = set()
    for sentence in SENTENCES:
        answers = json.loads(burn("ask", sentence, "--format", "json", *BUDGETS).stdout)
        for figure in figures([one["answer"] for one in answers]):
            parts = figure["cite"].split("/")
            kind = "/".join(part.split("=")[0] for part in parts if "." not in part)
            if kind in seen:
                continue
            seen.add(kind)
            found = burn("explain", figure["cite"], "--format", "json", *BUDGETS)
            assert json.loads(found.stdout)["amount"] == figure["amount"], figure
    assert {kind.partition("/")[0] for kind in seen} == {
        "run",
        "diff",
        "trend",
        "forecast",
        "budget",
    }


@pytest.mark.usefixtures("kept")
def test_a_name_in_a_kept_report_is_explained(burn: Burn) -> None:
    shop = burn("explain", "shop", "--run", "latest")
    assert (shop.exit_code, "shop/Deployment/" in shop.stdout) == (0, True), shop.stderr
    node = burn("explain", "node-3", "--run", "latest", "--format", "json")
    assert {row["name"] for row in json.loads(node.stdout)["rows"]} >= {"report", "spot"}
    wrong = burn("explain", "shpo", "--run", "latest")
    assert (
        wrong.exit_code,
        "there is no driver, namespace or resource `shpo`" in wrong.stderr,
    ) == (2, True)
    for cite in (
        "run/latest/ledger/nothing",
        "run/latest",
        "run/latest/total/x",
        "diff/a",
        "trend/by=x",
    ):
        assert burn("explain", cite).exit_code == 2
