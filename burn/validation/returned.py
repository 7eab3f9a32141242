"""What a plugin's method returned is what its contract says, or its author is named."""

from __future__ import annotations

from typing import TypeVar

from burn.api import ContractError

T = TypeVar("T")


def returned(value: object, kind: type[T], author: str, method: str) -> T:
    """The value, if it is of the kind.

    Raises:
        ContractError: it is something else.
    """
    if isinstance(value, kind):
        return value
    article = "an" if kind.__name__[0] in "AEIO" else "a"
    raise ContractError(
        f"{author} returned a {type(value).__name__} from {method}(), not {article} {kind.__name__}",
        hint=f"its author finds `{kind.__name__}` in burn.api",
    )
