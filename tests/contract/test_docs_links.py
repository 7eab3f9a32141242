"""Links between pages lead somewhere, and every page can be reached."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs import console

LINK = re.compile(r"\]\((?!https?://)([^)#\s]*)(?:#([^)\s]*))?\)")
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def links(page: Path) -> list[tuple[Path, str]]:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    return [
        ((page.parent / found[1]).resolve() if found[1] else page, found[2] or "")
        for found in LINK.finditer(text)
    ]


def anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", console.pages(), ids=lambda p: str(p.relative_to(console.ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for target, anchor in links(page):
        assert target.exists(), f"{target} does not exist"
        assert not anchor or anchor in anchors(target), f"{target} has no heading #{anchor}"


def test_every_page_of_the_documentation_is_linked() -> None:
    linked = {target for page in console.pages() for target, _ in links(page) if target != page}
    missing = sorted(set((console.ROOT / "docs").rglob("*.md")) - linked)
    assert [str(page.relative_to(console.ROOT)) for page in missing] == []
