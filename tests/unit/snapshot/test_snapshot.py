"""A day on disk is the day that was seen, to the byte; or an error that names the file."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from burn import snapshot
from burn.api import (
    CheckRequest,
    ContractError,
    DataError,
    Observation,
    ObserveRequest,
    Scope,
    UsageError,
    Window,
    joined,
    schemas,
)
from burn.builtin.metrics.snapshot.source import SnapshotSettings, SnapshotSource
from burn.plugin.chosen import Chosen
from burn.validation.observed import Observed
from tests.servers.prometheus import available
from tests.unit.builtin.metrics.prometheus.lab import KUBELET, lab
from tests.unit.builtin.metrics.prometheus.world import (
    DAY,
    Node,
    Pod,
    Scrape,
    Service,
    Volume,
    World,
)

pytestmark = [
    pytest.mark.prometheus,
    pytest.mark.skipif(not available(), reason="needs prometheus and promtool"),
]
FRAMES = ("inventory", "presence", "pods", "usage", "mounts")
KEYS = ("team", "app")
SCOPE = Scope(cluster="prod", label_keys=KEYS)
PART = Window(DAY.start + timedelta(hours=5), DAY.start + timedelta(hours=13))


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Window, Observation]]:
    pods = [
        Pod(f"uid-{n}", f"web-{n}", "n1", n * 5000, n * 5000 + 9000, cpu=0.3, labels={"team": "a"})
        for n in range(15)
    ]
    pods.append(Pod("uid-db", "db-0", "n2", claims=("data",), labels={"app": "db", "team": "ü"}))
    world = World(
        nodes=[Node("n1"), Node("n2", end=20 * 3600)],
        pods=pods,
        volumes=[Volume("pv", "vol-1", claim=("shop", "data"))],
        services=[Service("lb", hostname="x.example", start=15 * 3600)],
    )
    down = ((3 * 3600, 6 * 3600),)
    scrapes = [Scrape(60, phase=13.7, down=down)]
    shown = {"prod": (world, scrapes, Scrape(60, extra=KUBELET, down=down))}
    with lab(tmp_path_factory.mktemp("snapshot"), shown) as running:
        yield {day: running.observe("prod", day, KEYS) for day in (DAY, PART)}


def text(frame: pd.DataFrame) -> pd.DataFrame:
    """A usage frame comes back with categories, a tenth of the memory; what they say is the same."""
    return frame.astype({name: "str" for name in ("pod_uid", "asset_id") if name in frame})


def as_bytes(observation: Observation) -> list[bytes]:
    out = []
    for name in FRAMES:
        buffer = io.BytesIO()
        text(getattr(observation, name)).to_parquet(buffer)
        out.append(buffer.getvalue())
    return out


def source(root: Path) -> SnapshotSource:
    return SnapshotSource(SnapshotSettings(str(root)))


def test_the_same_to_the_byte(seen: dict[Window, Observation], tmp_path: Path) -> None:
    snapshot.write_day(tmp_path, SCOPE, DAY, seen[DAY])
    back = source(tmp_path).observe(ObserveRequest(scope=SCOPE, window=DAY))
    assert as_bytes(back) == as_bytes(seen[DAY])
    assert back.coverage == seen[DAY].coverage
    for name in FRAMES:
        pd.testing.assert_frame_equal(
            text(getattr(back, name)), getattr(seen[DAY], name), check_exact=True
        )
    assert {back.usage[name].dtype.name for name in ("pod_uid", "asset_id")} == {"category"}


def test_two_writes_are_the_same_files(seen: dict[Window, Observation], tmp_path: Path) -> None:
    for root in ("a", "b"):
        snapshot.write_day(tmp_path / root, SCOPE, DAY, seen[DAY])
    first = {p.relative_to(tmp_path / "a"): p.read_bytes() for p in (tmp_path / "a").rglob("*.*")}
    again = {p.relative_to(tmp_path / "b"): p.read_bytes() for p in (tmp_path / "b").rglob("*.*")}
    assert first == again
    assert len(first) >= len(FRAMES) + 1


def test_part_of_a_day_is_what_prometheus_says_of_it(
    seen: dict[Window, Observation], tmp_path: Path
) -> None:
    snapshot.write_day(tmp_path, SCOPE, DAY, seen[DAY])
    part = source(tmp_path).observe(ObserveRequest(scope=SCOPE, window=PART))
    for name in ("presence", "usage", "pods", "mounts"):
        pd.testing.assert_frame_equal(text(getattr(part, name)), getattr(seen[PART], name))
    columns = ["asset_id", "hours", "name", "cpu_cores", "storage_gib"]
    pd.testing.assert_frame_equal(part.inventory[columns], seen[PART].inventory[columns])
    assert part.coverage.hours_missing == pytest.approx(seen[PART].coverage.hours_missing, abs=1e-6)
    assert part.coverage.gaps == seen[PART].coverage.gaps


def test_many_days_are_each_day_alone(seen: dict[Window, Observation], tmp_path: Path) -> None:
    """Days of other categories, other label keys, and hours of a day at both ends."""
    for number, keys in enumerate((KEYS, KEYS, ("team",))):
        day = Window(DAY.start + timedelta(days=number), DAY.end + timedelta(days=number))
        scope = Scope(cluster="prod", label_keys=keys)
        snapshot.write_day(tmp_path, scope, day, later(seen[DAY], number))
    window = Window(DAY.start + timedelta(hours=20), DAY.end + timedelta(days=1, hours=5))
    stored = source(tmp_path)
    at_once = stored.observe(ObserveRequest(scope=SCOPE, window=window))
    days = [stored.observe(ObserveRequest(scope=SCOPE, window=day)) for day in window.days()]
    assert as_bytes(at_once) == as_bytes(joined(days))
    assert at_once.coverage == joined(days).coverage
    assert at_once.coverage.notes[-1] == "label keys that were not collected: app"
    outline = stored.outline(ObserveRequest(scope=SCOPE, window=window))
    assert as_bytes(replace(at_once, inventory=outline.inventory)) == as_bytes(at_once)
    assert outline.coverage == at_once.coverage
    assert outline.rows == (len(seen[DAY].usage),) * 3, "of the whole days, as they are stored"


def later(seen: Observation, days: int) -> Observation:
    """The same some days later, with pods of other names."""

    def moved(name: str, column: str) -> pd.DataFrame:
        frame = getattr(seen, name)
        if name in ("pods", "usage", "mounts"):
            frame = frame.assign(pod_uid=f"{days}-" + frame["pod_uid"])
        return frame.assign(**{column: frame[column] + pd.Timedelta(days=days)})

    times = {"presence": "hour", "usage": "hour"}
    return replace(seen, **{name: moved(name, times.get(name, "day")) for name in FRAMES})


def test_days_and_clusters(seen: dict[Window, Observation], tmp_path: Path) -> None:
    assert snapshot.clusters(tmp_path) == []
    snapshot.write_day(tmp_path, Scope(cluster="b/c d"), DAY, seen[DAY])
    snapshot.write_day(tmp_path, Scope(cluster="a"), PART, seen[PART])
    assert snapshot.clusters(tmp_path) == ["a", "b/c d"]
    assert snapshot.days(tmp_path, "a") == [PART]
    assert snapshot.days(tmp_path, "b/c d") == [DAY]
    with pytest.raises(UsageError, match="several clusters"):
        snapshot.read_days(tmp_path, None, DAY)
    checks = list(source(tmp_path).check(CheckRequest()))
    assert [check.ok for check in checks] == [True, True]


def test_remote_paths_are_read_the_same_way(
    seen: dict[Window, Observation], tmp_path: Path
) -> None:
    snapshot.write_day(tmp_path, SCOPE, DAY, seen[DAY])
    back = snapshot.read_days(tmp_path.as_uri(), "prod", DAY)
    assert as_bytes(back) == as_bytes(seen[DAY])


def test_a_day_that_was_not_collected(seen: dict[Window, Observation], tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds no 2026-10-01") as caught:
        snapshot.read_days(tmp_path, "prod", DAY)
    assert "burn collect" in (caught.value.hint or "")
    snapshot.write_day(tmp_path, SCOPE, PART, seen[PART])
    with pytest.raises(DataError, match=r"holds only 2026-10-01T05:00\.\.2026-10-01T13:00"):
        snapshot.read_days(tmp_path, "prod", DAY)


def test_a_longer_day_is_not_lost(seen: dict[Window, Observation], tmp_path: Path) -> None:
    snapshot.write_day(tmp_path, SCOPE, PART, seen[PART])
    snapshot.write_day(tmp_path, SCOPE, DAY, seen[DAY])
    with pytest.raises(UsageError, match=r"holds 2026-10-01\.\.2026-10-02 already"):
        snapshot.write_day(tmp_path, SCOPE, PART, seen[PART])


@pytest.mark.parametrize("name", [f"{frame}.parquet" for frame in FRAMES] + ["coverage.json"])
@pytest.mark.parametrize("keep", [0, 40])
def test_damage_is_named(
    seen: dict[Window, Observation], tmp_path: Path, name: str, keep: int
) -> None:
    place = Path(snapshot.write_day(tmp_path, SCOPE, DAY, seen[DAY]))
    (place / name).write_bytes((place / name).read_bytes()[:keep])
    with pytest.raises(DataError, match=name):
        snapshot.read_days(tmp_path, "prod", DAY)


def test_a_frame_of_another_day_is_named(seen: dict[Window, Observation], tmp_path: Path) -> None:
    place = Path(snapshot.write_day(tmp_path, SCOPE, DAY, seen[DAY]))
    other = Path(snapshot.write_day(tmp_path / "other", SCOPE, PART, seen[PART]))
    (place / "usage.parquet").write_bytes((other / "usage.parquet").read_bytes())
    with pytest.raises(DataError, match=r"usage\.parquet cannot be read: its content is not what"):
        snapshot.read_days(tmp_path, "prod", DAY)
    without_digests(place)
    with pytest.raises(DataError, match=r"usage\.parquet cannot be read: \d+ rows where"):
        snapshot.read_days(tmp_path, "prod", DAY)


def test_what_was_checked_when_it_was_written_is_trusted_by_its_digest_alone(
    seen: dict[Window, Observation], tmp_path: Path
) -> None:
    stored = Chosen("snapshot", "burn-core", source(tmp_path), stored=True)
    place = Path(snapshot.write_day(tmp_path, SCOPE, DAY, seen[DAY]))
    path = place / "usage.parquet"
    usage = pq.read_table(path)
    # A pod's hour twice, and another left out: as many rows, another cost.
    pq.write_table(usage.take([0, 0, *range(2, len(usage))]), path)
    with pytest.raises(DataError, match="its content is not what was written"):
        Observed(stored, SCOPE)(DAY)
    without_digests(place)
    with pytest.raises(ContractError, match=r"usage.*is not unique"):
        Observed(stored, SCOPE)(DAY)


def without_digests(place: Path) -> None:
    """A day as an early burn wrote it."""
    marker = place / "coverage.json"
    marker.write_text(json.dumps({**json.loads(marker.read_text()), "sha256": None}))


def test_a_write_that_fails_leaves_nothing(seen: dict[Window, Observation], tmp_path: Path) -> None:
    bad = replace(seen[DAY], usage=seen[DAY].usage.drop(columns="hours"))
    with pytest.raises(Exception, match="hours"):
        snapshot.write_day(tmp_path, SCOPE, DAY, bad)
    assert list(tmp_path.rglob("*.parquet")) == []
    assert snapshot.days(tmp_path, "prod") == []


def test_an_unnamed_cluster_takes_the_runs_name(
    seen: dict[Window, Observation], tmp_path: Path
) -> None:
    known = seen[DAY].workloads
    assert known is not None
    assert len(known)
    nameless = replace(
        seen[DAY],
        inventory=seen[DAY].inventory.assign(cluster=""),
        pods=seen[DAY].pods.assign(cluster=""),
        workloads=known.assign(cluster=""),
    )
    snapshot.write_day(tmp_path, Scope(cluster=None, label_keys=KEYS), DAY, nameless)
    back = source(tmp_path).observe(ObserveRequest(scope=SCOPE, window=DAY))
    assert as_bytes(back) == as_bytes(seen[DAY])
    assert back.workloads is not None
    assert set(back.workloads["cluster"]) == {"prod"}
    assert list(back.workloads["workload"]) == list(known["workload"])
    snapshot.write_day(tmp_path / "named", Scope(cluster=None, label_keys=KEYS), DAY, seen[DAY])
    with pytest.raises(DataError, match="is of cluster `prod`, not `dev`"):
        source(tmp_path / "named").observe(ObserveRequest(scope=Scope(cluster="dev"), window=DAY))


def test_only_the_labels_a_run_wants(seen: dict[Window, Observation], tmp_path: Path) -> None:
    around = seen[DAY].inventory["asset_id"].map({"volume/vol-1": '{"app": "x", "team": "b"}'})
    inventory = schemas.INVENTORY.validate(seen[DAY].inventory.assign(labels=around), author="test")
    snapshot.write_day(tmp_path, SCOPE, DAY, replace(seen[DAY], inventory=inventory))
    back = source(tmp_path).observe(
        ObserveRequest(scope=Scope(cluster="prod", label_keys=("app", "never")), window=DAY)
    )
    assert set(back.pods["labels"]) == {"{}", '{"app": "db"}'}
    assert list(back.inventory["labels"].dropna()) == ['{"app": "x"}']
    assert back.coverage.notes[-1] == "label keys that were not collected: never"


def test_optional_columns_are_kept_where_they_say_something(
    seen: dict[Window, Observation], tmp_path: Path
) -> None:
    """A day of an older burn has none of them, as one that nobody filled."""
    optional = ["cpu_requested", "memory_requested", "gpu_requested", "labels"]
    place = Path(snapshot.write_day(tmp_path, SCOPE, DAY, seen[DAY]))
    assert not set(optional) & set(pq.read_schema(place / "inventory.parquet").names)
    assert snapshot.read_days(tmp_path, "prod", DAY).inventory[optional].isna().all(axis=None)
    filled = replace(seen[DAY], inventory=seen[DAY].inventory.assign(cpu_requested=2.0))
    snapshot.write_day(tmp_path, SCOPE, DAY, filled)
    back = snapshot.read_days(tmp_path, "prod", DAY).inventory
    assert (back["cpu_requested"] == 2.0).all()
    assert back["gpu_requested"].isna().all()
