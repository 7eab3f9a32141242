"""Every command that the documentation shows works and prints what the page says."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs import console

KINDS = {"console", "toml", "text", "python", "json", "yaml", "sql", "csv", "make"}
PAGES = [page for page in console.pages() if "```" in page.read_text(encoding="utf-8")]


def blocks(page: Path) -> list[console.Block]:
    return list(console.blocks(page.read_text(encoding="utf-8")))


def name(page: Path) -> str:
    return str(page.relative_to(console.ROOT))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_block_says_what_it_is(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    kinds = {block.kind for block in blocks(page)}
    assert kinds <= KINDS, "commands go into `console` blocks, so that they are run"
    assert text.count("\n```") + text.startswith("```") == 2 * len(blocks(page))


@pytest.mark.slow
@pytest.mark.parametrize(
    "page",
    [p for p in PAGES if any(b.kind == "console" and console.runs(b) for b in blocks(p))],
    ids=name,
)
def test_the_commands_of_a_page_work(page: Path, tmp_path: Path) -> None:
    for _, command, code, output in console.follow(page.read_text(encoding="utf-8"), tmp_path):
        assert code == command.exits, f"$ {command.text}\n{output}"
        assert console.agrees(command.shown, output), (
            f"$ {command.text}\nprints (refresh with `make docs`):\n{output}"
        )


@pytest.mark.parametrize(
    ("shown", "output", "agree"),
    [
        ([], "anything\n", True),
        (["a", "b"], "a\nb\n", True),
        (["a", "b"], "a\nc\n", False),
        (["a"], "a\nb\n", False),
        (["a", "…"], "a\nb\nc\n", True),
        (["…", "c"], "a\nb\n", False),
        (["a", "…", "c"], "a\nb\nc\n", True),
    ],
)
def test_output_is_compared_line_by_line(shown: list[str], output: str, agree: bool) -> None:
    assert console.agrees(shown, output) is agree


def test_fresh_output_replaces_what_a_page_shows(tmp_path: Path) -> None:
    page = "# T\n\n```console\n$ echo one\nstale\n$ exit 3  # exits 3\n$ seq 9\n1\n…\n```\nend\n"
    page += "```console until 2\n$ seq 9\nold\n```\n"
    fresh = page.replace("stale", "one").replace("old", "1\n2\n…")
    assert console.refreshed(page, tmp_path) == fresh
    assert [(c.exits, code) for _, c, code, _ in console.follow(fresh, tmp_path)] == [
        (0, 0), (3, 3), (0, 0), (0, 0)
    ]  # fmt: skip
