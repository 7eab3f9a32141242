"""Settings as `burn config show` may print them."""

from __future__ import annotations

from typing import Any

from burn.text.secrets import HIDDEN, scrub


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
