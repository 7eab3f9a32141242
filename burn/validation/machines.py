"""Types of machines that a provider lists, checked where they come in."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from burn.api import BillingProvider, ContractError, Machine
from burn.plugin.guard import foreign

if TYPE_CHECKING:
    from burn.plugin.chosen import Chosen

_HINT = "its author finds the rules at Machine in docs/reference/api.md"


def machines_of(provider: Chosen[BillingProvider]) -> Sequence[Machine]:
    """What it lists; nothing where its spec lists none.

    Raises:
        ContractError: a type is doubled, or has no size or price.
        PluginError: it fails.
    """
    if provider.machines is None:
        return ()
    with foreign(provider.author, "list its machines"):
        listed = list(provider.machines())
    names = set[str]()
    for one in listed:
        if not isinstance(one, Machine):
            raise ContractError(f"{provider.author} lists {one!r}, no Machine", hint=_HINT)
        windows = 1.0 if math.isnan(one.windows) else one.windows
        numbers = (one.cores, one.gib, one.hourly, windows)
        if one.name in names or not all(0 < number < math.inf for number in numbers):
            raise ContractError(
                f"{provider.author} lists the machine {one.name!r} twice, or without a size or price",
                hint=_HINT,
            )
        names.add(one.name)
    return listed
