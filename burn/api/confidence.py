"""Words of a text column that carry meaning, alone or followed by a `:`, `,` or `(` and more.

The core acts on the word, and shows the whole text. A word that it does not know, of a plugin
written for a newer version, is the least sure of its kind.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

MATCH_METHODS = {
    "resource id": "high",
    "resource name": "high",
    "EKS ARN": "high",
    "managed cluster id": "high",
    "node resource group": "high",
    "cluster tag": "medium",
    "rule": "low",
}
"""How a bill row is tied to the cluster (`bill.match_method`) → how sure that is."""

PRICE_SOURCES = {
    "bill": "high",
    "price file": "high",
    "settings": "high",
    "price list": "high",
    "fallback": "low",
    "none": "none",
}
"""Where a price is from (`prices.price_source`) → how sure it is.

bill: learned from lines that name it. price file, settings: the user's own rates. price list: the
provider's, asked for. fallback: a guess, dated or worked out from others: a finding names it. none: there
is none, and the asset is at nothing; where the bill has no line of it either, a note names it.
"""

IDENTITY_METHODS = {
    "provider id": "",
    "pod uid": "",
    "volume handle": "",
    "volume name": "",
    "boot disk": "",
    "file system": "",
    "computer name": "",
    "hostname": "",
    "address": "",
    "forwarding rule": "",
    "name": "",
    "tag or name on the bill": "",
    "shared": "hours",
    "shared by observed hours": "hours",
    "shared by cpu request": "cpu_requested",
    "shared by memory request": "memory_requested",
    "shared by gpu request": "gpu_requested",
}
"""How an asset is tied to a bill resource (`identity.method`) → the inventory's column by which
several assets split it; empty: it is one asset's alone, and a second claim is refused.

A word that the core does not know shares nothing.
"""

_ENDS = re.compile(r"\s*[:,(]")


def word(text: str) -> str:
    """The word that a text begins with."""
    return _ENDS.split(text, maxsplit=1)[0]


def meaning(values: pd.Series[Any], words: Mapping[str, str], unknown: str) -> pd.Series[str]:
    """What each text's word means; `unknown` for words that are not there."""
    told = {text: words.get(word(str(text)), unknown) for text in values.unique()}
    return values.map(told).astype("str")
