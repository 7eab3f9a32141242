"""Every built-in sink passes the kit that strangers' sinks pass."""

from __future__ import annotations

import pytest

from burn.api import OutputSink, OutputSinkSpec
from burn.builtin.sinks.specs import SINKS
from burn.testing import OutputSinkConformance


@pytest.mark.parametrize("spec", SINKS, ids=lambda spec: spec.name)
class TestBuiltIn(OutputSinkConformance):
    about = "a report with hostile names"

    @pytest.fixture(autouse=True)
    def _spec(self, spec: OutputSinkSpec) -> None:
        self.spec = spec
        self.plugin = spec.name  # type: ignore[misc]  # one class, many plugins
        self.binary = spec.binary  # type: ignore[misc]

    def make(self) -> OutputSink:
        return self.spec.make(self.spec.settings())
