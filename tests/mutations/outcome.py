"""What became of a mutated bill: the figures are right, or it was refused, or something was said."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from burn.api import BurnError, Report

if TYPE_CHECKING:
    from collections.abc import Callable

CENT = 0.005
BAD = ("silent", "vague", "blamed", "crashed")
BLAMED = ("defect in burn", "plugin's author", "its author finds", "failed to run")
"""A bad bill is not a fault of burn's, nor of a plugin's."""
MORE_OF_IT = ("files missing", "have no tag of the cluster")
"""A note that says so of more days or nodes than before is a word too."""
HARM = (
    *MORE_OF_IT,
    "lack the cluster's tag",
    "only other tags of it",
    "more than once",
    "twice",
    "seems to lack lines",
    "fewer hours",
    "name no invoice",
    "no invoice yet",
    "burn has no rule for",
    "count on their date",
)
"""Words for lines that are missing or doubled, on no invoice or of no kind that burn knows."""


@dataclass(frozen=True)
class Outcome:
    """What a run over a mutated bill came to.

    Attributes:
        kind: right, refused, said, exception (see `exceptions`), or one that must not be: silent (another figure and no new
            note), vague (the notes name neither the column nor the harm), blamed, crashed.
        text: the error, the note, or the figures.
    """

    kind: str
    text: str = ""

    @property
    def bad(self) -> bool:
        return self.kind in BAD


def figures(report: Report) -> dict[tuple[str, ...], float]:
    """Every sum that a reader would act on."""
    ledger, allocation = report.ledger, report.allocation
    subject = ledger["driver"].where(ledger["group"] != "outside", ledger["subject"])
    out: dict[tuple[str, ...], float] = {}
    for key, amount in ledger.groupby([ledger["group"], subject])["amount"].sum().items():
        out["ledger", *map(str, key)] = float(amount)
    names = ["basis", "namespace", "workload", "kind"]
    for key, cost in allocation.groupby(names, observed=True)["cost"].sum().items():
        out["allocation", *map(str, key)] = float(cost)
    for name in ("report", "cluster_effective", "account_effective", "billed", "cluster_billed"):
        out["total", name] = float(getattr(report.totals, name))
    out["total", "invoice"] = report.totals.invoice or 0.0
    for one in report.control.invoices:
        for name, amount in (("whole", one.amount), ("of the window", one.inside)):
            key = "invoice", name, one.month, one.invoice
            out[key] = out.get(key, 0.0) + float(amount)
    for finding in report.findings:
        out["finding", finding.rule, finding.subject] = finding.amount
    return out


def outcome(run: Callable[[Path], Report], bill: Path, truth: Report, column: str = "") -> Outcome:
    """Run over a mutated bill and judge it by the report of the bill as it was.

    `column` is the one that was changed, if one was: a note of other things is no word about it.
    """
    try:
        report = run(bill)
    except BurnError as error:
        text = f"{error.message} | {error.hint}"
        return Outcome("blamed" if any(word in text for word in BLAMED) else "refused", text)
    except Exception as error:
        return Outcome("crashed", f"{type(error).__name__}: {error}")
    wrong = differences(figures(report), figures(truth))
    if not wrong:
        return Outcome("right")
    known = {_shape(note) for note in truth.notes}
    fresh = [n for n in report.notes if n not in truth.notes]
    words = [n for n in fresh if _shape(n) not in known or any(word in n for word in MORE_OF_IT)]
    said = [note for note in words if _tells(note, column)]
    if said:
        return Outcome("said", said[0])
    some = ", ".join(f"{'/'.join(k)} {a:.2f} for {b:.2f}" for k, (a, b) in list(wrong.items())[:3])
    return Outcome("vague", f"{some} | {words[0]}") if words else Outcome("silent", some)


def differences(
    have: dict[tuple[str, ...], float], want: dict[tuple[str, ...], float]
) -> dict[tuple[str, ...], tuple[float, float]]:
    """Figures that are off by a cent or more."""
    pairs = {key: (have.get(key, 0.0), want.get(key, 0.0)) for key in have.keys() | want.keys()}
    return {key: pair for key, pair in sorted(pairs.items()) if abs(pair[0] - pair[1]) >= CENT}


def _tells(note: str, column: str) -> bool:
    """Whether a note names the column, in any spelling, or the harm that was done."""
    named = bool(column) and _squashed(column) in _squashed(note)
    return named or any(word in note for word in HARM)


def _squashed(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def _shape(note: str) -> str:
    """A note without its numbers: another number in it is no new word."""
    return re.sub(r"[\d.,]+", "#", note)
