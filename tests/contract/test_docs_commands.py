"""Every command that the documentation shows works and prints what the page says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from docs import console, warm

KINDS = {"console", "toml", "text", "python", "json", "yaml", "sql", "csv", "make"}
PAGES = [page for page in console.pages() if "```" in page.read_text(encoding="utf-8")]


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Iterator[console.Known]:
    """What the pages before have run."""
    with warm.burn() as first:
        yield console.Known(tmp_path_factory.mktemp("known"), first)


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
def test_the_commands_of_a_page_work(page: Path, tmp_path: Path, known: console.Known) -> None:
    text = page.read_text(encoding="utf-8")
    for _, command, code, output in console.follow(text, tmp_path, known):
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


def test_a_page_that_begins_as_another_goes_on_from_there(tmp_path: Path) -> None:
    known = console.Known(tmp_path / "known")
    begins = (
        "```toml a.txt\none\n```\n```console\n$ cat a.txt; date +%N > now; rm a.txt\none\n```\n"
    )
    ends = "```console\n$ ls; cat now\n```\n"
    other = begins.replace("one", "two")
    said: list[list[str]] = []
    for number, page in enumerate((begins + ends, begins + ends, other + ends)):
        folder = tmp_path / str(number)
        folder.mkdir()
        said.append([output for *_, output in console.follow(page, folder, known)])
        assert [file.name for file in folder.iterdir()] == ["now"]
    assert said[0] == said[1], "its commands were not run again"
    assert said[0] != said[2]
    assert [outputs[0] for outputs in said] == ["one\n", "one\n", "two\n"]


def test_fresh_output_replaces_what_a_page_shows(tmp_path: Path) -> None:
    page = "# T\n\n```console\n$ echo one\nstale\n$ exit 3  # exits 3\n$ seq 9\n1\n…\n```\nend\n"
    page += "```console until 2\n$ seq 9\nold\n```\n"
    fresh = page.replace("stale", "one").replace("old", "1\n2\n…")
    assert console.refreshed(page, tmp_path) == fresh
    assert [(c.exits, code) for _, c, code, _ in console.follow(fresh, tmp_path)] == [
        (0, 0), (3, 3), (0, 0), (0, 0)
    ]  # fmt: skip
    for failing, said in (
        ("```console until 2\n$ echo why >&2; false\n1\n```\n", "false\nexits 1, not 0:\nwhy"),
        ("```console until 2\n$ echo 7\n1\n```\n", "echo 7\nprints no line with `2`:\n7"),
    ):
        with pytest.raises(console.RefusedError, match=said):
            console.refreshed(failing, tmp_path)
