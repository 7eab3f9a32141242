"""What every finding rule must do, whatever it looks for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from burn.api import Finding, FindingRule, FindingRuleSpec, FindRequest, Schema, Window, schemas
from burn.findings.find import checked
from burn.plugin.chosen import Chosen
from burn.testing.gaps import Conformance
from burn.testing.plugin import PluginChecks
from burn.testing.tiny import tiny_findings

DAY = Window(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 2, tzinfo=UTC))
FRAMES: dict[str, Schema[Any]] = {
    "ledger": schemas.LEDGER,
    "bill": schemas.BILL,
    "prices": schemas.PRICES,
    "allocation": schemas.ALLOCATION,
    "usage": schemas.USE,
}


class FindingRuleConformance(PluginChecks, Conformance):
    """Subclass, set `plugin`, implement `make`; `request_` for a run in which it finds something."""

    check_group = "frames"
    kind = FindingRuleSpec
    contract = FindingRule

    def made(self) -> FindingRule:
        """See `PluginChecks`."""
        return self.make()

    def make(self) -> FindingRule:
        """A fresh rule."""
        raise NotImplementedError

    def request_(self) -> FindRequest:
        """The finished frames of a run; the tiny cluster's, where the subclass has none."""
        return tiny_findings(DAY)

    def _found(self, request: FindRequest) -> list[Finding]:
        rule = self.make()
        return checked(rule.find(request), Chosen(self.plugin, "burn.testing", rule))

    def test_what_it_finds_can_be_acted_on(self) -> None:
        """Each finding has its texts, finite amounts and a confidence of the three."""
        self._found(self.request_())

    def test_the_same_run_gives_the_same_findings(self) -> None:
        """Two fresh rules, one answer, in one order; other rules find the frames as they were."""
        request = self.request_()
        before = {name: getattr(request, name).copy(deep=True) for name in FRAMES}
        assert self._found(request) == self._found(request)
        assert all(getattr(request, name).equals(before[name]) for name in FRAMES)

    def test_row_order_does_not_matter(self) -> None:
        """Frames turned upside down give the same findings."""
        request = self.request_()
        turned: dict[str, Any] = {
            name: schema.validate(getattr(request, name).iloc[::-1], author="burn.testing")
            for name, schema in FRAMES.items()
        }
        key = lambda finding: finding.subject  # noqa: E731
        found = [sorted(self._found(r), key=key) for r in (request, replace(request, **turned))]
        assert [_rounded(f) for f in found[0]] == [_rounded(f) for f in found[1]]

    def test_of_nothing_there_is_nothing_to_say(self) -> None:
        """A run without rows is no error and no finding."""
        empty: dict[str, Any] = {name: schema.empty() for name, schema in FRAMES.items()}
        assert self._found(replace(self.request_(), **empty)) == []


def _rounded(finding: Finding) -> Finding:
    return replace(finding, amount=round(finding.amount, 6), monthly=round(finding.monthly, 6))
