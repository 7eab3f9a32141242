"""Progress on stderr: on a terminal one line a stage, with count and seconds; else warnings only."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from burn.cli.console import mark, talk
from burn.text.clean import clean
from burn.text.secrets import scrub
from burn.work.events import Events, Silent

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


@contextlib.contextmanager
def events(*, quiet: bool) -> Iterator[Events]:
    """Who listens to a run: a progress bar, a log of warnings, or nobody."""
    if quiet:
        yield Silent()
    elif sys.stderr is None or not sys.stderr.isatty():
        yield Warnings()
    else:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        columns = (TextColumn("{task.description:<10}"), BarColumn(24), MofNCompleteColumn())
        console = Console(file=sys.stderr, highlight=False)
        with Progress(*columns, console=console, transient=True, redirect_stdout=False) as bar:
            yield Bar(bar)


class Warnings(Silent):
    """Tells warnings, each once."""

    def __init__(self) -> None:
        self._told: set[str] = set()

    def warning(self, text: str) -> None:
        """On stderr."""
        if text not in self._told:
            self._told.add(text)
            talk(text, label=mark("warning:", 33))


class Bar(Silent):
    """Shows the running stage, and leaves one line for each that is done."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._running: dict[str, tuple[TaskID, float]] = {}
        self._told: set[str] = set()

    def started(self, stage: str, total: int | None = None) -> None:
        """A bar when the steps are known, else a pulse."""
        self._stop(stage)
        self._running[stage] = (self._bar.add_task(stage, total=total), time.monotonic())

    def advanced(self, stage: str) -> None:
        """One step further."""
        if stage in self._running:
            self._bar.advance(self._running[stage][0])

    def finished(self, stage: str, summary: str) -> None:
        """The stage's line."""
        seconds = self._stop(stage)
        took = "" if seconds is None else f"{seconds:.1f} s"
        self._bar.console.print(f"[bold]{stage:<10}[/] {_plain(summary)}  [dim]{took}[/]")

    def warning(self, text: str) -> None:
        """Above the bar, each once."""
        if text not in self._told:
            self._told.add(text)
            self._bar.console.print(f"[bold yellow]warning:[/] {_plain(text)}", soft_wrap=True)

    def _stop(self, stage: str) -> float | None:
        if stage not in self._running:
            return None
        task, began = self._running.pop(stage)
        self._bar.remove_task(task)
        return time.monotonic() - began


def _plain(text: str) -> str:
    from rich.markup import escape

    return escape(clean(scrub(text)))
