"""A year of whole months, kept in a folder and in a bucket; each change between two months is named by `diff`.

What is expected is worked out from the price list by hand; neither burn's ledger nor the lab's is asked.
"""

from __future__ import annotations

import os
import random
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from burn.api import Window
from burn.cli.app import app
from burn.history.diff import diff
from burn.history.place import Place
from burn.history.store import History
from tests.e2e.lab_run import report, written
from tests.e2e.test_diff_truth import CENT, TAGS, _service, by_cause, differ
from tests.lab.rates import DISK, INSTANCES
from tests.lab.things import Discounts, Monthly, Node, Pod, Volume, World
from tests.servers.aws import moto

pytestmark = pytest.mark.slow
HOUR = 3600
SEEDS = range(1, 2 + int(os.environ.get("BURN_EXAMPLES", "0")))
"""One year, unless BURN_EXAMPLES asks for more: each takes half a minute."""
KINDS = ("m6i.large", "m6i.xlarge", "c6i.xlarge", "r6i.xlarge", "t3.medium", "m6i.2xlarge")
CHANGES = ("node", "no node", "disk", "agreement", "service", "no service", "credit", "nothing")


@dataclass(frozen=True)
class Month:
    """A cluster as it is all of a month: nodes by number, GiB, discount, services by rate, credit."""

    number: int
    nodes: tuple[tuple[int, str], ...]
    gib: int
    edp: Decimal
    services: tuple[tuple[str, Decimal], ...]
    credit: Decimal

    @property
    def window(self) -> Window:
        return Window.month(2026, self.number)

    def world(self) -> World:
        hours = self.window.hours
        whole = (0, hours * HOUR)
        nodes = tuple(
            Node(f"node-{n}", f"i-{n:017x}", kind, "us-east-1a", whole, whole, tags=TAGS)
            for n, kind in self.nodes
        )
        pods = tuple(
            Pod(
                f"uid-{node.name}", f"app-{node.name}", "shop", "Deployment", f"app-{node.name}",
                node.name, whole, cpu=size.cores, memory_gib=size.memory_gib,
                cpu_used=size.cores, memory_used_gib=size.memory_gib,
            )
            for node in nodes
            for size in [INSTANCES[node.instance_type]]
        )  # fmt: skip
        volume = Volume(
            "pvc-1", "vol-0000000000000aaaa", "gp3", "us-east-1a", ((*whole, self.gib),), whole,
            "shop", "data", tags=TAGS,
        )  # fmt: skip
        return World(
            seed=1,
            cluster="shop",
            account="123456789012",
            region="us-east-1",
            start=self.window.start,
            hours=hours,
            scrape=60,
            nodes=nodes,
            pods=pods,
            volumes=(volume,),
            services=tuple(_service(name, rate) for name, rate in self.services),
            discounts=Discounts(edp=self.edp),
            monthly=Monthly(credit=self.credit),
            control_plane=False,
        )


def year(seed: int) -> list[Month]:
    """Twelve months; between any two, one or two changes."""
    dice = random.Random(seed)
    kinds = iter(dice.sample(KINDS, len(KINDS)))
    nodes = ((1, next(kinds)), (2, next(kinds)))
    services = (("stay", Decimal("0.31")),)
    months = [Month(1, nodes, 80, Decimal("0.05"), services, Decimal(40))]
    order = dice.sample(CHANGES, len(CHANGES)) + dice.sample(CHANGES, 3)
    for number, change in enumerate(order, 2):
        last = replace(months[-1], number=number)
        if change == "node" and (kind := next(kinds, None)):
            last = replace(last, nodes=(*last.nodes, (number + 10, kind)))
        elif change == "no node" and len(last.nodes) > 2:
            last = replace(last, nodes=last.nodes[:-1])
        elif change == "disk":
            last = replace(last, gib=last.gib + dice.randint(40, 200))
        elif change == "agreement":
            last = replace(last, edp=Decimal(dice.choice(["0.07", "0.09", "0.12"])))
        elif change == "service":
            rate = Decimal(dice.randint(10, 90)) / 100
            last = replace(last, services=(*last.services, (f"new{number}", rate)))
        elif change == "no service" and len(last.services) > 1:
            last = replace(last, services=last.services[:-1])
        elif change == "credit":
            last = replace(last, credit=Decimal(dice.randint(50, 90)))
        months.append(last)
    return months


