"""Every driver of a random world, recovered to the cent from each export that Azure writes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from burn.api import Observation, Report, Scope, Window, schemas
from burn.builtin.policies.specs import POLICIES
from burn.events import Silent
from burn.pipeline import run
from burn.plan import Chosen, Plan
from burn_azure.provider import AzureProvider
from burn_azure.settings import AzureSettings
from tests.e2e.lab_run import Key, LabSource, differences, found, truth, worlds
from tests.lab.azure import azure_charge, azure_frames, azure_world
from tests.lab.azure_export import write_azure
from tests.lab.random_world import random_world
from tests.lab.things import World

FRAMES = ("inventory", "presence", "pods", "usage", "mounts")


class AksSource(LabSource):
    """The lab's perfect metrics source, on Azure."""

    def observe(self, scope: Scope, day: Window) -> Observation:
        seen = super().observe(scope, day)
        made = azure_frames(self.world, {name: getattr(seen, name) for name in FRAMES})
        known = {s.name: s for s in schemas.SCHEMAS}
        valid: dict[str, Any] = {n: known[n].validate(made[n], author="lab") for n in FRAMES}
        return Observation(**valid, coverage=seen.coverage)


def report(world: World, bill: Path, window: Window | None = None, **settings: Any) -> Report:
    """One run of burn."""
    provider = AzureProvider(AzureSettings(bill=str(bill), price_list="off", **settings))
    share = next(one for one in POLICIES if one.name == "share-max")
    plan = Plan(
        scope=Scope(cluster=world.cluster, label_keys=("team",)),
        window=window or Window(world.start, world.end),
        source=Chosen("lab", "lab 1", AksSource(world)),
        provider=Chosen("azure", "burn-azure", provider),
        policies=(Chosen("share-max", "burn", share.make(share.settings())),),
        basis="effective",
    )
    return run(plan, Silent())


@worlds(6)
def test_actual_and_amortised(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    """Both exports of one month: cash against amortised comes out exactly."""
    world = azure_world(random_world(seed, style="none"))
    charged = azure_charge(world)
    bill = write_azure(charged, tmp_path_factory.mktemp("bill"))
    got = report(world, bill)
    assert differences(found(got), truth(charged)) == {}
    assert abs(got.totals.residual) < 0.005
