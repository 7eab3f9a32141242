"""What a question is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Generic, TypeVar

from annotated_types import Ge, Le, MaxLen

from burn.questions.paging import MOST

if TYPE_CHECKING:
    from burn.questions.desk import Desk

P = TypeVar("P")
A = TypeVar("A")

Name = Annotated[str, MaxLen(1000)]
Limit = Annotated[int, Ge(1), Le(MOST)]
Offset = Annotated[int, Ge(0)]

RUN = "`latest`, start of a name, or 2026-10"
CLUSTER = "if several are kept"
LIMIT = "most rows"
OFFSET = "`next` of the page before"


def required(help: str) -> Any:  # noqa: A002  as `burn.api.setting` has it
    """A parameter without a default; it comes before those that have one."""
    return field(metadata={"help": help})


@dataclass(frozen=True, slots=True)
class Kind(Generic[P, A]):
    """A question.

    Attributes:
        name: what it is asked by.
        title: a few words for a menu.
        about: what it answers and when to ask it, for a person or a model that chooses.
        takes: dataclass of its parameters, each made by `burn.api.setting`, or by `required`.
        gives: dataclass of its answer.
        run: answers it.
        reads: whether it only reads.
    """

    name: str
    title: str
    about: str
    takes: type[P]
    gives: type[A]
    run: Callable[[Desk, P], A]
    reads: bool = True
