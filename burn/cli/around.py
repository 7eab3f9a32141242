"""Asks plugins to look around, each for a few seconds, and says what each of them saw."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from burn.api import AccessError, Around, BurnError, Seen
from burn.cli import console
from burn.plugin.guard import deadline, foreign
from burn.plugin.state import KINDS
from burn.text.clean import clean
from burn.text.secrets import scrub

if TYPE_CHECKING:
    from burn.config.load import Config
    from burn.plugin.registry import Offer

SECONDS = 30.0
"""That one plugin may look; a Prometheus that is slow to answer takes a while."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What one plugin saw.

    Attributes:
        table: `source` or `provider`.
        error: why it saw nothing; None: it saw something.
    """

    table: str
    name: str
    seen: tuple[Seen, ...] = ()
    error: BurnError | None = None

    def tell(self) -> None:
        """One line a thing on stdout, with what would help where there is none."""
        part = f"{self.table} {self.name}"
        for one in self.seen:
            console.data(f"found {part}: {scrub(clean(one.what))}")
            if one.next:
                console.data(f"      next: {scrub(clean(one.next))}")
        if self.error is not None:
            console.data(f"none  {part}: {scrub(clean(self.error.message))}")
            if self.error.hint:
                console.data(f"      hint: {scrub(clean(self.error.hint))}")


def look(offer: Offer[Any, Any], config: Config, around: Around) -> Looked:
    """What a plugin that can look sees with its settings; nothing is made, and nothing raised."""
    table = KINDS[type(offer.spec)].table
    name = offer.spec.name
    try:
        settings = config.plugin(table, name, offer.spec.settings).settings
        with console.work(quiet=True), foreign(offer.author, "look around"):
            seen = _all(offer.spec.look(settings, around), f"{table} {name}")
    except BurnError as error:
        return Looked(table, name, error=error)
    return Looked(table, name, seen)


def _all(looking: Iterable[Seen], what: str) -> tuple[Seen, ...]:
    try:
        with deadline(SECONDS, what):
            return tuple(looking)
    except TimeoutError as error:
        raise AccessError(f"{what} did not answer within {SECONDS:g} s") from error
