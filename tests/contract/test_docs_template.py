"""The code in the how-tos is what the template renders, and the template's tests run that."""

from __future__ import annotations

import re
from pathlib import Path

import copier
import pytest

from docs import console

HOW_TO = console.ROOT / "docs/how-to"
PAGES = {
    "policy": "write-an-allocation-policy.md",
    "provider": "write-a-billing-provider.md",
    "source": "write-a-metrics-source.md",
    "sink": "write-an-output-sink.md",
    "enricher": "write-an-enricher.md",
}


@pytest.fixture(scope="module", params=PAGES)
def page(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    """A how-to's text, and the package that the template renders for its kind."""
    kind = str(request.param)
    out = tmp_path_factory.mktemp("template") / kind
    template = console.ROOT / "templates/burn-plugin"
    copier.run_copy(str(template), out, data={"kind": kind}, defaults=True, quiet=True)
    return (HOW_TO / PAGES[kind]).read_text(encoding="utf-8"), out


def test_each_file_on_the_page_is_the_templates(page: tuple[str, Path]) -> None:
    text, package = page
    shown = {block.argument: block.body for block in console.blocks(text) if "." in block.argument}
    assert len(shown) >= 5
    for name, body in shown.items():
        assert body == (package / name).read_text(encoding="utf-8"), f"{name}: copy it anew"


def test_the_page_shows_the_whole_implementation(page: tuple[str, Path]) -> None:
    text, package = page
    modules = {path.relative_to(package).as_posix() for path in package.glob("burn_*/*.py")}
    shown = {block.argument for block in console.blocks(text)}
    assert {name for name in modules if not name.endswith("__init__.py")} <= shown


def test_the_other_snippets_run(page: tuple[str, Path]) -> None:
    text, _ = page
    loose = [b.body for b in console.blocks(text) if b.kind == "python" and not b.argument]
    for body in loose:
        exec(compile(body, "snippet", "exec"), {})


def test_checks_that_are_named_exist(page: tuple[str, Path]) -> None:
    from burn.testing import AllocationPolicyConformance, BillingProviderConformance, checks

    known = {*checks(AllocationPolicyConformance), *checks(BillingProviderConformance)}
    text, _ = page
    assert set(re.findall(r'"(test_\w+)"', text)) <= known
