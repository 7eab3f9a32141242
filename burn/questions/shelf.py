"""Kept reports at hand: read once, their amounts made exact once, for everybody who asks."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import cached_property
from threading import RLock
from time import monotonic
from typing import TYPE_CHECKING, Any

from burn.api import Report
from burn.api.vocabulary import LEDGER_GROUPS
from burn.history.facts import FRAMES, OF_REPORT, Facts
from burn.history.kept import Kept
from burn.history.store import History
from burn.ledger.totals import TO_CLUSTER
from burn.questions.figures import exact, one

if TYPE_CHECKING:
    import pandas as pd

_FRESH = 2.0
"""Seconds for which a listing is taken for what is there: one answer lists several times."""
_AT_HAND = 6
_NO_CELL = ("asset_id", "day", "labels", "cost")
_STEPS = (
    ("report", TO_CLUSTER[:1]),
    ("cluster_effective", TO_CLUSTER[1:]),
    ("account_effective", ("outside",)),
    ("billed", ("accounting",)),
)


class Shelf:
    """All kept reports of a place.

    Args:
        history: where they are.
        warn: told of what cannot be read.
    """

    def __init__(self, history: History, warn: Callable[[str], None] = lambda _: None) -> None:
        self.history = history
        self._warn = warn
        self._lock = RLock()
        self._at_hand: OrderedDict[str, Loaded] = OrderedDict()
        self._listed: tuple[float, list[Kept]] | None = None

    def all(self) -> list[Kept]:
        """Every kept report, the newest first."""
        with self._lock:
            if self._listed is None or monotonic() - self._listed[0] > _FRESH:
                self._listed = monotonic(), self.history.all(self._warn)
            return self._listed[1]

    def loaded(self, kept: Kept) -> Loaded:
        """A report, of the last few from memory."""
        with self._lock:
            found = self._at_hand.pop(kept.name, None) or Loaded(self.history, kept)
            self._at_hand[kept.name] = found
            while len(self._at_hand) > _AT_HAND:
                self._at_hand.popitem(last=False)
            return found


class Loaded:
    """One kept report; each part is read when it is first asked for. Frames are not to be changed."""

    def __init__(self, history: History, kept: Kept) -> None:
        self.kept = kept
        self._history = history
        self._cells: dict[str, pd.DataFrame] = {}
        self._frames: dict[str, Any] = {}

    @cached_property
    def facts(self) -> Facts:
        """What it has beside its frames."""
        return self._history.facts(self.kept)

    @cached_property
    def ledger(self) -> pd.DataFrame:
        """The ledger with a column `exact`, whose decimals add up to each landing."""
        import pandas as pd

        frame = self.frame("ledger")
        group = frame["group"].astype(str)
        totals = self.facts.totals
        amounts = pd.Series(index=frame.index, dtype="object")
        before = one(0.0)
        steps = [
            *_STEPS,
            *([("invoice", LEDGER_GROUPS[-1:])] if totals.invoice is not None else []),
        ]
        for landing, groups in steps:
            here = group.isin(groups)
            reached = one(getattr(totals, landing))
            amounts[here] = exact(list(frame.loc[here, "amount"]), reached - before)
            before = reached
        rest = amounts.isna()
        amounts[rest] = [one(value) for value in frame.loc[rest, "amount"]]
        made: pd.DataFrame = frame.assign(exact=amounts)
        return made

    def cells(self, basis: str) -> pd.DataFrame:
        """The allocation at a basis over all days, with a column `exact`; adds up to its landing."""
        if basis not in self._cells:
            frame = self.frame("allocation")
            frame = frame[frame["basis"].astype(str) == basis]
            keys = [name for name in frame.columns if name not in _NO_CELL]
            cells = frame.groupby(keys, as_index=False, observed=True)[["cost"]].sum()
            total = one(self.facts.totals.cluster(basis))
            self._cells[basis] = cells.assign(exact=exact(list(cells["cost"]), total))
        return self._cells[basis]

    @cached_property
    def bases(self) -> tuple[str, ...]:
        """At which costs it is allocated."""
        return tuple(sorted(map(str, self.frame("allocation")["basis"].unique())))

    @cached_property
    def report(self) -> Report:
        """All of it."""
        facts = {name: getattr(self.facts, name) for name in OF_REPORT}
        frames = {name: self.frame(name) for name in FRAMES if f"{name}.parquet" in self.kept.files}
        return Report(**facts, **frames)

    def frame(self, name: str) -> Any:
        """One of its frames, as it was kept."""
        if name not in self._frames:
            self._frames[name] = self._history.frame(self.kept, name)
        return self._frames[name]
