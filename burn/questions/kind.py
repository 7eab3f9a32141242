"""What a question is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Generic, TypeVar

from annotated_types import Ge, Le, MaxLen

from burn.questions.page import MOST

if TYPE_CHECKING:
    from burn.questions.desk import Desk

P = TypeVar("P")
A = TypeVar("A")

Name = Annotated[str, MaxLen(1000)]
Limit = Annotated[int, Ge(1), Le(MOST)]
Offset = Annotated[int, Ge(0)]

RUN = "a report: `latest`, its name or the first characters of it, or a window as 2026-10"
CLUSTER = "whose reports, where several clusters are kept"
LIMIT = "the most rows"
OFFSET = "rows to leave out before: `omitted.next` of the page before"


@dataclass(frozen=True, slots=True)
class Kind(Generic[P, A]):
    """A question.

    Attributes:
        name: what it is asked by.
        title: a few words for a menu.
        about: what it answers and when to ask it, for a person or a model that chooses.
        takes: dataclass of its parameters, each `burn.api.setting` with a default or without.
        gives: dataclass of its answer.
        run: answers it.
    """

    name: str
    title: str
    about: str
    takes: type[P]
    gives: type[A]
    run: Callable[[Desk, P], A]
