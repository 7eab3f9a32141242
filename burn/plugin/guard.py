"""The border to foreign code: what a plugin raises leaves as a BurnError that names it."""

from __future__ import annotations

import contextlib
import inspect
import select
import signal
import sys
from collections.abc import Iterator
from functools import wraps
from threading import current_thread, main_thread
from typing import Any

from burn.api import BurnError, PluginError
from burn.api.standard_output import refusal


@contextlib.contextmanager
def foreign(author: str, doing: str) -> Iterator[None]:
    """Run a plugin's code; a BurnError and a full stop by the user (Ctrl-C) pass through.

    So does a reader of standard output who left (`| head`), which is no fault of a plugin's.

    Args:
        author: distribution and version.
        doing: what it was asked for, e.g. `start source x`.

    Raises:
        PluginError: it raised anything else, or tried to end the process.
    """
    try:
        yield
    except (BurnError, KeyboardInterrupt, GeneratorExit):
        raise
    # Extensions in Rust panic with a BaseException, and some libraries skip or exit with one.
    except BaseException as error:
        if isinstance(error, BrokenPipeError) and _reader_left():
            raise
        if isinstance(error, OSError) and (refused := refusal(error)):
            raise refused from error
        raise PluginError(
            f"{author} failed to {doing}: {cause(error)}",
            hint="run again with --debug for the traceback, and report it to the plugin's author",
        ) from error


@contextlib.contextmanager
def deadline(seconds: float, what: str) -> Iterator[None]:
    """Stop code that hangs, where the system has an alarm for it: on Unix, in the main thread.

    Raises:
        TimeoutError: with `what` it says.
    """
    if not hasattr(signal, "setitimer") or current_thread() is not main_thread():
        yield
        return

    def ring(*_: object) -> None:
        raise TimeoutError(what)

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _reader_left() -> bool:
    """Whether standard output is a pipe that nobody reads any more."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        poll = select.poll()
        poll.register(sys.stdout.fileno(), select.POLLERR)
        return bool(poll.poll(0))
    return True  # no telling: then it is taken for the usual case


def cause(error: BaseException) -> str:
    """An exception's type and first line."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__


def _each(given: Iterator[Any], author: str, doing: str) -> Iterator[Any]:
    """What a generator gives: its code runs only now, and is still its author's."""
    while True:
        with foreign(author, doing):
            try:
                one = next(given)
            except StopIteration:
                return
        yield one


class Guarded:
    """Stands for a plugin's object: each of its methods runs under `foreign`.

    So a stage calls a plugin plainly, and what goes wrong in there still has an author.
    """

    __slots__ = ("_author", "_made")

    def __init__(self, made: object, author: str) -> None:
        self._made = made
        self._author = author

    def __reduce__(self) -> tuple[type[Guarded], tuple[object, str]]:
        """Goes to another process as what it stands for does."""
        return Guarded, (self._made, self._author)

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._made, name)
        if not callable(value):
            return value

        @wraps(value)
        def call(*args: Any, **named: Any) -> Any:
            doing = f"run {name}()"
            with foreign(self._author, doing):
                given = value(*args, **named)
            return _each(given, self._author, doing) if inspect.isgenerator(given) else given

        return call
