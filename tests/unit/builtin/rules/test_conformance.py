"""Every built-in rule passes the kit that strangers' rules pass."""

from __future__ import annotations

import pytest

from burn.api import FindingRule, FindingRuleSpec
from burn.builtin.rules.specs import RULES
from burn.testing import FindingRuleConformance


@pytest.mark.parametrize("spec", RULES, ids=lambda spec: spec.name)
class TestBuiltIn(FindingRuleConformance):
    about = "a small cluster, and nothing at all"

    @pytest.fixture(autouse=True)
    def _spec(self, spec: FindingRuleSpec) -> None:
        self.spec = spec
        self.plugin = spec.name  # type: ignore[misc]  # one class, many plugins

    def make(self) -> FindingRule:
        return self.spec.make(self.spec.settings())
