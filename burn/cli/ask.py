"""`burn ask "why is the bill higher?"`: the questions people ask most, answered from kept reports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from burn.cli import answers, console

if TYPE_CHECKING:
    from burn.cli.options import Flags

_RULES = "Understood by rules, without a model; asked was {}. `burn explain [CITATION]` looks a figure up."


def ask(flags: Flags, asked: Sequence[str], run: str, *, as_json: bool) -> None:
    """Say what is meant, ask it, and print the answer.

    Raises:
        UsageError: no rule fits what was asked.
    """
    from burn.questions.rules import meant
    from burn.questions.told import told

    desk = answers.desk(flags)
    found = meant(desk, " ".join(asked), run, flags.cluster or "")
    given = [(one, desk.ask(one.question, one.params)) for one in found]
    if as_json:
        console.data_json(
            [{"question": o.question, "params": o.params, "answer": a} for o, a in given]
        )
        return
    answers.show([told(one.question, answer) for one, answer in given])
    console.data("")
    console.prose(_RULES.format(", ".join(f"`{one.question}`" for one in found)))
