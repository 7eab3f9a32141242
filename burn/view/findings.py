"""Words that go with findings in every format."""

from __future__ import annotations

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
    what = "lowers the bill" if finding.bill_saving else "frees capacity, not the bill itself"
    return f"{what} · confidence {finding.confidence} · rule {finding.rule}"


def left(number: int) -> str:
    """What the limit cut off."""
    return f"and {count(number, 'smaller finding')}; --format json has them all"
