"""Planted waste is found and traps are not fallen into, from the source to findings and patches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from burn.api import Report, Scope, Window, WriteRequest
from burn.builtin.metrics.snapshot.source import SnapshotSettings, SnapshotSource
from burn.builtin.metrics.specs import SOURCES
from burn.builtin.sinks.patch_sink import PatchSink
from burn.builtin.sinks.settings import PatchSettings
from burn.history.place import Place
from burn.history.store import History
from burn.snapshot import write_day
from tests.e2e.lab_run import report
from tests.lab.cur2 import write_cur2
from tests.lab.ledger import charge
from tests.lab.openmetrics import write_openmetrics
from tests.lab.sizing import TRAPS, SizedSource, world
from tests.lab.source import LabSource
from tests.servers import prometheus


@pytest.fixture(scope="module")
def bill(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_cur2(charge(world()), tmp_path_factory.mktemp("bill"))


@pytest.fixture(scope="module")
def seen(bill: Path) -> Report:
    return report(world(), bill, source=SizedSource(world()))


def test_each_trap_has_its_answer(seen: Report) -> None:
    assert seen.sizes is not None
    rows = seen.sizes[seen.sizes["preset"] == "burn"].set_index("workload")
    said = {
        name: (row["cpu_request_new"], row["memory_request_new"]) for name, row in rows.iterrows()
    }
    wanted = {trap.name: pytest.approx(trap.answer) for trap in TRAPS if trap.answer}
    assert said == wanted


def test_what_is_worth_telling_is_told_and_nothing_else(seen: Report) -> None:
    told = {
        one.subject.rpartition("/")[2]
        for one in seen.findings
        if one.rule in ("right-size", "over-requested")
    }
    assert told == {trap.name for trap in TRAPS if trap.found}


def test_the_amount_is_the_surplus_of_the_workloads_own_cost(seen: Report) -> None:
    rows = seen.allocation[
        (seen.allocation["basis"] == "effective") & (seen.allocation["workload"] == "waste")
    ]
    cost = rows.groupby("resource", observed=True)["cost"].sum()
    surplus = cost["cpu"] * (2.0 - 0.46) / 2.0 + cost["memory"] * (8.0 - 1.15) / 8.0
    found = next(one for one in seen.findings if one.subject.endswith("/waste"))
    assert found.amount == pytest.approx(surplus)
    assert found.monthly == pytest.approx(surplus * 730 / (14 * 24))
    assert not found.bill_saving
    assert found.confidence == "high"


def test_an_autoscaler_is_told_with_its_new_target(seen: Report) -> None:
    found = next(one for one in seen.findings if one.subject.endswith("/scaled"))
    assert "autoscaler's CPU target to 100%" in found.action


def test_without_facts_it_is_silent(bill: Path) -> None:
    blind = report(world(), bill, source=LabSource(world()))
    assert blind.sizes is None
    assert "right-size" not in {one.rule for one in blind.findings}
    assert "over-requested" in {one.rule for one in blind.findings}


def test_a_snapshot_keeps_what_advice_needs(bill: Path, seen: Report, tmp_path: Path) -> None:
    from burn.api import ObserveRequest

    source, scope = SizedSource(world()), Scope(cluster="lab-sizes", label_keys=("team",))
    for day in Window(world().start, world().end).days():
        write_day(tmp_path, scope, day, source.observe(ObserveRequest(scope=scope, window=day)))
    again = report(world(), bill, source=SnapshotSource(SnapshotSettings(path=str(tmp_path))))
    assert again.sizes is not None
    assert seen.sizes is not None
    assert again.sizes.equals(seen.sizes)
    assert again.findings == seen.findings


def written(seen: Report, folder: Path, **settings: Any) -> list[dict[str, Any]]:
    target = folder / "out.yaml"
    sink = PatchSink(PatchSettings(**settings))
    sink.write(WriteRequest(report=seen, target=str(target)))
    return [one for one in yaml.safe_load_all(target.read_text()) if one]


def test_patches_are_what_kubernetes_merges(seen: Report, tmp_path: Path) -> None:
    """Whole quantities, rounded up; a kept report gives the same; what barely changes is left out."""
    found = {one["metadata"]["name"]: one for one in written(seen, tmp_path)}
    assert set(found) == {"waste", "weekly", "forgotten", "scaled", "starts-up", "killed"}
    waste = found["waste"]
    assert (waste["apiVersion"], waste["kind"]) == ("apps/v1", "Deployment")
    assert waste["spec"]["template"]["spec"]["containers"] == [
        {"name": "main", "resources": {"requests": {"cpu": "460m", "memory": "1178Mi"}}}
    ]
    killed = found["killed"]["spec"]["template"]["spec"]["containers"][0]["resources"]
    assert killed["limits"] == {"memory": "1280Mi"} == {"memory": killed["requests"]["memory"]}
    history = History(Place(str(tmp_path / "kept")))
    kept = history.load(history.keep(seen))
    assert written(kept, tmp_path) == written(seen, tmp_path)


@pytest.mark.parametrize(
    ("form", "look"),
    [
        (
            "vpa",
            lambda one: one["spec"]["resourcePolicy"]["containerPolicies"][0]["minAllowed"]["cpu"],
        ),
        ("helm", lambda one: one["main"]["resources"]["requests"]["cpu"]),
    ],
)
def test_other_forms(
    seen: Report, tmp_path: Path, form: str, look: Callable[[dict[str, Any]], str]
) -> None:
    cpus = [look(one) for one in written(seen, tmp_path, form=form)]
    assert sorted(cpus) == sorted(["460m", "1725m", "345m", "600m", "115m", "460m"])


def test_other_rules_on_request(seen: Report, tmp_path: Path) -> None:
    """KRR says nothing of what is autoscaled, and sets memory's limit with the request."""
    names = {one["metadata"]["name"]: one for one in written(seen, tmp_path, preset="krr")}
    assert "scaled" not in names
    resources = names["waste"]["spec"]["template"]["spec"]["containers"][0]["resources"]
    assert resources["limits"]["memory"] == resources["requests"]["memory"]


@pytest.mark.slow
@pytest.mark.prometheus
@pytest.mark.skipif(not prometheus.available(), reason="needs prometheus and promtool")
def test_a_real_prometheus_tells_the_same(bill: Path, tmp_path: Path) -> None:
    """A fortnight of scrapes each five minutes, as exporters show it: what was used, and 15 %."""
    scraped = replace(world(), scrape=300)
    text = write_openmetrics(scraped, tmp_path / "world.om")
    spec = next(one for one in SOURCES if one.name == "prometheus")
    with prometheus.serve(prometheus.backfill(text, tmp_path / "tsdb")) as url:
        live = report(scraped, bill, source=spec.make(spec.settings(url=url)))
    assert live.sizes is not None
    rows = live.sizes[live.sizes["preset"] == "burn"].set_index("workload")
    wanted = {trap.name for trap in TRAPS if trap.answer}
    assert set(rows.index) == wanted
    for trap in (one for one in TRAPS if one.answer):
        said = rows.loc[trap.name, ["cpu_request_new", "memory_request_new"]].tolist()
        assert said == pytest.approx([trap.uses[0] * 1.15, trap.uses[1] * 1.15], rel=1e-3), (
            trap.name
        )
    (waste,) = [one for one in live.findings if one.subject.endswith("/waste")]
    assert (waste.rule, waste.confidence) == ("right-size", "high")
    assert "main: request 0.46 cores and 1.15 GiB" in waste.action
