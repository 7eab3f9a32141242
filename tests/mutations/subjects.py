"""The bills that are mutated: a world's month in each format of each cloud, and a run over it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from burn.api import CheckRequest, Observation, ObserveRequest, Window
from burn.run.plan import Plan
from burn_azure.provider import AzureProvider
from burn_azure.settings import AzureSettings
from tests.e2e import lab_run
from tests.e2e.test_truth_azure import AksSource
from tests.e2e.test_truth_azure import plan as azure_plan
from tests.lab.azure import azure_charge, azure_world
from tests.lab.azure_export import write_azure
from tests.lab.gcp import gcp_frames, write_gcp
from tests.lab.gcp_names import gcp_world
from tests.lab.gcp_run import gcp_plan
from tests.lab.ledger import charge
from tests.lab.random_world import random_world
from tests.lab.source import LabSource
from tests.mutations.shortcut import PlanOf
from tests.servers.azure import azure
from tests.servers.gcp import catalog, serving

SEEDS = (0, 2, 3)
"""Worlds whose bill burn reads without a note."""
Opened = Callable[[int, Path], AbstractContextManager[PlanOf]]


@dataclass(frozen=True)
class Subject:
    """One format of one cloud.

    Attributes:
        name: for `python -m tests.mutations NAME`.
        opened: writes the bill of a seed's world to a folder and gives the plan of a run over it.
        drawn: how many of its mutations the suite tries; all are tried by hand.
        dataset: text in the paths of the files that are changed, of a bill of several datasets.
    """

    name: str
    opened: Opened
    drawn: int = 1
    dataset: str = ""


class Remembered:
    """A source that makes each day once: no mutation changes the cluster."""

    def __init__(self, source: LabSource) -> None:
        self._source = source
        self._days: dict[Window, Observation] = {}

    def check(self, request: CheckRequest) -> tuple[()]:
        return ()

    def observe(self, request: ObserveRequest) -> Observation:
        day = request.window
        if day not in self._days:
            self._days[day] = self._source.observe(request)
        return self._days[day]


def _aws(form: str, **options: str) -> Opened:
    @contextmanager
    def opened(seed: int, folder: Path) -> Iterator[PlanOf]:
        style = "both" if form == "focus" else None
        world = random_world(seed, style=style, hours=48, nodes=3)
        lab_run.written(world, folder, form, **options)
        source = Remembered(LabSource(world))
        yield lambda bill: lab_run.plan(world, bill, source=source)

    return opened


def _gcp(**options: str) -> Opened:
    @contextmanager
    def opened(seed: int, folder: Path) -> Iterator[PlanOf]:
        world = gcp_world(random_world(seed, hours=48, nodes=3))
        write_gcp(charge(world), folder, **options)
        source = Remembered(LabSource(world, gcp_frames))
        with serving(catalog) as url:
            yield lambda bill: gcp_plan(world, bill, None, source, endpoint_url=url)

    return opened


def _azure(datasets: tuple[str, ...], form: str) -> Opened:
    """Azure's own columns name negotiated prices, so the world has some."""

    @contextmanager
    def opened(seed: int, folder: Path) -> Iterator[PlanOf]:
        world = azure_world(random_world(seed, style="columns", hours=48, nodes=3))
        charged = azure_charge(world)
        write_azure(charged, folder, datasets=datasets, form=form, spot_listed=False)
        source = Remembered(AksSource(world))
        with azure() as fake:
            url = fake.retail

            def plan(bill: Path) -> Plan:
                provider = AzureProvider(AzureSettings(bill=str(bill), retail_url=url))
                return azure_plan(world, provider, source)

            yield plan

    return opened


SUBJECTS = (
    Subject("aws-cur2", _aws("cur2"), drawn=3),
    Subject("aws-legacy", _aws("legacy")),
    Subject("aws-focus-1.0", _aws("focus", version="1.0"), drawn=2),
    Subject("aws-focus-1.2", _aws("focus", version="1.2"), drawn=2),
    Subject("gcp-parquet", _gcp(), drawn=2),
    Subject("gcp-csv", _gcp(form="csv")),
    Subject("gcp-jsonl", _gcp(form="jsonl")),
    Subject("gcp-focus", _gcp(export="focus", model="legacy"), drawn=2),
    Subject("azure-csv", _azure(("actual", "amortized"), "csv.gz")),
    Subject("azure-parquet", _azure(("actual", "amortized"), "parquet")),
    Subject("azure-amortized", _azure(("actual", "amortized"), "csv.gz"), dataset="burn-amortized"),
    Subject("azure-focus", _azure(("focus",), "csv"), drawn=2),
)
