"""Dates as people write them in a text, compared with those that are known."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from burn.questions.talk.known import Known

_NAMES = "january february march april may june july august september october november december"
_MONTHS = {name[:3]: number for number, name in enumerate(_NAMES.split(), 1)}
_NAME = r"(?P<name>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\b"
_YEAR = r"(?P<year>(?:19|20)\d\d)\b"
_FORMS = (
    r"\b(?P<year>(?:19|20)\d\d)-(?P<month>\d{2})-(?P<day>\d{2})\b(?!\d|T\d)",
    r"\b(?P<year>(?:19|20)\d\d)-(?P<month>\d{2})\b(?!-?\d)",
    rf"\b{_DAY}\s+(?:of\s+)?{_NAME}(?:,?\s+{_YEAR})?",
    rf"\b{_NAME}\s+{_DAY}(?!,\d)(?:,?\s+{_YEAR})?",
    rf"\b{_NAME},?\s+{_YEAR}",
    rf"\b{_NAME}(?=[\s.,;:!?)'’]|$)",
    r"(?<![\w.,$€£-])(?P<year>20\d\d)\b(?![.,]\d|\s?%)",
)
BLANK = "▒"
"""Stands for what is checked: no space, or a dash after it would look like a list's."""
_MODAL = ("may", "march")
_SINCE = re.compile(r"\b(?:in|of|for|since|to|from|until|by|during|than|last|and|on)\s+$", re.I)


def blanked(text: str, known: Known) -> tuple[str, list[str], int]:
    """A text without its dates, those that nobody answered with, and how many were answered."""
    wrong: list[str] = []
    right = 0

    def check(found: re.Match[str]) -> str:
        nonlocal right
        parts = found.groupdict()
        if _is_verb(found):
            return found[0]
        if _is_known(parts, known):
            right += 1
        elif set(parts) == {"year"} and int(found[0]) in known.counts:
            return found[0]
        else:
            wrong.append(found[0].strip())
        return BLANK * len(found[0])

    for form in _FORMS:
        text = re.sub(form, check, text)
    return text, wrong, right


def _is_verb(found: re.Match[str]) -> bool:
    """`may` and `March` are words, too: alone they are a month after a preposition."""
    parts = found.groupdict()
    alone = set(parts) == {"name"}
    return (
        alone
        and parts["name"].lower() in _MODAL
        and not _SINCE.search(found.string[max(0, found.start() - 12) : found.start()])
    )


def _is_known(parts: dict[str, str | None], known: Known) -> bool:
    year = int(parts["year"] or 0) if parts.get("year") else None
    month = int(parts["month"] or 0) if parts.get("month") else None
    if parts.get("name"):
        month = _MONTHS[str(parts["name"])[:3].lower()]
    if parts.get("day"):
        day = int(str(parts["day"]))
        return any(
            one.day == day and one.month == month and year in (None, one.year) for one in known.days
        )
    months = known.months
    if month is None:
        return any(one[0] == year for one in months)
    return any(one[1] == month and year in (None, one[0]) for one in months)
