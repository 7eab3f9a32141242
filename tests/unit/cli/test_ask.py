"""`burn ask`, and `burn explain` of citations and of names in a kept report."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from burn.history.place import Place
from burn.history.store import History
from tests.servers.model import scripted_model
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


@pytest.mark.usefixtures("kept")
def test_a_model_answers_with_burns_figures_under_it(burn: Burn) -> None:
    with scripted_model() as model:
        chosen = ("--set", "ask.model=openai", "--set", f"model.openai.url={model.url}",
                  "--set", "model.openai.model=x", "--set", "model.openai.key=sk-very-secret")  # fmt: skip
        model.steps = [[("summary", {})], "The gap is $456.95, the bill $1,036.34."]
        shown = burn("ask", "why?", *chosen, "--show-prompt")
        assert shown.exit_code == 0, shown.stderr
        assert "The gap is $456.95 [1], the bill $1,036.34 [2]." in shown.stdout
        assert "456.948300" in shown.stdout
        assert "total/billed" in shown.stdout
        assert "user: why?" in shown.stderr
        assert "sk-very-secret" not in shown.stdout + shown.stderr
        model.steps = [[("summary", {})], "The gap is $456.95."]
        told = json.loads(burn("ask", "why?", *chosen, "--format", "json").stdout)
        assert (told["by"], told["figures"][0]["amount"]) == ("model", "456.948300")
        model.steps = [[("summary", {})], "The gap is $456.94."]
        refused = burn("ask", "why the gap?", *chosen)
        assert refused.exit_code == 0
        assert "`$456.94` is no cited figure" in refused.stderr
        assert "a gap of $456.95" in refused.stdout
        assert "456.94." not in refused.stdout
        told = json.loads(burn("ask", "why the gap?", *chosen, "--format", "json").stdout)
        assert (told["by"], told["answers"][0]["question"]) == ("rules", "summary")
        lost = burn("ask", "sing", *chosen)
        assert (lost.exit_code, "no rule fits" in lost.stderr) == (2, True)
    gone = burn("ask", "why?", *chosen)
    assert (gone.exit_code, "cannot be reached" in gone.stderr) == (4, True)


@pytest.mark.usefixtures("kept")
def test_flags_for_a_model_need_one(burn: Burn) -> None:
    for flag in ("--redact", "--show-prompt"):
        refused = burn("ask", "why?", flag)
        assert (refused.exit_code, "no model is set" in refused.stderr) == (2, True)
    unknown = burn("ask", "why?", "--set", "ask.model=openia")
    assert "openai" in unknown.stderr
