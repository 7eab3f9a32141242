"""`burn explain run/NAME/ledger/spot`: the figure that an answer cited, from the kept report again."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from burn.api.money import SYMBOLS
from burn.cli import answers, console

if TYPE_CHECKING:
    from burn.cli.options import Flags
    from burn.questions.figures import Figure

SCOPES = ("run/", "diff/", "trend/", "forecast/", "budget/")
"""How citations begin; no driver does."""


def explain_cite(flags: Flags, cite: str, *, as_json: bool) -> None:
    """Look a citation up and print what it leads to.

    Raises:
        UsageError: it is none, or leads nowhere.
    """
    from burn.builtin.sinks.json_sink import plain
    from burn.questions.cited import cited

    found = cited(answers.desk(flags), cite)
    if as_json:
        figure = {**asdict(found.figure), "amount": str(found.figure.amount)}
        console.data_json(plain({"title": found.title, **figure}))
        return
    console.data(f"{found.title}: {_money(found.figure)}")
    console.data(f"at {found.figure.basis} cost, in {found.figure.window}")


def _money(figure: Figure) -> str:
    """All digits that it has, so that it can be compared."""
    symbol = SYMBOLS.get(figure.currency, f"{figure.currency} ")
    return f"{'-' if figure.amount < 0 else ''}{symbol}{abs(figure.amount):,}"
