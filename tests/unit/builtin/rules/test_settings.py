"""`[findings]`: each setting changes what a report finds; a rule can be left out by its name."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from burn.api import UsageError
from burn.builtin.rules.specs import RULES
from burn.cli.app import app
from burn.findings import Thresholds

HERE = Path(__file__)
Burn = Callable[..., Result]
WORLD = ("run", "--provider", "aws", "--sample", "--window", "2026-10-01..2026-10-09", "--quiet")
needs_aws = pytest.mark.skipif(
    not entry_points(group="burn.v1", name="aws"), reason="burn-aws is not installed"
)


@pytest.fixture
def burn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Burn:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    return lambda *args: CliRunner().invoke(app, [*WORLD, "--format", "json", *args])


def found(result: Result) -> dict[str, float]:
    assert result.exit_code == 0, result.stderr
    rows = json.loads(result.stdout)["findings"]
    assert {row["rule"] for row in rows} <= {rule.name for rule in RULES}
    return {f"{row['rule']} {row['subject']}": row["monthly"] for row in rows}


@pytest.mark.slow
@needs_aws
def test_settings_decide_what_is_found(burn: Burn) -> None:
    usual = found(burn())
    assert {name.split()[0] for name in usual} >= {"over-requested", "orphaned-disk"}
    without = found(burn("--set", "findings.off=over-requested,orphaned-disk"))
    assert without == {
        name: amount
        for name, amount in usual.items()
        if name.split()[0] not in ("over-requested", "orphaned-disk")
    }
    large = found(burn("--set", "findings.min_monthly=50"))
    assert large == {name: amount for name, amount in usual.items() if amount >= 50}
    assert 0 < len(large) < len(usual)

    def requests(findings: dict[str, float]) -> float:
        return sum(findings[name] for name in findings if name.startswith("over-requested"))

    careful = requests(found(burn("--set", "findings.headroom=1")))
    bold = requests(found(burn("--set", "findings.headroom=0")))
    assert careful < requests(usual) < bold


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("findings.off=idle", "findings.off names `idle`, which is no rule"),
        ("findings.fill=80", "findings.fill is 80; it must be 0 to 1"),
        ("findings.cpu_percentile=101", "findings.cpu_percentile is 101; it must be 0 to 100"),
        ("findings.min_monthly=-1", "findings.min_monthly is -1; it must be 0 or more"),
        ("findings.headrom=1", "did you mean `findings.headroom`?"),
        ("findings.headroom=much", "`findings.headroom` is `much` (from --set)"),
        ("finding.headroom=1", "did you mean `findings`?"),
    ],
)
@needs_aws
def test_nonsense_is_refused(burn: Burn, setting: str, message: str) -> None:
    result = burn("--set", setting)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


def test_what_is_not_a_number_is_refused() -> None:
    with pytest.raises(UsageError, match=r"findings.steady is nan"):
        Thresholds(steady=float("nan"))
