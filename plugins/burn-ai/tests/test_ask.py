"""`burn ask` as a user runs it, with the plugin, over kept reports and Anthropic's API on loopback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from burn.api import ToolCall, Turn
from burn.history.place import Place
from burn.history.store import History
from tests.servers.anthropic import Anthropic
from tests.unit.questions.conftest import keep_both, october

KEY = "key-of-a-user-0123"
SUMMARY = Turn(calls=(ToolCall(id="s", name="summary", arguments={}),), sent=1000, said=50)


@pytest.fixture
def home(tmp_path: Path, api: Anthropic) -> Path:
    keep_both(History(Place(str(tmp_path / "kept"))), october())
    (tmp_path / "burn.toml").write_text(
        f"""
[history]
path = "{tmp_path}/kept"

[ask]
model = "pydantic-ai"

[model.pydantic-ai]
model = "anthropic:claude-scripted"
url = "{api.url}"
price_in = 3.0
price_out = 15.0
"""
    )
    return tmp_path


def ask(home: Path, *more: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "BURN_MODEL__PYDANTIC_AI__KEY": KEY, "HOME": str(home)}
    command = [sys.executable, "-m", "burn", "ask", "why is the bill higher?", *more]
    return subprocess.run(command, cwd=home, env=env, capture_output=True, text=True, check=False)


def test_an_answer_of_cited_figures_is_printed_with_what_it_cost(
    home: Path, api: Anthropic
) -> None:
    """By hand: 1,036.3403 billed - 579.392 reported = 456.9483; 2 x (1000 x 3 + 50 x 15) millionths = 0.0075."""
    api.turns = [SUMMARY, Turn(text="The bill is $456.95 above the report.", sent=1000, said=50)]
    done = ask(home)
    assert done.returncode == 0, done.stderr
    assert "The bill is $456.95 [1] above the report." in done.stdout
    assert "2,100 tokens, 0.0075 USD" in " ".join(done.stdout.split())
    offered = {tool["name"] for tool in api.requests[0]["tools"]}
    assert {"summary", "ledger", "calculate"} <= offered
    assert "start_run" not in offered
    assert KEY in api.keys[0]


def test_a_wrong_figure_is_not_printed_and_a_cap_of_cost_ends_it(
    home: Path, api: Anthropic
) -> None:
    api.turns = [SUMMARY, Turn(text="The gap is $456.96.", sent=1000, said=50)]
    wrong = ask(home)
    assert wrong.returncode == 0, wrong.stderr
    assert "456.96" not in wrong.stdout
    assert "`$456.96` is no cited figure" in " ".join(wrong.stderr.split())
    capped = ask(home, "--set", "ask.most_cost=0.001")
    assert "ask.most_cost = 0.001 USD" in " ".join(capped.stderr.split())


def test_a_refusal_shows_no_key(home: Path, api: Anthropic) -> None:
    api.fault = 401, f"invalid key {KEY}"
    refused = ask(home)
    assert refused.returncode == 4
    assert "refuses access" in refused.stderr
    assert KEY not in refused.stdout + refused.stderr
