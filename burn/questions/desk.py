"""Where one person asks. All that is hidden from them is taken away here, before anything is summed."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from burn.api import AccessError, UsageError
from burn.history.budget import CheckSettings
from burn.history.choose import LATEST, Asked, choose
from burn.history.kept import Kept
from burn.questions.access import AccessSettings, View, view_of
from burn.questions.figures import Figure
from burn.questions.jobs import JOB, START, Jobs
from burn.questions.paging import text
from burn.questions.permitted import WHO, Limited, require_some, require_whole
from burn.questions.shelf import Loaded, Shelf
from burn.text.clean import clean

if TYPE_CHECKING:
    from decimal import Decimal

    import pandas as pd

    from burn.api import QuestionSpec, Report
    from burn.history.facts import Facts


T = TypeVar("T")
Writer = Callable[["Report", str], str]
DOCUMENTS = ("report.json", "ledger.csv", "report.html")
_MADE = 8


@dataclass(frozen=True, slots=True)
class About:
    """Which report an answer is of.

    Attributes:
        run: its name, which any question takes as `run`.
        window: `START..END`, half-open, UTC.
        state: `final`, or from which day on the bill may still change.
        kept: when it was made, UTC.
    """

    run: str
    cluster: str
    provider: str
    window: str
    currency: str
    basis: str
    state: str
    kept: str


class Seen:
    """One kept report, as one person sees it."""

    def __init__(self, loaded: Loaded, view: View) -> None:
        self._loaded, self._view = loaded, view
        self.kept = loaded.kept

    @property
    def about(self) -> About:
        """Which one it is."""
        kept = self.kept
        since = kept.provisional_from
        return About(
            run=kept.name,
            cluster=text(kept.cluster or ""),
            provider=clean(kept.provider),
            window=str(kept.window),
            currency=clean(kept.currency),
            basis=kept.basis,
            state="final" if since is None else f"provisional from {since:%Y-%m-%d}",
            kept=f"{kept.kept_at:%Y-%m-%dT%H:%M:%SZ}",
        )

    @property
    def whole(self) -> bool:
        """Whether nothing of it is hidden."""
        return self._view.whole(self.kept.cluster)

    def require_whole(self) -> None:
        """Refuse what is of all of the cluster to who sees a part of it.

        Raises:
            AccessError: some of it is hidden.
        """
        require_whole(self._view, self.kept)

    @property
    def facts(self) -> Facts:
        """What it has beside its frames.

        Raises:
            AccessError: some of it is hidden.
        """
        self.require_whole()
        return self._loaded.facts

    @property
    def ledger(self) -> pd.DataFrame:
        """Its ledger with a column `exact`.

        Raises:
            AccessError: some of it is hidden.
        """
        self.require_whole()
        return self._loaded.ledger

    @property
    def bases(self) -> tuple[str, ...]:
        """At which costs it is allocated."""
        return self._loaded.bases

    def cells(self, basis: str) -> pd.DataFrame:
        """What of its allocation is seen, over all days, with a column `exact`."""
        return self._view.rows(self._loaded.cells(basis), self.kept.cluster)

    def figure(self, amount: Decimal, basis: str, cite: str) -> Figure:
        """A figure of it."""
        return Figure(amount, clean(self.kept.currency), basis, str(self.kept.window), cite)


@dataclass(frozen=True, slots=True)
class Shared:
    """What all desks have in common.

    Attributes:
        shelf: the reports.
        check: budgets.
        write: makes a document (`DOCUMENTS`) of a report, with the settings of burn's sinks.
        jobs: starts runs; None: nobody can.
        now: what a relative window is relative to.
    """

    shelf: Shelf
    check: CheckSettings
    write: Writer | None = None
    jobs: Jobs | None = None
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


class Desk:
    """Takes questions of one person about kept reports.

    Args:
        shared: what all desks have in common.
        view: what the person may see.
        runs: whether the person may start a run.
    """

    def __init__(self, shared: Shared, view: View | None = None, *, runs: bool = False) -> None:
        self._shared, self.view = shared, view or View()
        self.shelf, self.check = shared.shelf, shared.check
        self.jobs = shared.jobs if runs else None
        self._made: OrderedDict[tuple[object, ...], Any] = OrderedDict()

    def of(self, person: str | None, access: AccessSettings) -> Desk:
        """The same desk for another person; None: who runs burn, and sees everything."""
        view = view_of(person, access.grants.values())
        return Desk(self._shared, view, runs=access.may_run(person))

    @property
    def questions(self) -> tuple[QuestionSpec, ...]:
        """All that this person can ask."""
        from burn.questions.registry import QUESTIONS

        hidden = () if self.jobs else (START.name, JOB.name)
        return tuple(one.spec for name, one in QUESTIONS.items() if name not in hidden)

    def ask(self, name: str, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The answer as JSON: text, numbers, lists; amounts are text.

        Raises:
            UsageError: there is no such question, parameter, report or thing.
            AccessError: the person may not see what it takes.
        """
        from burn.questions.registry import question

        asked = question(name)
        return asked.plain(self.answer(name, params))

    def answer(self, name: str, params: Mapping[str, Any] | None = None) -> Any:
        """The answer as the question's dataclass; raises as `ask` does."""
        from burn.questions.registry import question

        asked = question(name)
        return asked.run(self, asked.read(params or {}))

    def document(self, run: str, name: str) -> str:
        """A report whole, as burn writes it.

        Raises:
            UsageError: there is no such report or document.
            AccessError: the person may not see all of it.
        """
        if name not in DOCUMENTS or self._shared.write is None:
            raise UsageError(f"there is no document `{text(name, 60)}`", hint=", ".join(DOCUMENTS))
        kept = self.seen(run, by=("driver",)).kept
        return self._shared.write(self.history(("driver",)).whole(kept), name)

    def once(self, key: Sequence[object], make: Callable[[], T]) -> T:
        """What was made for this key before, of the last few: a page and its citations share it."""
        found = self._made.pop(tuple(key), None)
        made: T = make() if found is None else found
        self._made[tuple(key)] = made
        while len(self._made) > _MADE:
            self._made.popitem(last=False)
        return made

    def history(self, by: Sequence[str] = ()) -> Limited:
        """The history as the person sees it when it is asked by these dimensions."""
        return Limited(self.shelf, self._by(by))

    def mine(
        self, cluster: str = "", provider: str = "", as_of: datetime | None = None
    ) -> list[Kept]:
        """Kept reports of which something is seen, the newest first.

        Raises:
            UsageError: none is.
        """
        kept = [one for one in self.shelf.all() if self.view.sees(one.cluster)]
        return Asked(cluster, provider, as_of, bill=True).of(kept)

    def seen(self, run: str = LATEST, cluster: str = "", *, by: Sequence[str] = ()) -> Seen:
        """One report.

        Args:
            run: `latest`, its name or how that begins, or a window.
            cluster: its cluster, where several are kept.
            by: the dimensions that are asked by; a grant without one of them shows nothing.

        Raises:
            UsageError: no report is meant, or several are.
            AccessError: the person sees nothing of it by this dimension.
        """
        kept = [one for one in self.shelf.all() if self.view.sees(one.cluster)]
        found = choose(kept, run, Asked(cluster, bill=True), now=self._shared.now())
        view = self._by(by)
        require_some(view, found)
        return Seen(self.shelf.loaded(found), view)

    def _by(self, dimensions: Sequence[str]) -> View:
        view = self.view
        for dimension in dimensions:
            view = view.by(dimension)
        if view.grants == () and self.view.grants:
            raise AccessError(f"you may not ask by {' and '.join(dimensions)}", hint=WHO)
        return view
