"""`burn ask "why is the bill higher?"`: by a model that the user has set, or by rules; out of kept reports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from burn.api import UsageError
from burn.cli import answers, console

if TYPE_CHECKING:
    from burn.cli.options import Flags
    from burn.config.load import Config
    from burn.questions.desk import Desk
    from burn.questions.rules import Meant

_RULES = "Understood by rules, without a model; asked was {}. `burn explain [CITATION]` looks a figure up."


def ask(
    flags: Flags, asked: Sequence[str], run: str, *, as_json: bool, show_prompt: bool = False
) -> None:
    """Answer what is asked, and print it.

    Raises:
        UsageError: no rule fits what was asked.
    """
    config = answers.configured(flags)
    question = " ".join(asked)
    desk = answers.over(config, flags)
    if config.ask.model:
        from burn.cli.ask_model import by_model

        by_model(flags, config, desk, question, run, as_json=as_json, show_prompt=show_prompt)
        return
    _refuse_idle(config, show_prompt=show_prompt)
    given = by_rules(desk, question, run, flags.cluster or "")
    if as_json:
        console.data_json(records(given))
        return
    show(given)


def _refuse_idle(config: Config, *, show_prompt: bool) -> None:
    if show_prompt or config.ask.redact:
        word = "--show-prompt" if show_prompt else "ask.redact"
        raise UsageError(
            f"{word} has nothing to do: no model is set, so nothing is sent",
            hint="docs/how-to/ask-with-a-model.md",
        )


Given = list[tuple["Meant", dict[str, Any]]]


def by_rules(desk: Desk, question: str, run: str, cluster: str) -> Given:
    """What is meant, and its answers.

    Raises:
        UsageError: no rule fits.
    """
    from burn.questions.rules import meant

    return [
        (one, desk.ask(one.question, one.params)) for one in meant(desk, question, run, cluster)
    ]


def records(given: Given) -> list[dict[str, Any]]:
    """As JSON."""
    return [{"question": o.question, "params": o.params, "answer": a} for o, a in given]


def show(given: Given) -> None:
    """For people."""
    from burn.questions.told import told

    answers.show([told(one.question, answer) for one, answer in given])
    console.data("")
    console.prose(_RULES.format(", ".join(f"`{one.question}`" for one, _ in given)))
