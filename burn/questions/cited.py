"""From a citation back to its figure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from burn.history.owners import groups
from burn.questions import allocation, ledger, summary
from burn.questions.cite import Cite, parse, unknown
from burn.questions.figures import Figure, added
from burn.questions.page import text

if TYPE_CHECKING:
    from burn.questions.desk import Desk, Seen


@dataclass(frozen=True, slots=True)
class Cited:
    """What a citation leads to.

    Attributes:
        title: what it is, for people.
    """

    title: str
    figure: Figure


def cited(desk: Desk, where: str) -> Cited:
    """Look a citation up.

    Raises:
        UsageError: it is none, or leads nowhere.
        AccessError: the person may not see what is there.
    """
    asked = parse(where)
    if asked.scope != "run" or len(asked.words) < 2:
        raise unknown(where)
    found = None
    if asked.words[1] == "total" and len(asked.words) == 3:
        found = _total(desk.seen(asked.words[0], by=("driver",)), asked.words[2])
    elif asked.words[1] == "ledger":
        found = _ledger(desk.seen(asked.words[0], by=("driver",)), asked, where)
    elif asked.words[1] == "allocation" and len(asked.words) == 3:
        by = [key for key in (*asked.keys, asked.keys.get("by", "")) if groups(key)]
        found = _allocation(desk.seen(asked.words[0], by=by), asked, where)
    if found is None:
        raise unknown(where)
    return found


def _total(seen: Seen, name: str) -> Cited | None:
    if name == "gap":
        return Cited("The gap: billed less report", summary.gap(seen))
    found = ledger.landing(seen, name) if name in ledger.LANDINGS else None
    return Cited(found.title, found.figure) if found else None


def _ledger(seen: Seen, asked: Cite, where: str) -> Cited | None:
    frame = ledger.chosen(seen, asked)
    if frame.empty:
        return None
    by = asked.keys.get("by", "driver")
    amount: Decimal | None = added(frame["exact"])
    if "but" in asked.keys:
        amount = (
            ledger.left(ledger.grouped(frame, by), asked)
            if by in ("driver", "group", "subject")
            else None
        )
    if amount is None:
        return None
    return Cited(_title("Ledger", asked), seen.figure(amount, ledger.basis(frame), where))


def _allocation(seen: Seen, asked: Cite, where: str) -> Cited | None:
    basis = asked.words[2]
    if basis not in seen.bases:
        return None
    frame = allocation.chosen(seen, basis, asked)
    amount: Decimal | None = added(frame["exact"])
    if "but" in asked.keys:
        by = asked.keys.get("by", "")
        if not groups(by):
            return None
        keys = {key: value for key, value in asked.keys.items() if groups(key)}
        cells = allocation.Cells(seen, basis, {})
        cells.frame = frame
        listed = (
            allocation.chosen(seen, "list", Cite("run", (), keys)) if "list" in seen.bases else None
        )
        cells.listed = listed
        amount = ledger.left(cells.rows(by)[0], asked)
    # What costs nothing at one basis is there all the same where another has it.
    there = any(not allocation.chosen(seen, one, asked).empty for one in seen.bases)
    if amount is None or not there:
        return None
    return Cited(_title(f"Allocation, {basis}", asked), seen.figure(amount, basis, where))


def _title(head: str, asked: Cite) -> str:
    from urllib.parse import unquote

    words = [*asked.words[2:]] if head == "Ledger" else []
    words += [
        f"{key} {unquote(value)}" for key, value in asked.keys.items() if key not in ("by", "but")
    ]
    if "but" in asked.keys:
        words.append(f"all but rows {asked.keys['but']} by {asked.keys.get('by', 'driver')}")
    return text(": ".join([head, ", ".join(words)]) if words else head, 300)
