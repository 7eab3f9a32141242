"""`burn analyze` on the sample: no bill is read, nothing is taken for 0, and kept apart from runs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from burn.cli.app import app

Burn = Callable[..., Result]

SAMPLE = ("--provider", "aws", "--sample")


@pytest.fixture(scope="module")
def once() -> str:
    found = CliRunner().invoke(
        app, ["analyze", *SAMPLE, "--format", "json", "--quiet", "--no-keep"]
    )
    assert found.exit_code == 0, found.stderr
    return found.stdout


@pytest.fixture
def analyzed(once: str) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(once)
    return made


def test_money_is_conserved(analyzed: dict[str, Any]) -> None:
    """Σ quantity × unit price of each asset and day, and every way of cutting it."""
    rows = analyzed["prices"]
    total = sum(row["quantity"] * row["unit_price"] for row in rows)
    assert analyzed["totals"]["report"] == pytest.approx(total, abs=1e-3)
    for name in ("allocation", "ledger", "assets"):
        column = {"allocation": "cost", "ledger": "amount", "assets": "list_cost"}[name]
        assert sum(row[column] for row in analyzed[name]) == pytest.approx(total, abs=1e-3)
    for kind in ("idle", "system"):
        nobodys = sum(row["cost"] for row in analyzed["allocation"] if row["kind"] == kind)
        assert sum(row[f"{kind}_cost"] for row in analyzed["assets"]) == pytest.approx(nobodys)


def test_what_only_a_bill_says_is_unknown(analyzed: dict[str, Any]) -> None:
    assert analyzed["control"] is None
    unknown = {name for name, value in analyzed["totals"].items() if value is None}
    assert unknown == set(analyzed["totals"]) - {"report"}
    assert {row["group"] for row in analyzed["ledger"]} == {"report"}
    assert {row["basis"] for row in analyzed["allocation"]} == {"list"}
    assert all(row["paid_cost"] is None for row in analyzed["assets"])
    assert all("fallback" in row["price_source"] for row in analyzed["prices"])


def test_the_document_fits_its_schema(analyzed: dict[str, Any]) -> None:
    from jsonschema import Draft202012Validator

    from burn.builtin.sinks.json_schema import report_schema

    Draft202012Validator(report_schema()).validate(analyzed)


def test_the_bill_is_not_read(burn: Burn, tmp_path: Path) -> None:
    """The same where the bill is a place that does not exist."""
    gone = ("--set", f"provider.aws.bill={tmp_path}/no-such-bill")
    found = burn("analyze", *SAMPLE, *gone, "--quiet")
    assert found.exit_code == 0, found.stderr
    assert "no bill" in found.stdout


def test_one_screen(burn: Burn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    for more in ((), ("--by", "pod")):
        lines = burn("analyze", *SAMPLE, "--quiet", *more).stdout.splitlines()
        assert len(lines) <= 45
        assert max(map(len, lines)) <= 80
    text = "\n".join(lines)
    assert "search/opensearch-0" in text


@pytest.mark.parametrize("provider", ["aws", "gcp", "azure"])
def test_what_to_do_next_is_money_that_can_be_saved(burn: Burn, provider: str) -> None:
    """A guess of a price, or a pod without requests, is none; nor is all that traffic costs."""
    cluster = ("--provider", provider, "--sample", "--quiet", "--no-keep")
    for command in ("run", "analyze"):
        both = ("--format", "table", "--output", "-", "--format", "json", "--output", "all.json")
        screen = burn(command, *cluster, *both).stdout
        guessed = " assets are priced from the built-in fallback table" in screen
        assert guessed or command == "run"
        by_title = {
            one["title"]: one for one in json.loads(Path("all.json").read_text())["findings"]
        }
        shown = screen.partition("DO NEXT")[2].partition("\n\n")[0]
        lines = shown.splitlines()[1:]
        assert len(lines) == 3
        for line in lines:
            found = by_title[line.partition(":")[0]]
            assert found["rule"] not in ("fallback-price", "no-requests")
            assert ("frees capacity" in line) == (not found["bill_saving"])
            assert ("saves part of it" in line) == (found["rule"] in ("data-transfer", "nat"))
            # A name that a cloud made up may be too long; one that people gave is there to its end.
            assert "…" not in line or "pvc-" in line


def test_pods_are_their_workloads(burn: Burn, analyzed: dict[str, Any]) -> None:
    found = burn("analyze", *SAMPLE, "--format", "json", "--quiet", "--by", "pod")
    pods = json.loads(found.stdout)
    for made in (analyzed, pods):
        by: dict[tuple[str, str], float] = {}
        for row in made["allocation"]:
            key = (row["namespace"], row["workload"].partition("/")[0])
            by[key] = by.get(key, 0.0) + row["cost"]
        made["sums"] = by
    assert pods["sums"] == pytest.approx(analyzed["sums"])
    names = {row["workload"] for row in pods["allocation"]}
    assert {"opensearch/opensearch-0", "opensearch/opensearch-1"} <= names
    assert pods["findings"] == analyzed["findings"]


def test_use_is_of_what_was_asked_for(burn: Burn, analyzed: dict[str, Any]) -> None:
    """One workload of the screen, from the frame of use."""
    use = [row for row in analyzed["use"] if row["workload"] == "embedder"]
    cpu = sum(row["cpu_used"] for row in use) / sum(row["cpu_request"] for row in use)
    line = next(
        one for one in burn("analyze", *SAMPLE, "--quiet").stdout.splitlines() if "/embedder" in one
    )
    assert re.findall(r"(\d+) %", line)[0] == f"{100 * cpu:.0f}"


def test_effective_prices_are_those_that_were_paid(burn: Burn) -> None:
    nothing = burn("analyze", *SAMPLE, "--prices", "effective", "--quiet")
    assert nothing.exit_code == 2
    assert "no kept run" in nothing.stderr
    run = json.loads(burn("run", *SAMPLE, "--format", "json", "--quiet").stdout)
    found = burn("analyze", *SAMPLE, "--prices", "effective", "--format", "json", "--quiet")
    made = json.loads(found.stdout)
    assert made["info"]["paid"] == run["info"]["run_id"]
    # Over the run's own window the assets come to what its ledger says of them: the report, its hours
    # and its rates, without what runs through them and what no asset caused.
    walked = sum(
        row["amount"]
        for row in run["ledger"]
        if row["group"] in ("report", "rate") or row["driver"] in ("uptime", "unbilled")
    )
    assert made["totals"]["cluster_effective"] == pytest.approx(walked, rel=2e-3)
    assert made["totals"]["report"] == pytest.approx(run["totals"]["report"])
    effective = sum(r["cost"] for r in made["allocation"] if r["basis"] == "effective")
    assert effective == pytest.approx(made["totals"]["cluster_effective"])


def test_kept_apart(burn: Burn) -> None:
    run = json.loads(burn("run", *SAMPLE, "--format", "json", "--quiet").stdout)["info"]["run_id"]
    alone = json.loads(burn("analyze", *SAMPLE, "--format", "json", "--quiet").stdout)
    mine = alone["info"]["run_id"]
    assert mine != run
    listed = burn("history", "--sample").stdout
    assert re.search(rf"{mine[:8]} .* none ", listed)
    assert json.loads(burn("show", "--sample", mine, "--format", "json").stdout) == alone
    # A window means the run, whichever is newer; what compares and sums takes one kind.
    shown = json.loads(burn("show", "--sample", "2026-10", "--format", "json").stdout)
    assert shown["info"]["run_id"] == run
    mixed = burn("diff", "--sample", mine, run)
    assert mixed.exit_code == 2
    assert "--no-bill" in mixed.stderr
    same = burn("diff", "--sample", "--no-bill", mine, "latest")
    assert same.exit_code == 0, same.stderr
    assert "REPORT     0.00" in same.stdout
    assert "BILLED" not in same.stdout
    trend = json.loads(burn("trend", "--sample", "--no-bill", "--format", "json").stdout)
    assert "BILLED" not in json.dumps(trend)
    assert burn("explain", "control", "--sample", "--run", mine).exit_code == 2


def test_what_has_no_bill_is_refused_by_run(burn: Burn) -> None:
    refused = burn("run", "--provider", "onprem")
    assert refused.exit_code == 2
    assert "burn analyze --provider onprem" in refused.stderr


def test_formats_that_need_a_bill_say_so(burn: Burn) -> None:
    formats = ("csv", "json", "table", "markdown")
    to = [word for name in formats for word in ("--format", name, "--output", f"all.{name}")]
    assert burn("analyze", *SAMPLE, "--quiet", "--no-keep", *to).exit_code == 0
    assert all(Path(f"all.{name}").stat().st_size for name in formats)
    refused = burn("analyze", *SAMPLE, "--quiet", "--format", "patch")
    assert refused.exit_code == 2
    assert "without a bill" in refused.stderr


def test_a_page_without_a_bill_shows_nothing_of_one(
    burn: Burn, tmp_path: Path, analyzed: dict[str, Any]
) -> None:
    """Its figures add up to the report; what only a bill says is null, and no word speaks of it."""
    target = tmp_path / "page.html"
    found = burn("analyze", *SAMPLE, "--quiet", "--format", "html", "--output", str(target))
    assert found.exit_code == 0, found.stderr
    page = target.read_text(encoding="utf-8")
    shown, _, data = page.partition('id="burn-report">')
    values = json.loads(data.partition("</script>")[0])
    total = round(analyzed["totals"]["report"], 2)
    for rows in (values["kinds"], values["namespaces"]["rows"], values["workloads"]["rows"]):
        assert sum(row.get("list", row.get("report")) for row in rows) == pytest.approx(total)
    assert sum(day["total"] for day in values["days"]) == pytest.approx(total)
    assert values["bill"] is None
    assert values["totals"] == {
        **dict.fromkeys(analyzed["totals"]),
        "report": pytest.approx(total, abs=0.01),
    }
    assert "No bill was read" in shown
    for word in ("BILLED", "INVOICE", ">final<", "bill of the whole window", "nan"):
        assert word not in shown


def test_a_misspelt_price_is_refused(burn: Burn) -> None:
    refused = burn("analyze", *SAMPLE, "--prices", "paid")
    assert refused.exit_code == 2
    assert "list or effective" in refused.stderr


def test_several_clusters_are_one_report(burn: Burn) -> None:
    both = ("--provider", "aws", "--provider", "gcp", "--sample", "--quiet", "--no-keep")
    parts = [
        json.loads(burn("analyze", *SAMPLE[:1], name, *both[4:], "--format", "json").stdout)
        for name in ("aws", "gcp")
    ]
    to = ("--format", "table", "--output", "-", "--format", "json", "--output", "all.json")
    screen = burn("analyze", *both, *to).stdout
    found = json.loads(Path("all.json").read_text())
    total = sum(part["totals"]["report"] for part in parts)
    assert found["totals"]["report"] == pytest.approx(total)
    assert len(found["assets"]) == sum(len(part["assets"]) for part in parts)
    assert "aws:shop-prod/recommend/Deployment/emb" in screen
