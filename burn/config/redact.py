"""Secrets of this process, so that no message, listing or traceback shows one."""

from __future__ import annotations

import re
from typing import Any

HIDDEN = "<redacted>"
_USERINFO = re.compile(r"([a-z][a-z0-9+.-]*://)[^\s/@]+@", re.IGNORECASE)
_SHORTEST = 4  # replacing every "a" in a message hides nothing and spoils the message
_known: set[str] = set()


def remember(value: object) -> None:
    """Note every text in a secret setting's value."""
    if isinstance(value, dict):
        for item in value.values():
            remember(item)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for item in value:
            remember(item)
    elif value is not None and len(str(value)) >= _SHORTEST:
        _known.add(str(value))


def scrub(text: str) -> str:
    """The text without secrets that are known, and without user info in URLs."""
    for secret in sorted(_known, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return _USERINFO.sub(rf"\1{HIDDEN}@", text)


def shown(value: Any, *, secret: bool) -> Any:
    """A value as `burn config show` may print it: an unset secret stays visibly unset."""
    if secret and isinstance(value, dict):
        return dict.fromkeys(value, HIDDEN)
    if secret:
        return HIDDEN if value not in (None, "", (), []) else value
    if isinstance(value, dict):
        return {key: shown(item, secret=False) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [shown(item, secret=False) for item in value]
    return scrub(value) if isinstance(value, str) else value
