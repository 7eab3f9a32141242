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
from typing import TYPE_CHECKING, Any

from burn.text.clean import clean
from burn.text.secrets import scrub
from burn.work.events import Events

if TYPE_CHECKING:
    from rich.console import JustifyMethod


def data(text: str) -> None:
    """One piece of the answer, without secrets and without what would drive a terminal.

    Raises:
        AccessError: standard output is closed, or there is no room for it.
    """
    from burn.api.standard_output import standard_output

    with standard_output() as out:
        out.write(f"{harmless(text)}\n")


def data_json(value: Any) -> None:
    """The answer as JSON."""
    data(json.dumps(value, indent=2, ensure_ascii=False))


def prose(text: str, *, label: str = "") -> None:
    """A sentence on stdout, wrapped to the terminal's width; further lines align after the label."""
    for line in wrapped(text, label=label):
        data(line)


def wrapped(text: str, *, label: str = "") -> list[str]:
    """The lines that `prose` writes."""
    width = max(shutil.get_terminal_size().columns - len(label), 20)
    lines = textwrap.wrap(text, width, break_on_hyphens=False)
    return [(" " * len(label) if at else label) + line for at, line in enumerate(lines)]


def talk(text: str, *, label: str = "") -> None:
    """A word to the person at the terminal; never holds a secret, nor drives the terminal.

    Args:
        text: may come from outside. After a label it is one line, so that a line break in it
            cannot forge a `hint:`.
        label: our own, with its colour.
    """
    if sys.stderr is None:
        return
    shown = f"{label} {clean(scrub(text))}" if label else harmless(text)
    with contextlib.suppress(OSError, ValueError):  # nobody is there to be told
        sys.stderr.write(f"{shown}\n")


def harmless(text: str) -> str:
    """Text from outside as it may be shown: no secrets, and no control characters but line breaks."""
    return "\n".join(clean(line) for line in scrub(text).split("\n"))


@functools.cache
def warn(text: str) -> None:
    """A warning, once a process."""
    talk(text, label=mark("warning:", 33))


def mark(word: str, ansi: int) -> str:
    """A word in colour where stderr shows it."""
    colour = sys.stderr is not None and sys.stderr.isatty() and not os.environ.get("NO_COLOR")
    return f"\033[1;{ansi}m{word}\033[0m" if colour else word


def table(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    right: Sequence[str] = (),
    whole: Sequence[str] = (),
) -> None:
    """A small table on stdout; columns named in `right` hold figures, in `whole` what is never cut."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from burn.api.standard_output import standard_output

    grid = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for name in columns:
        justify: JustifyMethod = "right" if name in right else "left"
        grid.add_column(name, justify=justify, overflow="fold", no_wrap=name in whole)
    for row in rows:
        grid.add_row(*(Text(cell) for cell in row))  # Text: a `[` in a name is no markup
    with standard_output() as out:
        console = Console(file=out, highlight=False)
        with console.capture() as captured:
            console.print(grid)
    for line in captured.get().splitlines():
        data(line.rstrip())


@contextlib.contextmanager
def work(*, quiet: bool = False) -> Iterator[Events]:
    """While burn works: progress on a terminal, warnings, and stdout kept clean."""
    from burn.cli.progress import events

    talk_to = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    with events(quiet=quiet) as told, contextlib.redirect_stdout(talk_to), _raw_output_to_stderr():
        yield told


@contextlib.contextmanager
def _raw_output_to_stderr() -> Iterator[None]:
    """What a library prints without Python, straight to the process's output, is talk too."""
    try:
        sys.__stdout__.flush()  # type: ignore[union-attr]
        kept = os.dup(1)
        os.dup2(2, 1)
    except (OSError, AttributeError, ValueError):
        yield
        return
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
