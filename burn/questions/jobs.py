"""Runs that somebody started through a service: in the background, one at a time, with their progress."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING

from burn.api import AccessError, BurnError, UsageError, Window, setting
from burn.questions.kind import Kind, Name, required
from burn.questions.paging import text
from burn.text.secrets import scrub
from burn.work.events import Events, Silent

if TYPE_CHECKING:
    from burn.questions.desk import Desk

Start = Callable[[str, Events], str]
"""Makes and keeps the report of a window, and tells how it goes; gives the report's name."""
_LOG = logging.getLogger("burn.questions")
_KEPT = 20
_NOBODY = "[access] runs in burn.toml names who may start one"


@dataclass(frozen=True, slots=True)
class Job:
    """A run that was started.

    Attributes:
        id: what `job` takes.
        state: running, done or failed.
        stage: what it is at, with steps done and in all; 0 steps: not known.
        run: the kept report's name, when it is done.
        error: why it failed, with the next step.
    """

    id: str
    window: str
    state: str
    stage: str = ""
    steps_done: int = 0
    steps: int = 0
    seconds: float = 0.0
    run: str = ""
    error: str = ""


class Jobs(Silent):
    """Starts runs. What a run tells arrives here.

    Args:
        start: makes one.
    """

    def __init__(self, start: Start) -> None:
        self._start, self._lock = start, Lock()
        self._jobs: dict[str, Job] = {}
        self._began = 0.0
        self._running = ""

    def begin(self, window: str) -> Job:
        """Start a run.

        Raises:
            UsageError: one is running.
        """
        with self._lock:
            if self._running:
                raise UsageError(
                    f"run {self._running} is not done yet", hint="one runs at a time: see `job`"
                )
            made = Job(secrets.token_hex(4), window or "as configured", "running")
            self._jobs[made.id] = made
            for old in list(self._jobs)[:-_KEPT]:
                del self._jobs[old]
            self._running, self._began = made.id, monotonic()
        Thread(target=self._work, args=(made.id, window), daemon=True).start()
        return made

    def job(self, name: str) -> Job:
        """How a run does.

        Raises:
            UsageError: none has this id.
        """
        with self._lock:
            found = self._jobs.get(name)
            if found is None:
                listed = ", ".join(self._jobs) or "none was started"
                raise UsageError(f"there is no job `{text(name, 40)}`", hint=listed)
            if found.state == "running":
                found = replace(found, seconds=round(monotonic() - self._began, 1))
            return found

    def started(self, stage: str, total: int | None = None) -> None:
        """A stage begins."""
        self._tell(stage=stage, steps_done=0, steps=total or 0)

    def advanced(self, stage: str) -> None:
        """A step is done."""
        with self._lock:
            now = self._jobs[self._running]
            self._jobs[now.id] = replace(now, stage=stage, steps_done=now.steps_done + 1)

    def _tell(self, **more: object) -> None:
        with self._lock:
            self._jobs[self._running] = replace(self._jobs[self._running], **more)  # type: ignore[arg-type]

    def _work(self, name: str, window: str) -> None:
        try:
            ended = {"state": "done", "run": self._start(window, self)}
        except BurnError as error:
            told = f"{error.message}. {error.hint}" if error.hint else error.message
            ended = {"state": "failed", "error": text(scrub(told), 500)}
        except Exception:
            _LOG.exception("job %s", name)
            ended = {"state": "failed", "error": "burn failed; its log has the cause"}
        seconds = round(monotonic() - self._began, 1)
        self._tell(**ended, seconds=seconds)
        with self._lock:
            self._running = ""


@dataclass(frozen=True, slots=True)
class Takes:
    """Parameters of `start_run`."""

    window: Name = setting("", help="of which time, as 2026-10 or 7d; empty: as configured")


@dataclass(frozen=True, slots=True)
class JobTakes:
    """Parameters of `job`."""

    id: Name = required("as `start_run` gave it")


def _jobs(desk: Desk) -> Jobs:
    if desk.jobs is None:
        raise AccessError("runs cannot be started from here by you", hint=_NOBODY)
    return desk.jobs


def _begin(desk: Desk, takes: Takes) -> Job:
    from datetime import UTC, datetime

    jobs = _jobs(desk)
    if takes.window:
        Window.parse(takes.window, now=datetime.now(UTC))
    return jobs.begin(takes.window)


def _look(desk: Desk, takes: JobTakes) -> Job:
    found = _jobs(desk).job(takes.id)
    if found.error and not desk.view.everything:
        return replace(found, error="it failed; ask who runs burn")
    return found


START = Kind(
    "start_run",
    "Start a run",
    "Start `burn run` in the background: reads the metrics and the bill anew, which takes minutes and may cost"
    " queries. Gives a job to look at; its report is then there as any other.",
    Takes,
    Job,
    _begin,
    reads=False,
)
JOB = Kind(
    "job",
    "How a started run does",
    "State and progress of a run that `start_run` began, and the report's name when it is done.",
    JobTakes,
    Job,
    _look,
)
