"""stdout is data, stderr is talk. What plugins print while they work goes to stderr too."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import shutil
import sys
import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from burn.config.redact import scrub
from burn.events import Events


def data(text: str) -> None:
    """One piece of the answer."""
    sys.stdout.write(f"{text}\n")


def data_json(value: Any) -> None:
    """The answer as JSON."""
    data(json.dumps(value, indent=2, ensure_ascii=False))


def prose(text: str, *, label: str = "") -> None:
    """A sentence on stdout, wrapped to the terminal's width; further lines align after the label."""
    width = max(shutil.get_terminal_size().columns - len(label), 20)
    for line in textwrap.wrap(text, width, break_on_hyphens=False):
        data(label + line)
        label = " " * len(label)


def talk(text: str) -> None:
    """A word to the person at the terminal; never holds a secret."""
    sys.stderr.write(f"{scrub(text)}\n")


@functools.cache
def warn(text: str) -> None:
    """A warning, once a process."""
    talk(f"{mark('warning:', 33)} {text}")


def mark(word: str, ansi: int) -> str:
    """A word in colour where stderr shows it."""
    colour = sys.stderr.isatty() and not os.environ.get("NO_COLOR")
    return f"\033[1;{ansi}m{word}\033[0m" if colour else word


def table(
    columns: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[str] = ()
) -> None:
    """A small table on stdout; columns named in `right` hold figures."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    grid = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for name in columns:
        grid.add_column(name, justify="right" if name in right else "left", overflow="fold")
    for row in rows:
        grid.add_row(*(Text(cell) for cell in row))  # Text: a `[` in a name is no markup
    console = Console(file=sys.stdout, highlight=False)
    with console.capture() as captured:
        console.print(grid)
    for line in captured.get().splitlines():
        data(line.rstrip())


@contextlib.contextmanager
def work(*, quiet: bool = False) -> Iterator[Events]:
    """While burn works: progress on a terminal, warnings, and stdout kept clean."""
    from burn.cli.progress import events

    with events(quiet=quiet) as told, contextlib.redirect_stdout(sys.stderr):
        yield told
