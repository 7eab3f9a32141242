"""Every built-in policy passes the kit that strangers' policies pass."""

from __future__ import annotations

import pytest

from burn.api import AllocationPolicy, AllocationPolicySpec
from burn.builtin.hooks import burn_allocation_policies
from burn.builtin.policies.specs import POLICIES
from burn.testing import AllocationPolicyConformance


@pytest.mark.parametrize("spec", POLICIES, ids=lambda spec: spec.name)
class TestBuiltIn(AllocationPolicyConformance):
    about = "what a chain hands on, at its start and after a share policy"

    @pytest.fixture(autouse=True)
    def _spec(self, spec: AllocationPolicySpec) -> None:
        self.spec = spec
        self.plugin = spec.name  # type: ignore[misc]  # one class, many plugins

    def make(self) -> AllocationPolicy:
        more = {
            "shared-fixed": {"weights": {"shop": 2.0}},
            "dimensions": {"labels": {"team": "team"}},
        }
        return self.spec.make(self.spec.settings(**more.get(self.spec.name, {})))


def test_all_are_on_offer_each_once() -> None:
    names = [spec.name for spec in burn_allocation_policies()]
    assert len(names) == len(set(names)) == 11
