"""The page: its figures, its bytes, its size, and that it asks nobody and runs nothing of others."""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from html.parser import HTMLParser

import pandas as pd
import pytest
from hypothesis import given, settings

from burn.api import Finding, Report
from burn.builtin.sinks.html.treemap import squarified
from tests.unit.builtin.sinks.outputs import render
from tests.unit.view import builders
from tests.unit.view.sample import sample
from tests.unit.view.worlds import reports

HOSTILE = '</script><img src=x onerror="document.title=1"><!--'


class Page(HTMLParser):
    """What is shown, what is embedded, and every attribute."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.shown: list[str] = []
        self.inside: list[str] = []
        self.raw: dict[str, str] = {}
        self.attributes: list[tuple[str, str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in ("meta", "br"):
            self.inside.append(tag + dict(attrs).get("type", "") if tag == "script" else tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.inside.pop().startswith(tag), f"</{tag}> closes another"

    def handle_data(self, data: str) -> None:
        holder = self.inside[-1] if self.inside else ""
        if holder.startswith(("script", "style")):
            self.raw[holder] = self.raw.get(holder, "") + data
        else:
            self.shown.append(data)

    @property
    def embedded(self) -> str:
        return self.raw["scriptapplication/json"]


def figures(text: str) -> set[str]:
    """Amounts as people read them, without sign and commas."""
    return {found.replace(",", "") for found in re.findall(r"\d[\d,]*\.\d\d(?!\d)", text)}


@settings(max_examples=15)
@given(reports())
def test_every_figure_is_in_the_json_and_the_page_closes(report: Report) -> None:
    page = Page(render("html", report))
    assert page.inside == []
    values = json.loads(page.embedded)
    held = {f"{abs(number):.2f}" for number in numbers(values)}
    assert figures(" ".join(page.shown)) <= held | figures(json.dumps(values))
    for table in ("namespaces", "workloads"):
        total = sum(round(row["report"] * 100) for row in values[table]["rows"])
        assert (
            total == round(values[table]["report"] * 100) == round(values["totals"]["report"] * 100)
        )
    carried = sum(round(day["total"] * 100) for day in values["days"])
    landing = {"list": "report", "effective": "cluster_effective", "billed": "cluster_billed"}
    assert carried == round(values["totals"][landing[values["info"]["basis"]]] * 100)


def numbers(value: object) -> list[float]:
    if isinstance(value, dict):
        return [number for item in value.values() for number in numbers(item)]
    if isinstance(value, list):
        return [number for item in value for number in numbers(item)]
    return [float(value)] if isinstance(value, (int, float)) else []


def test_it_asks_nobody_and_its_policy_lets_only_its_own_run() -> None:
    text = render("html", sample())
    page = Page(text)
    policy = next(v for t, n, v in page.attributes if (t, n) == ("meta", "content") and "src" in v)
    for kind, holder in (("style", "style"), ("script", "script")):
        digest = b64encode(hashlib.sha256(page.raw[holder].encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert {n for _, n, _ in page.attributes} & {"src", "href", "style", "onclick"} == set()
    assert re.findall(r"https?://[^\"' <]+", text) == ["http://www.w3.org/2000/svg"] * 3
    assert text == render("html", sample()), "the same report, other bytes"


def test_names_are_shown_and_never_obeyed() -> None:
    base = sample()
    rows = base.allocation.assign(
        namespace=base.allocation["namespace"].replace("shop", HOSTILE),
        workload=base.allocation["workload"].where(base.allocation["namespace"] != "shop", HOSTILE),
    )
    finding = Finding(
        rule="r",
        title=HOSTILE,
        subject=HOSTILE,
        amount=1.0,
        monthly=5.0,
        evidence=HOSTILE + "\x1b[2J",
        action=HOSTILE,
    )
    page = Page(
        render(
            "html",
            builders.report(base.ledger, rows, base.prices, findings=(finding,), notes=(HOSTILE,)),
        )
    )
    assert page.inside == []
    assert not any(tag == "img" or name == "onerror" for tag, name, _ in page.attributes)
    assert HOSTILE in page.shown
    assert HOSTILE in json.dumps(json.loads(page.embedded)["notes"]).replace('\\"', '"')
    assert "\x1b" not in " ".join(page.shown)


def test_a_cluster_of_thousands_fits_in_500_kilobytes() -> None:
    """5,000 nodes, 3,000 namespaces, 9,000 workloads: pooled, and the sums are right."""
    nodes = [
        {"group": "report", "driver": "report", "subject": f"node/{at:05d}", "amount": 100.0}
        for at in range(5000)
    ]
    spot = [row | {"group": "rate", "driver": "spot", "amount": -9.0} for row in nodes]
    owners = [
        {
            "basis": basis,
            "namespace": f"namespace-{at % 3000:04d}",
            "workload_kind": "Deployment",
            "workload": f"service-with-a-name-{at:05d}",
            "cost": cost,
        }
        for at in range(9000)
        for basis, cost in (("list", 500000 / 9000), ("effective", 455000 / 9000))
    ]
    text = render(
        "html",
        builders.report(
            builders.ledger([*nodes, *spot]),
            builders.allocation(owners),
            builders.prices([("node/a", builders.day(0), 500000.0, "bill")]),
        ),
    )
    assert len(text.encode()) <= 500_000
    values = json.loads(Page(text).embedded)
    assert sum(row["report"] for row in values["namespaces"]["rows"]) == pytest.approx(500000)
    assert values["namespaces"]["rows"][-1]["label"] == "2,850 other namespaces"


def test_areas_are_in_proportion_and_fill_the_box() -> None:
    sizes = [50.0, 30.0, 10.0, 5.0, 4.0, 1.0]
    boxes = list(squarified(sizes, (0.0, 0.0, 200.0, 50.0)))
    areas = pd.Series([width * height for _, _, width, height in boxes])
    assert areas.tolist() == pytest.approx([size * 100 for size in sizes])
    assert max(x + w for x, _, w, _ in boxes) == pytest.approx(200)
    assert max(y + h for _, y, _, h in boxes) == pytest.approx(50)
    for at, (x, y, w, h) in enumerate(boxes):
        for x2, y2, w2, h2 in boxes[:at]:
            wide = min(x + w, x2 + w2) - max(x, x2)
            high = min(y + h, y2 + h2) - max(y, y2)
            assert min(wide, high) < 1e-6, "two areas overlap"
