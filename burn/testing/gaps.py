"""Declared gaps: a check that a plugin cannot pass, with the reason, in the open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import pytest


@dataclass(frozen=True, slots=True)
class Gap:
    """Why a check is expected to fail; shown in the support table."""

    kind: Literal["notyet", "never"]
    reason: str


def notyet(reason: str) -> Gap:
    """It should pass one day."""
    return Gap("notyet", reason)


def never(reason: str) -> Gap:
    """It cannot pass: the thing behind the plugin has no such notion."""
    return Gap("never", reason)


class Conformance:
    """What the four kits share: the plugin's name and its declared gaps."""

    plugin: ClassVar[str]
    """The entry-point name, or for one of several a plugin offers, the spec's name."""
    gaps: ClassVar[dict[str, Gap]] = {}

    @pytest.fixture(autouse=True)
    def _declared_gap(self, request: pytest.FixtureRequest) -> None:
        name = request.function.__name__
        unknown = [gap for gap in self.gaps if not hasattr(type(self), gap)]
        assert not unknown, f"gaps name no check: {unknown}"
        if gap := self.gaps.get(name):
            request.applymarker(pytest.mark.xfail(reason=f"{gap.kind}: {gap.reason}", strict=True))
