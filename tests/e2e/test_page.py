"""The page in a real browser: it runs its own script and nobody else's, and keeps nobody out."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path

import pytest

from burn.api import Totals, WriteRequest, schemas
from burn.builtin.sinks.html.sink import HtmlSink
from burn.builtin.sinks.html.trend import Line, Point, trend_page
from burn.builtin.sinks.settings import HtmlSettings
from tests.unit.view import builders
from tests.unit.view.sample import sample
from tests.unit.view.test_idle import of

AXE = Path(sys.prefix) / "axe/node_modules/axe-core/axe.min.js"
CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no `chromium` on the PATH: run `make test`, or install Chromium"
)
ALONE = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
HOSTILE = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
REPORT_AXE = """
axe.run(document, {resultTypes: ["violations"]}).then((found) => {
  const out = document.createElement("pre");
  out.id = "axe";
  out.textContent = JSON.stringify(found.violations.map((v) => [v.id, v.nodes.map((n) => n.html)]));
  document.body.append(out);
});
"""
CLICK = """
const heads = [...document.querySelectorAll("table")].find((t) =>
  t.caption.textContent === "Namespaces").tHead.rows[0].cells;
heads[1].querySelector("button").click();
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    base = sample()
    rows = base.allocation.assign(namespace=base.allocation["namespace"].replace("shop", HOSTILE))
    report = builders.report(base.ledger, rows, base.prices, notes=(HOSTILE,))
    assets = of([(900_000, 400_000 + at) for at in range(20)]).assets
    assert assets is not None
    report = replace(report, assets=assets.assign(name=HOSTILE))
    target = tmp_path_factory.mktemp("page") / "page.html"
    HtmlSink(HtmlSettings()).write(WriteRequest(report=report, target=str(target)))
    return target.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Of a report without a bill."""
    base = sample(basis="list")
    rows = base.allocation[base.allocation["basis"] == "list"]
    rows = rows.assign(namespace=rows["namespace"].replace("shop", HOSTILE))
    report = replace(
        base,
        control=None,
        totals=Totals.without_bill(base.totals.report),
        allocation=schemas.ALLOCATION.validate(rows, author="test"),
        notes=(HOSTILE,),
    )
    target = tmp_path_factory.mktemp("alone") / "page.html"
    HtmlSink(HtmlSettings()).write(WriteRequest(report=report, target=str(target)))
    return target.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def over_time() -> str:
    """The page of `burn trend`."""
    points = [Point(date(2026, 10, day), day != 3, day < 9) for day in range(1, 12)]
    lines = [Line(HOSTILE, tuple(range(11))), Line("shop", (-5, *range(500, 510)))]
    return trend_page("namespace", "day", "USD", points, lines, [HOSTILE])


@pytest.fixture
def seen(tmp_path: Path) -> Callable[..., str]:
    """The document as it stands once a browser has loaded it."""

    def load(text: str, *flags: str) -> str:
        (tmp_path / "page.html").write_text(text, encoding="utf-8")
        profile = f"--user-data-dir={tmp_path / 'profile'}"
        asked = ["--virtual-time-budget=20000", "--dump-dom", f"file://{tmp_path}/page.html"]
        done = subprocess.run(
            [str(CHROMIUM), *ALONE, profile, *flags, *asked],
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
        return done.stdout

    return load


def opened(page: str) -> str:
    """The same page under no policy of its own, so that a test's script may run."""
    return re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)


def test_only_its_own_script_runs(
    page: str, alone: str, over_time: str, seen: Callable[..., str]
) -> None:
    strange = page.replace("</main>", "<script>document.title='owned'</script></main>")
    for text in (page, alone, over_time, strange):
        found = seen(text)
        assert "<title>owned" not in found
        assert "<button type=" in found, "its own script did not run"


def test_a_click_sorts_and_the_total_stays_last(page: str, seen: Callable[..., str]) -> None:
    found = seen(opened(page).replace("</body>", f"<script>{CLICK}</script></body>"))
    table = found[found.index("<caption>Namespaces") :].partition("</table>")[0]
    assert 'aria-sort="descending"' in table
    values = [float(v) for v in re.findall(r'<td class="figure" data-value="([^"]+)"', table)]
    width = table.count("<button")
    reports = values[:: width - 1]
    assert reports[:-1] == sorted(reports[:-1], reverse=True)
    assert len(set(reports)) > 1


@pytest.mark.skipif(not AXE.exists(), reason="no axe-core: run `make test`, which fetches it")
@pytest.mark.parametrize("flags", [(), ("--blink-settings=preferredColorScheme=0",)])
@pytest.mark.parametrize("kind", ["page", "alone", "over_time"])
def test_it_keeps_nobody_out(
    kind: str, request: pytest.FixtureRequest, seen: Callable[..., str], flags: tuple[str, ...]
) -> None:
    page = request.getfixturevalue(kind)
    script = f"<script>{AXE.read_text(encoding='utf-8')}</script><script>{REPORT_AXE}</script>"
    found = seen(opened(page).replace("</body>", f"{script}</body>"), *flags)
    written = found.rpartition('<pre id="axe">')[2].partition("</pre>")[0]
    assert json.loads(unescape(written)) == []