def expected(a: Month, b: Month) -> dict[tuple[str, str], float]:
    """By driver and cause, to less than a cent."""
    out: dict[tuple[str, str], float] = defaultdict(float)
    ha, hb = a.window.hours, b.window.hours
    old, new = float(a.edp), float(b.edp)
    longer = hb / ha
    before, after = dict(a.nodes), dict(b.nodes)
    for driver, x, y in (("report", 1.0, 1.0), ("negotiated", -old, -new)):
        for number, kind in (before | after).items():
            price = float(INSTANCES[kind].hourly)
            if number in before and number in after:
                out[driver, "calendar"] += x * price * (hb - ha)
                out[driver, "price"] += (y - x) * price * hb
            elif number in before:
                out[driver, "gone"] -= x * price * ha
            else:
                out[driver, "new"] += y * price * hb
        # A whole month of a disk costs its GiB, whatever the month's length.
        cost_a, cost_b = (one.gib * float(DISK["gp3"]) for one in (a, b))
        at_old_hour = cost_b * longer
        out[driver, "usage"] += x * (at_old_hour - cost_a * longer)
        out[driver, "calendar"] += x * cost_a * (longer - 1)
        same_rate = driver == "report" or old == new
        out[driver, "calendar" if same_rate else "price"] += y * cost_b - x * at_old_hour
    rates = dict(a.services), dict(b.services)
    for name in rates[0] | rates[1]:
        was, now = (float(one.get(name, 0)) for one in rates)
        if was and now:
            out["outside", "calendar"] += was * (1 - old) * (hb - ha)
            out["outside", "amount"] += was * (old - new) * hb
        elif was:
            out["outside", "gone"] -= was * (1 - old) * ha
        else:
            out["outside", "new"] += now * (1 - new) * hb
    out["credit", "charges"] += float(a.credit - b.credit)
    return {key: value for key, value in out.items() if abs(value) >= CENT}


@pytest.fixture(scope="module", params=SEEDS)
def kept(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, list[Month]]:
    folder = tmp_path_factory.mktemp(f"year-{request.param}")
    months = year(request.param)
    store = History(Place(str(folder / "history")))
    for month in months:
        world = month.world()
        _, bill = written(world, folder / str(month.number))
        store.keep(report(world, bill), now=month.window.end + timedelta(days=6))
    return folder / "history", months


def test_each_change_of_the_year_is_named_to_the_cent(kept: tuple[Path, list[Month]]) -> None:
    folder, months = kept
    store = History(Place(str(folder)))
    reports = [store.load(one) for one in sorted(store.all(), key=lambda one: one.window.start)]
    assert [one.info.window for one in reports] == [month.window for month in months]
    for a, b, before, after in zip(months, months[1:], reports, reports[1:], strict=False):
        made = diff(before, after)
        assert differ(by_cause(made.rows, "driver"), expected(a, b)) == {}, b.window
        assert abs(made.residual) < 1e-6


def asked(place: str, *words: str) -> Result:
    return CliRunner().invoke(app, [*words, "--set", f"history.path={place}"])


COMMANDS = (
    ("show", "2026-03", "--format", "json"),
    ("diff", "2026-03", "2026-04"),
    ("trend", "--by", "node"),
    ("forecast",),
    ("check", "--set", "check.budgets.x.amount=1e9", "--set", "check.anomaly_amount=1e9"),
    ("history", "--format", "json"),
    ("explain", "negotiated", "--run", "2026-05"),
)


def test_a_bucket_answers_as_the_folder_does(
    kept: tuple[Path, list[Month]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a bill nor metrics are there to be read."""
    import boto3

    folder, _ = kept
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "100")
    keys = {"aws_access_key_id": "k", "aws_secret_access_key": "s", "region_name": "us-east-1"}
    with moto() as server:
        client = boto3.client("s3", endpoint_url=server, **keys)
        client.create_bucket(Bucket="kept")
        for path in folder.rglob("*"):
            if path.is_file():
                client.upload_file(str(path), "kept", f"h/{path.relative_to(folder).as_posix()}")
        host = server.removeprefix("http://")
        bucket = f"s3://k:s@kept/h?endpoint_override={host}&scheme=http&region=us-east-1"
        for words in COMMANDS:
            near, far = asked(str(folder), *words), asked(bucket, *words)
            assert (near.exit_code, far.exit_code) == (0, 0), (words, near.output, far.output)
            assert near.stdout == far.stdout


def test_the_months_are_those_of_the_calendar() -> None:
    assert [month.window.start for month in year(1)] == [
        datetime(2026, number, 1, tzinfo=UTC) for number in range(1, 13)
    ]
