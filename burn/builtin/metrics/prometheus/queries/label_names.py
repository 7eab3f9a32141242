"""Kubernetes label keys and the names kube-state-metrics gives them.

Characters that Prometheus does not allow become `_`; since v2 camelCase becomes snake_case too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable


def spellings(prefix: str, key: str) -> tuple[str, ...]:
    """The Prometheus labels a key may have become: v2's spelling first."""
    plain = re.sub(r"[^a-zA-Z0-9_]", "_", key)
    snake = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", plain).lower()
    return tuple(dict.fromkeys((f"{prefix}_{snake}", f"{prefix}_{plain}")))


def all_spellings(prefix: str, keys: Iterable[str]) -> tuple[str, ...]:
    """All labels to group by, without repetition."""
    return tuple(dict.fromkeys(name for key in keys for name in spellings(prefix, key)))
