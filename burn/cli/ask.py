"""`burn ask "why is the bill higher?"`: the questions people ask most, answered from kept reports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from burn.cli import console, report_store

if TYPE_CHECKING:
    from burn.cli.options import Flags
    from burn.questions.told import Told

_RULES = "Understood by rules, without a model; asked was {}. `burn explain [CITATION]` looks a figure up."


def ask(flags: Flags, asked: Sequence[str], run: str, *, as_json: bool) -> None:
    """Say what is meant, ask it, and print the answer.

    Raises:
        UsageError: no rule fits what was asked.
    """
    from burn.config.load import load
    from burn.questions import opened
    from burn.questions.rules import meant
    from burn.questions.told import told

    config = load({}, flags.sets, file=flags.config, files=not flags.sample)
    store = report_store.opened(config.history, sample=flags.sample)
    desk = opened(store, config.check, warn=console.warn)
    found = meant(desk, " ".join(asked), run, flags.cluster or "")
    answers = [(one, desk.ask(one.question, one.params)) for one in found]
    if as_json:
        console.data_json(
            [{"question": o.question, "params": o.params, "answer": a} for o, a in answers]
        )
        return
    cites: list[str] = []
    for one, answer in answers:
        _print(told(one.question, answer), cites)
    for number, cite in enumerate(cites, 1):
        console.data(f"[{number}] {cite}")
    names = ", ".join(f"`{one.question}`" for one in found)
    console.data("")
    console.prose(_RULES.format(names))


def _print(told: Told, cites: list[str]) -> None:
    for sentence in told.sentences:
        console.prose(sentence)
    if told.lines:
        console.data("")
        rows: list[list[Any]] = []
        for line in told.lines:
            cites.append(line.cite)
            rows.append([line.label, line.amount, f"[{len(cites)}]", line.more])
        wide = 4 if any(line.more for line in told.lines) else 3
        heads = ("", "amount", "", "of it")[:wide]
        console.table(heads, [row[:wide] for row in rows], right=("amount",))
    for note in told.after:
        console.prose(note)
    console.data("")
