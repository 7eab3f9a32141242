"""Runs what the documentation shows: fenced blocks with commands, files and output.

Fences, by their info string:

    console          each `$ command` is run; what follows it is its output, a line `…` stands for
                     anything; `# exits N` after a command says it fails. No output: not compared.
    console until X  the same; output is shown up to the first line with X
    console cloud    needs an account or a cluster: only its flags and settings are checked
    console setup    changes the machine: not run
    toml PATH        a file (of any kind) that the commands after it find
    text, json, …    not run

Blocks of one page run in order, in one empty folder. `make docs` writes fresh output into pages.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_EXITS = re.compile(r"\s+# exits (\d+)$")
ANYTHING = "…"
UNTIL = "until "


class RefusedError(Exception):
    """A command did not do what its page promises."""


@dataclass(frozen=True)
class Block:
    """A fenced block and where it stands on its page."""

    kind: str
    argument: str
    body: str
    span: tuple[int, int]


@dataclass
class Command:
    """One `$` line with the exit code and the output that the page promises."""

    line: str
    exits: int = 0
    shown: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What to run."""
        return _EXITS.sub("", self.line)


def pages() -> list[Path]:
    """Every page a reader may follow."""
    found = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("benchmarks/*.md")]
    return sorted([*found, *ROOT.glob("plugins/*/README.md")])


def blocks(page: str) -> Iterator[Block]:
    """The fenced blocks of a page's text."""
    for found in _FENCE.finditer(page):
        kind, _, argument = found["info"].strip().partition(" ")
        yield Block(kind, argument.strip(), found["body"], found.span("body"))


def commands(body: str) -> list[Command]:
    """The commands of a console block."""
    out: list[Command] = []
    for line in body.splitlines():
        if line.startswith("$ "):
            exits = _EXITS.search(line)
            out.append(Command(line[2:], int(exits[1]) if exits else 0))
        elif line.startswith("> ") and out and not out[-1].shown:
            out[-1].line += "\n" + line[2:]
        elif out:
            out[-1].shown.append(line)
        else:
            raise ValueError(f"a console block starts with output: {line}")
    return out


def execute(command: Command, folder: Path, first: Path | None = None) -> tuple[int, str]:
    """Run in a plain 80-column terminal with no account and no settings of the user's.

    Args:
        first: a folder of programs that go before others, see docs/warm.py.
    """
    keep = {k: v for k, v in os.environ.items() if not k.startswith(("BURN_", "AWS_", "XDG_"))}
    plain = {"COLUMNS": "80", "NO_COLOR": "1", "TERM": "dumb", "HOME": str(folder)}
    folders = [*([first] if first else []), Path(sys.executable).parent, keep["PATH"]]
    path = os.pathsep.join(map(str, folders))
    done = subprocess.run(  # noqa: S603
        ["bash", "-c", command.text],  # noqa: S607
        cwd=folder,
        env=keep | plain | {"PATH": path, "AWS_EC2_METADATA_DISABLED": "true"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=600,
    )
    return done.returncode, done.stdout


def agrees(shown: list[str], output: str) -> bool:
    """Whether the output is what the page shows, `…` lines standing for anything."""
    if not any(line.strip() for line in shown):
        return True
    wanted = [line.rstrip() for line in shown if line.strip()]
    actual = [line.rstrip() for line in output.splitlines() if line.strip()]
    pattern = "".join(
        r"(?:.*\n)*?" if line.strip() == ANYTHING else re.escape(line) + r"\n" for line in wanted
    )
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in actual)) is not None


def runs(block: Block) -> bool:
    """Whether the commands of a console block are run."""
    return not block.argument or block.argument.startswith(UNTIL)


def follow(
    page: str, folder: Path, known: Known | None = None
) -> Iterator[tuple[Block, Command, int, str]]:
    """Write the files and run the commands of a page, in order.

    Args:
        page: its text.
        folder: empty; where its files and commands are.
        known: from pages before: one that begins as another did goes on from there.
    """
    done: tuple[str, ...] = ()
    for block in blocks(page):
        if block.kind != "console" and block.argument:
            done += (f"{block.argument}\n{block.body}",)
            (folder / block.argument).parent.mkdir(parents=True, exist_ok=True)
            (folder / block.argument).write_text(block.body, encoding="utf-8")
        if block.kind == "console" and runs(block):
            for command in commands(block.body):
                done += (f"$ {command.text}",)
                code, output = (
                    known.step(done, command, folder) if known else execute(command, folder)
                )
                yield block, command, code, output


class Known:
    """What commands came to and left behind, by all that was written and run before them.

    Args:
        kept: an empty folder for copies of theirs.
        first: see `execute`.
    """

    def __init__(self, kept: Path, first: Path | None = None) -> None:
        self._kept, self._first = kept, first
        self._said: dict[tuple[str, ...], tuple[int, str, Path]] = {}

    def step(self, done: tuple[str, ...], command: Command, folder: Path) -> tuple[int, str]:
        """Exit code and output of a command, the last of what was done in the folder."""
        if done not in self._said:
            code, output = execute(command, folder, self._first)
            copy = self._kept / str(len(self._said))
            shutil.copytree(folder, copy, symlinks=True)
            self._said[done] = code, output, copy
        else:
            code, output, copy = self._said[done]
            shutil.rmtree(folder)
            shutil.copytree(copy, folder, symlinks=True)
        return code, output


def refreshed(page: str, folder: Path, known: Known | None = None) -> str:
    """The page with today's output where it shows some; hand-cut output (`…`) stays as it is.

    Raises:
        RefusedError: a command exits otherwise than the page says, or prints no line to show it until.
    """
    bodies: dict[tuple[int, int], str] = {}
    for block, command, code, output in follow(page, folder, known):
        if code != command.exits:
            raise RefusedError(f"$ {command.text}\nexits {code}, not {command.exits}:\n{output}")
        prompt = "$ " + command.line.replace("\n", "\n> ")
        shown = command.shown
        if any(line.strip() for line in shown) and (block.argument or ANYTHING not in shown):
            shown = [line.rstrip() for line in output.strip("\n").splitlines()]
            if block.argument:
                last = block.argument.removeprefix(UNTIL)
                end = next((n for n, line in enumerate(shown) if last in line), None)
                if end is None:
                    raise RefusedError(f"$ {command.text}\nprints no line with `{last}`:\n{output}")
                shown = [*shown[: end + 1], ANYTHING]
        bodies[block.span] = bodies.get(block.span, "") + "\n".join([prompt, *shown]) + "\n"
    for (start, end), body in sorted(bodies.items(), reverse=True):
        page = page[:start] + body + page[end:]
    return page
