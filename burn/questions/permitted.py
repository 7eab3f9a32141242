"""A history as one person sees it: what compares and sums reports gets no more than that person may."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from burn.api import AccessError, ControlTotal, Report, Totals
from burn.history.kept import Kept
from burn.history.store import History

if TYPE_CHECKING:
    from decimal import Decimal

    from burn.history.facts import Facts
    from burn.questions.access import View
    from burn.questions.shelf import Shelf

WHO = "[access] in burn.toml says who sees what"
_NONE: tuple[str, ...] = ("ledger", "prices")


def require_whole(view: View, kept: Kept) -> None:
    """Refuse what is of all of a cluster to who sees a part of it.

    Raises:
        AccessError: some of it is hidden.
    """
    if not view.whole(kept.cluster):
        raise AccessError(
            "this needs all of the cluster to be seen, and some of it is hidden from you",
            hint=f"ask for the allocation of what you may see; {WHO}",
        )


def require_some(view: View, kept: Kept) -> None:
    """Refuse a report of whose cluster nothing is seen by what is asked for.

    Raises:
        AccessError: all of it is hidden.
    """
    if not view.sees(kept.cluster):
        raise AccessError("you see nothing of this cluster by what you ask for", hint=WHO)


class Limited(History):
    """Reads kept reports, without what is hidden. Writes nothing.

    Args:
        shelf: all of them.
        view: what is seen.
    """

    def __init__(self, shelf: Shelf, view: View) -> None:
        super().__init__(shelf.history.place)
        self._shelf, self._view = shelf, view

    def all(self, warn: Callable[[str], None] = lambda _: None) -> list[Kept]:  # noqa: ARG002
        """Those of which something is seen, the newest first."""
        return [kept for kept in self._shelf.all() if self._view.sees(kept.cluster)]

    def facts(self, kept: Kept) -> Facts:
        """Its facts, for who sees all of it."""
        require_whole(self._view, kept)
        return self._shelf.loaded(kept).facts

    def frame(self, kept: Kept, name: str) -> Any:
        """Its allocation, of which hidden rows are taken away; another frame for who sees all of it.

        Raises:
            AccessError: all that was asked for is hidden, which is not the same as that it costs nothing.
        """
        require_some(self._view, kept)
        if name != "allocation":
            require_whole(self._view, kept)
            return self._shelf.loaded(kept).frame(name)
        return self._view.rows(self._shelf.loaded(kept).frame(name), kept.cluster)

    def whole(self, kept: Kept) -> Report:
        """The report, for who sees all of it."""
        require_whole(self._view, kept)
        return self._shelf.loaded(kept).report

    def load(self, kept: Kept) -> Report:
        """The report. Of a part of it: that part's allocation and its sums, and nothing else."""
        loaded = self._shelf.loaded(kept)
        if self._view.whole(kept.cluster):
            return loaded.report
        seen = self.frame(kept, "allocation")
        basis = seen["basis"].astype(str)
        sums = {name: math.fsum(seen.loc[basis == name, "cost"]) for name in ("list", kept.basis)}
        nothing = {name: loaded.frame(name).iloc[:0] for name in _NONE}
        info = loaded.facts.info
        return Report(
            info=replace(info, origin=()),
            totals=_totals(sums, kept.basis),
            control=ControlTotal(lines=0, billed=_zero(), currency=kept.currency),
            allocation=seen,
            **nothing,
        )


def _totals(sums: dict[str, float], basis: str) -> Totals:
    """Those of an allocation alone."""
    at = sums[basis]
    return Totals(
        report=sums["list"],
        cluster_effective=at,
        account_effective=at,
        billed=at,
        residual=0.0,
        cluster_billed=at,
    )


def _zero() -> Decimal:
    from decimal import Decimal

    return Decimal(0)
