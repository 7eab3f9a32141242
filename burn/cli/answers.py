"""The command line at the desk: asks as who runs burn, and prints answers with numbered citations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from burn.cli import console, report_store

if TYPE_CHECKING:
    from burn.cli.options import Flags
    from burn.config.load import Config
    from burn.questions.desk import Desk
    from burn.questions.told import Told


def desk(flags: Flags) -> Desk:
    """The desk over the reports that the configuration names; nothing is hidden there."""
    return over(configured(flags), flags)


def configured(flags: Flags) -> Config:
    """What the command is configured with; of a sample, nothing but what was typed."""
    from burn.config.load import load

    return load({}, flags.sets, file=flags.config, files=not flags.sample)


def over(config: Config, flags: Flags) -> Desk:
    """The desk over the reports that this configuration names."""
    from burn.questions import opened

    store = report_store.opened(config.history, sample=flags.sample)
    return opened(store, config.check, warn=console.warn)


def show(answers: list[Told]) -> None:
    """Sentences and tables, then the citations of all lines."""
    cites: list[str] = []
    for told in answers:
        _show(told, cites)
    for number, cite in enumerate(cites, 1):
        console.data(f"[{number}] {cite}")


def _show(told: Told, cites: list[str]) -> None:
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
