"""What an interface to burn's answers (a chat, an AI client) needs to know of the questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSpec:
    """A question about kept reports.

    Attributes:
        name: what it is asked by.
        title: a few words for a menu.
        about: what it answers and when to ask it, for a person or a model that chooses.
        parameters: JSON schema of what it takes, an object.
        answer: JSON schema of what it gives, an object of at most 20 KB.
        read_only: False of the one that starts a run.
    """

    name: str
    title: str
    about: str
    parameters: Mapping[str, Any]
    answer: Mapping[str, Any]
    read_only: bool = True


class Desk(Protocol):
    """Where one person asks; nothing that is hidden from them by `[access]` is in any answer."""

    @property
    def questions(self) -> Sequence[QuestionSpec]:
        """All that can be asked."""
        ...

    def ask(self, name: str, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The answer, of the question's schema; amounts are decimals as text.

        Raises:
            UsageError: there is no such question, parameter, report or thing.
            AccessError: the person may not see what it takes.
        """
        ...

    def document(self, run: str, name: str) -> str:
        """A kept report whole, as burn writes it.

        Args:
            run: as the questions take it.
            name: `report.json`, `ledger.csv` or `report.html`.

        Raises:
            UsageError: there is no such report or document.
            AccessError: the person may not see all of it.
        """
        ...
