"""Names replaced on the way to a model, and put back on the way from it.

Only strings of burn's own pass: what is not known to be one is taken for a name. Sentences in which
names may stand are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from burn.api.drivers import DRIVERS, GROUP_TITLES

_OWN = {
    *(
        "run",
        "provider",
        "window",
        "currency",
        "basis",
        "state",
        "kept",
        "amount",
        "by",
        "every",
        "what",
    ),
    *("start", "end", "first", "last", "month", "months", "day", "provisional_from", "confidence"),
    *(
        "gap_percent",
        "period",
        "told",
        "cause",
        "percent",
        "ratio",
        "op",
        "group",
        "why",
        "rule",
        "driver",
        "amounts",
    ),
    *("not_seen", "unknown"),
}
"""Keys whose strings are burn's own words, numbers and dates."""
_SENTENCES = {"sentence", "detail", "evidence", "notes", "not_read", "action"}
_KINDS = {"cite": "cite", "cluster": "cluster"}
_PSEUDONYM = re.compile(r"\b(?:cite|cluster|name)-\d{4,}\b")


class Pseudonyms:
    """Of one talk: the same name always has the same one.

    Args:
        words: names that are no secret, beside those of drivers and groups.
    """

    def __init__(self, words: Iterable[str] = ()) -> None:
        titles = (driver.title for driver in DRIVERS.values())
        self._public = {"", *DRIVERS, *titles, *GROUP_TITLES, *GROUP_TITLES.values(), *words}
        self._by_name: dict[str, str] = {}
        self._names: dict[str, str] = {}

    def hidden(self, value: Any, key: str = "") -> Any:
        """An answer without names and without sentences."""
        if isinstance(value, Mapping):
            known = "rule" in value  # a finding's title is its rule's
            return {
                name: self.hidden(one, "rule" if known and name == "title" else name)
                for name, one in value.items()
                if name not in _SENTENCES and not (name == "causes" and isinstance(one, Mapping))
            }
        if isinstance(value, list):
            return [self.hidden(one, key) for one in value]
        if not isinstance(value, str) or key in _OWN or value in self._public:
            return value
        return self._of(value, _KINDS.get(key, "name"))

    def hide_in(self, text: str, names: Iterable[str]) -> str:
        """A person's sentence without these names, however they are written there."""
        for name in sorted(
            {one for one in names if one not in self._public}, key=len, reverse=True
        ):
            pattern = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])", re.IGNORECASE)
            if pattern.search(text):
                text = pattern.sub(self._of(name, "name"), text)
        return text

    def again(self, text: str) -> str:
        """A text without the names that have a pseudonym already."""
        for name in sorted(self._by_name, key=len, reverse=True):
            pattern = rf"(?<![\w-]){re.escape(name)}(?![\w-])"
            text = re.sub(pattern, self._by_name[name], text)
        return text

    def back(self, value: Any) -> Any:
        """A text, or what is asked with, with its names."""
        if isinstance(value, str):
            return _PSEUDONYM.sub(lambda found: self._names.get(found[0], found[0]), value)
        if isinstance(value, Mapping):
            return {name: self.back(one) for name, one in value.items()}
        return [self.back(one) for one in value] if isinstance(value, list) else value

    def _of(self, name: str, kind: str) -> str:
        if name not in self._by_name:
            made = f"{kind}-{len(self._by_name) + 1:04}"
            self._by_name[name], self._names[made] = made, name
        return self._by_name[name]
