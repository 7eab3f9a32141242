"""Finding rules of plugins: named to be applied, set up, blamed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from tests.unit.cli.conftest import DAYS, TOY
from tests.unit.plugin.dists import Site

Burn = Callable[..., Result]
RULE = """
    from dataclasses import dataclass
    from burn.api import Finding, FindingRuleSpec, hookimpl, setting

    @dataclass(frozen=True, slots=True)
    class Settings:
        fault: str = setting("", help="what goes wrong")

    class Rule:
        def __init__(self, settings):
            self.fault = settings.fault

        def find(self, request):
            if self.fault == "raises":
                raise KeyError("owner")
            about = dict(subject="toys", amount=5.0, monthly=5.0 * request.month, evidence="5.00 of toys")
            if self.fault == "nan":
                about["amount"] = float("nan")
            if self.fault == "words":
                yield "tidy up"
            sure = "very" if self.fault == "sure" else "low"
            yield Finding(title="Toys", action="" if self.fault == "idle" else "Tidy up", confidence=sure, **about)

    @hookimpl
    def burn_finding_rules():
        return [FindingRuleSpec(name="untidy", summary="Toys about", make=Rule, settings=Settings)]
"""
ON = ("--set", "findings.rules=untidy", "--format", "json")


@pytest.fixture(autouse=True)
def rule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "more"
    folder.mkdir()
    Site(folder).install("burn-untidy", "1.0", code=RULE)
    monkeypatch.syspath_prepend(str(folder))


def report(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_a_rule_is_applied_when_it_is_named_and_names_its_findings(burn: Burn) -> None:
    silent = report(burn("run", *TOY, *DAYS, "--format", "json"))
    spoken = report(burn("run", *TOY, *DAYS, *ON))
    assert "untidy" not in {finding["rule"] for finding in silent["findings"]}
    (mine,) = [finding for finding in spoken["findings"] if finding["rule"] == "untidy"]
    assert mine["monthly"] == pytest.approx(5.0 * 730 / 48)
    assert "burn-untidy 1.0" in spoken["info"]["plugins"]
    assert spoken["info"]["run_id"] != silent["info"]["run_id"]
    off = report(burn("run", *TOY, *DAYS, *ON, "--set", "findings.off=untidy"))
    assert "untidy" not in {finding["rule"] for finding in off["findings"]}


@pytest.mark.parametrize(
    ("fault", "code", "said"),
    [
        ("raises", 3, "burn-untidy 1.0 failed to run find(): KeyError: 'owner'"),
        ("nan", 5, "rule `untidy` of burn-untidy 1.0: a finding's amount is nan"),
        ("words", 5, "rule `untidy` of burn-untidy 1.0: find() gave a str, not a Finding"),
        ("sure", 5, "confidence is 'very', not one of high, medium, low"),
        ("idle", 5, "rule `untidy` of burn-untidy 1.0: a finding has no action: ''"),
    ],
)
def test_a_rule_that_goes_wrong_is_blamed_by_name(
    burn: Burn, fault: str, code: int, said: str
) -> None:
    result = burn("run", *TOY, *DAYS, *ON, "--set", f"rule.untidy.fault={fault}")
    assert result.exit_code == code
    assert said in result.stderr


def test_a_name_that_is_no_rule_is_refused(burn: Burn) -> None:
    unknown = burn("run", *TOY, *DAYS, "--set", "findings.rules=untide")
    assert (unknown.exit_code, "did you mean `untidy`?" in unknown.stderr) == (3, True)
    off = burn("run", *TOY, *DAYS, "--set", "findings.off=dead-nod")
    assert (off.exit_code, "did you mean `dead-node`?" in off.stderr) == (2, True)


def test_a_rule_of_burns_own_may_wait_to_be_named(burn: Burn) -> None:
    """What KRR would say is not said unless somebody asks; asked for, it is part of what made the run."""
    silent = report(burn("run", *TOY, *DAYS, "--format", "json"))
    asked = report(
        burn("run", *TOY, *DAYS, "--format", "json", "--set", "findings.rules=right-size-krr")
    )
    assert asked["info"]["run_id"] != silent["info"]["run_id"]
    off = burn("run", *TOY, *DAYS, "--set", "findings.off=right-size-krr")
    assert (off.exit_code, "is no rule" in off.stderr) == (2, True)
