"""What a sink is handed beside the report: a desk to ask about it, and what is new in it."""

from __future__ import annotations

from contextlib import ExitStack
from functools import cached_property
from typing import TYPE_CHECKING, Self

from burn.api import WriteRequest
from burn.api.temporary import temporary
from burn.cli import console, report_store

if TYPE_CHECKING:
    from burn.api import Desk, News, Report, TellSettings
    from burn.cli.session import Session
    from burn.history.upto import Upto
    from burn.questions.desk import Desk as Own


class Requests:
    """Requests to write one report. Kept reports are looked at when a sink asks, not before.

    Args:
        report: what is written.
        session: where reports are kept, what may be seen and spent, and sinks.
        sample: whether it is of a sample.
    """

    def __init__(self, report: Report, session: Session, *, sample: bool) -> None:
        self._report, self._session, self._sample = report, session, sample
        self._config = session.config
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def to(self, target: str | None) -> WriteRequest:
        """A request with this target."""
        return WriteRequest(report=self._report, target=target, desk=self._desk, news=self._news)

    def _desk(self, person: str | None) -> Desk:
        return self._own.of(person, self._config.access)

    def _news(self, receiver: str, settings: TellSettings) -> News:
        from burn.history.news import Newsroom

        return Newsroom(self._history, self._config.check, console.warn).news(receiver, settings)

    @cached_property
    def _own(self) -> Own:
        from burn.cli.documents import written
        from burn.questions import opened

        write = written(self._session)
        return opened(self._history, self._config.check, write, warn=console.warn)

    @cached_property
    def _history(self) -> Upto:
        """Up to this report, which is kept for the moment where a run does not keep it."""
        from tempfile import TemporaryDirectory

        from burn.history.place import Place
        from burn.history.store import History
        from burn.history.upto import Upto

        store = report_store.opened(self._config.history, sample=self._sample)
        info, totals = self._report.info, self._report.totals
        for one in store.all():
            if one.run_id == info.run_id and (one.report, one.billed) == (
                totals.report,
                totals.billed,
            ):
                return Upto(store, one)
        folder = self._stack.enter_context(TemporaryDirectory(prefix="burn-", dir=temporary()))
        own = History(Place(folder))
        return Upto(store, own.keep(self._report), own)
