"""Declared gaps: a check that a plugin cannot pass, with the reason, in the open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
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


NO_CREDENTIALS = {
    name: never("files in a folder need no credentials")
    for name in (
        "test_refused_credentials_are_an_access_error",
        "test_check_tells_of_refused_credentials",
    )
}
"""The gaps of a provider's case whose bill is in a local folder."""

NO_FILES = {
    name: never("the lines come from a query: no file can be lost or copied")
    for name in (
        "test_the_bill_counts_each_file_as_it_is",
        "test_a_file_under_a_second_name_is_refused_or_said",
    )
}
"""The gaps of a provider's case that reads no files."""
NO_COPY = {
    "test_a_file_under_a_second_name_is_refused_or_said": never(
        "the files lie where the kit cannot put one beside them"
    )
}
"""The gap of a provider's case whose files are in a store, as in one that is in a folder."""


class Conformance:
    """What the four kits share: the plugin's name and its declared gaps."""

    plugin: ClassVar[str]
    """The entry-point name, or for one of several a plugin offers, the spec's name."""
    gaps: ClassVar[Mapping[str, Gap]] = MappingProxyType({})
    check_group: ClassVar[str] = "frames"
    """The column of docs/reference/support.md in which a class's checks are counted."""
    about: ClassVar[str] = ""
    """What the case reads or writes, for the support table, e.g. `CUR 2.0 in S3`."""

    @pytest.fixture(autouse=True)
    def _declared_gap(self, request: pytest.FixtureRequest) -> None:
        name = request.function.__name__
        unknown = [gap for gap in self.gaps if not hasattr(type(self), gap)]
        assert not unknown, f"gaps name no check: {unknown}"
        if gap := self.gaps.get(name):
            request.applymarker(pytest.mark.xfail(reason=f"{gap.kind}: {gap.reason}", strict=True))


def checks(kit: type) -> dict[str, str]:
    """Every check of a kit's class, and its group."""
    return {
        name: next(cls.__dict__["check_group"] for cls in owner if "check_group" in cls.__dict__)
        for name in dir(kit)
        if name.startswith("test_")
        for owner in [_owners(kit, name)]
    }


def _owners(kit: type, name: str) -> list[type]:
    """The class that defines the check, then its bases."""
    at = next(cls for cls in kit.__mro__ if name in cls.__dict__)
    return list(at.__mro__)
