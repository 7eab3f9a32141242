"""What every service must do, whatever it serves."""

from __future__ import annotations

import _thread
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import ClassVar

import pytest

from burn.api import Desk, Report, ServeRequest, Service, ServiceSpec, UsageError, Window
from burn.testing.gaps import Conformance
from burn.testing.plugin import PluginChecks
from burn.testing.tiny import tiny_report

DAY = Window(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 2, tzinfo=UTC))


class ServiceConformance(PluginChecks, Conformance):
    """Subclass, set `plugin`, implement `make` and `use`.

    `serve` runs in the main thread, as in `burn serve`; `use` runs beside it, and what it raises
    fails the check. Then the service is stopped as by Ctrl-C.
    """

    check_group = "frames"
    kind = ServiceSpec
    contract = Service
    seconds: ClassVar[float] = 20.0
    """How long it may take to say its first line, and to stop."""

    def made(self) -> Service:
        """See `PluginChecks`."""
        return self.make()

    def make(self) -> Service:
        """A fresh service; each time on the same free port, where it has one."""
        raise NotImplementedError

    def use(self, said: str) -> None:
        """Ask it for something, and check the answer.

        Reports are the tiny cluster's (`tiny_report`), of which one is kept.

        Args:
            said: the first line that it told the user, e.g. with its address.
        """
        raise NotImplementedError

    def _serve(self, folder: Path, report: Callable[[str], Report]) -> list[str]:
        """What it said, from its start to its stop."""
        said: list[str] = []
        wrong: list[BaseException] = []
        heard, ended = threading.Event(), threading.Event()

        def say(line: str) -> None:
            said.append(line)
            heard.set()

        def user() -> None:
            try:
                assert heard.wait(self.seconds), "it says nothing: the user cannot know where it is"
                self.use(said[0])
            except BaseException as error:  # shown by the check
                wrong.append(error)
            if not ended.is_set():
                _thread.interrupt_main()
            if not ended.wait(self.seconds):
                wrong.append(AssertionError("Ctrl-C does not stop it"))
                _thread.interrupt_main(signal.SIGALRM)

        beside = threading.Thread(target=user, daemon=True)
        request = ServeRequest(report=report, say=say, desk=_desks(folder))
        with _signals():
            beside.start()
            try:
                with suppress(KeyboardInterrupt):
                    self.make().serve(request)
            finally:
                ended.set()
            with suppress(KeyboardInterrupt):  # it ended by itself, just before
                beside.join(self.seconds)
        if wrong:
            raise wrong[0]
        return said

    def test_it_answers_until_it_is_stopped(self, tmp_path: Path) -> None:
        """It says where it is, answers, and Ctrl-C ends it."""
        assert self._serve(tmp_path, lambda _: tiny_report(DAY))

    def test_it_can_be_started_again_at_once(self, tmp_path: Path) -> None:
        """What it held (a port, a file) is free when it has ended."""
        for _ in range(2):
            self._serve(tmp_path, lambda _: tiny_report(DAY))

    def test_what_it_says_is_one_line_for_people(self, tmp_path: Path) -> None:
        """Each line that it tells the user is one line of text."""
        lines = self._serve(tmp_path, lambda _: tiny_report(DAY))
        assert all(line.strip() and line.isprintable() for line in lines)


class StuckError(AssertionError):
    """It did not hear Ctrl-C."""


@contextmanager
def _signals() -> Iterator[None]:
    """Ctrl-C is heard, as jobs in the background do not by themselves; the alarm ends what it does not."""

    def ring(*_: object) -> None:
        raise StuckError

    before = {
        signal.SIGALRM: signal.signal(signal.SIGALRM, ring),
        signal.SIGINT: signal.signal(signal.SIGINT, signal.default_int_handler),
    }
    try:
        yield
    except StuckError:
        pytest.fail("Ctrl-C does not stop it")
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _desks(folder: Path) -> Callable[[str | None], Desk]:
    """Desks over one kept report."""
    from burn.history.place import Place
    from burn.history.store import History
    from burn.questions import opened
    from burn.questions.access import AccessSettings

    history = History(Place(mkdtemp(dir=folder)))
    history.keep(tiny_report(DAY))
    own = opened(history, write=_no_document)
    return lambda person: own.of(person, AccessSettings())


def _no_document(report: Report, name: str) -> str:  # noqa: ARG001
    raise UsageError(f"the kit writes no `{name}`")
