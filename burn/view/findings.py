"""Words that go with findings in every format."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from burn.api.money import count
from burn.text.clean import clean

if TYPE_CHECKING:
    from burn.api import Finding

OVERLAP = "Findings can overlap: acting on one may shrink another, so they are never added up."


def heading(finding: Finding) -> str:
    """The subject in a few words: of a long id, its kind and last name."""
    return short(clean(finding.subject))


def evidence(finding: Finding) -> str:
    """The numbers behind it; the whole id, where the heading has not."""
    told = clean(finding.evidence)
    whole = clean(finding.subject)
    return told if short(whole) == whole else f"{told}; its id is {whole}"


def short(subject: str) -> str:
    """`disks/data-1` of a path that begins with `/`; what is behind the last colon of a URN.

    A provider's name before the id, as in a report of several, stays.
    """
    colons = subject.count(":")
    head, _, tail = subject.rpartition(":")
    tag = head.partition(":")[0] + ":" if colons > URN_COLONS else ""
    if colons >= URN_COLONS and "/" in tail:
        return tag + tail
    before, slash, path = subject.partition("/")
    names = path.strip("/").split("/")
    if slash and (not before or before.endswith(":")) and len(names) > KIND_AND_NAME:
        return before + "/".join(names[-KIND_AND_NAME:])
    return subject


URN_COLONS = 5
KIND_AND_NAME = 2


def effect(finding: Finding) -> str:
    """What acting does, and how sure that is."""
    what = word(finding)
    what += ", not the bill itself" if what == FREES else ""
    return f"{what} · confidence {finding.confidence} · rule {finding.rule}"


def word(finding: Finding) -> str:
    """What acting does, in three words."""
    if finding.saves == "none":
        return "saves no money"
    if not finding.bill_saving:
        return FREES
    return "lowers the bill" if finding.saves == "all" else "saves part of it"


FREES = "frees capacity"


def remarks(findings: Iterable[Finding]) -> tuple[str, ...]:
    """What acting on saves nothing, as notes: it is no money to be had."""
    return tuple(
        f"{clean(one.title)}: {heading(one)}"
        for one in findings
        if one.saves == "none" and one.rule not in NOTED
    )


def chosen(findings: Sequence[Finding], most: int) -> tuple[tuple[Finding, ...], int]:
    """The largest that save money, then all that save none; and how many of the former are left out."""
    saving = [one for one in findings if one.saves != "none"]
    others = [one for one in findings if one.saves == "none"]
    return (*saving[:most], *others), max(0, len(saving) - most)


NOTED = ("fallback-price",)
"""Rules of which the run's own notes speak."""


def line(finding: Finding, room: int) -> str:
    """Title and subject in so many columns, if leaving out what others need not know lets it fit.

    Of `search/StatefulSet/opensearch` the kind goes, of a host its domain, of `cluster/shop` the kind.
    """
    subject = heading(finding)
    parts = subject.split("/")
    options = [subject]
    if len(parts) >= WORKLOAD:
        options.append("/".join([*parts[:-2], parts[-1]]))
    if len(parts) == 1:
        options.append(subject.partition(".")[0])
    if len(parts) == KIND_AND_NAME:
        options.append(parts[-1])
    lines = [f"{clean(finding.title)}: {option}" for option in options]
    return next((one for one in lines if len(one) <= room), lines[-1])


WORKLOAD = 3


def left(number: int) -> str:
    """What the limit cut off."""
    return f"and {count(number, 'smaller finding')}; --format json has them all"
