"""How a plugin declares settings: a frozen dataclass whose fields come from `setting()`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


def setting(default: Any = "", *, help: str, secret: bool = False) -> Any:
    """One field of a settings dataclass.

    Args:
        default: the value when nobody sets it; a list default becomes a tuple-like factory.
        help: one sentence for `burn config show` and the generated reference.
        secret: the value is a credential; it is kept out of repr and shown redacted.
    """
    metadata = {"help": help, "secret": secret}
    if isinstance(default, (list, dict)):
        kind = type(default)
        return field(default_factory=lambda: kind(default), repr=not secret, metadata=metadata)
    return field(default=default, repr=not secret, metadata=metadata)


@dataclass(frozen=True, slots=True)
class NoSettings:
    """For plugins that need none."""
