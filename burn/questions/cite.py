"""Citations: a figure's address, `run/NAME/ledger/spot`, short whatever the names in it are."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from burn.api import UsageError

if TYPE_CHECKING:
    import pandas as pd

_LONGEST = 96
_DIGEST = "~"
_DIGITS = 24
_HINT = "take it as an answer gave it, e.g. run/NAME/ledger/spot"


@dataclass(frozen=True, slots=True)
class Cite:
    """A citation, taken apart: `scope/name/kind/word/key=value/…`.

    Attributes:
        scope: what it is of: `run` one report, `diff` two, `trend` and `forecast` all, `budget`.
        words: the parts without a `=`, after the scope.
        keys: the others, still quoted.
    """

    scope: str
    words: tuple[str, ...]
    keys: dict[str, str]

    def fits(self, key: str, value: str) -> bool:
        """Whether the citation says nothing else of this key than this value."""
        return key not in self.keys or self.keys[key] == quoted(value)

    def fitting(self, key: str, values: pd.Series[Any]) -> pd.Series[bool]:
        """`fits` of each value."""
        return values.isin([value for value in values.unique() if self.fits(key, str(value))])


def cite(*words: str, **keys: str) -> str:
    """An address; words and values may hold anything."""
    parts = [quoted(word) for word in words]
    return "/".join([*parts, *(f"{key}={quoted(value)}" for key, value in keys.items())])


def quoted(text: str) -> str:
    """A part of a citation; a long one is its digest."""
    plain = quote(text, safe="").replace("~", "%7E")
    if len(plain) <= _LONGEST:
        return plain
    return _DIGEST + sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def parse(text: str) -> Cite:
    """Take a citation apart.

    Raises:
        UsageError: it is none.
    """
    scope, *parts = text.strip().split("/")
    pairs = [part.partition("=") for part in parts if "=" in part]
    words = tuple(unquote(part) for part in parts if "=" not in part)
    keys = {key: value for key, _, value in pairs}
    if not parts or len(keys) != len(pairs):
        raise UsageError(f"`{text}` is no citation", hint=_HINT)
    return Cite(scope, words, keys)


def unknown(text: str) -> UsageError:
    """For a citation that leads nowhere."""
    return UsageError(f"nothing is at `{text}`", hint=_HINT)
