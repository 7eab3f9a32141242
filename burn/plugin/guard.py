"""The border to foreign code: what a plugin raises leaves as a BurnError that names it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from functools import wraps
from typing import Any

from burn.api import BurnError, PluginError


@contextlib.contextmanager
def foreign(author: str, doing: str) -> Iterator[None]:
    """Run a plugin's code; a BurnError and a full stop by the user (Ctrl-C) pass through.

    Args:
        author: distribution and version.
        doing: what it was asked for, e.g. `start source x`.

    Raises:
        PluginError: it raised anything else, or tried to end the process.
    """
    try:
        yield
    except (BurnError, BrokenPipeError):
        raise
    except (Exception, SystemExit) as error:
        raise PluginError(
            f"{author} failed to {doing}: {cause(error)}",
            hint="run again with --debug for the traceback, and report it to the plugin's author",
        ) from error


def cause(error: BaseException) -> str:
    """An exception's type and first line."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__


class Guarded:
    """Stands for a plugin's object: each of its methods runs under `foreign`.

    So a stage calls a plugin plainly, and what goes wrong in there still has an author.
    """

    __slots__ = ("_author", "_made")

    def __init__(self, made: object, author: str) -> None:
        self._made = made
        self._author = author

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._made, name)
        if not callable(value):
            return value

        @wraps(value)
        def call(*args: Any, **named: Any) -> Any:
            with foreign(self._author, f"run {name}()"):
                return value(*args, **named)

        return call
