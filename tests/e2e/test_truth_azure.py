"""Every driver of a random world, recovered to the cent from each export that Azure writes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from burn.api import Observation, ObserveRequest, Report, Scope, Window, schemas
from burn.builtin.policies.specs import POLICIES
from burn.plugin.chosen import Chosen
from burn.run.pipeline import run
from burn.run.plan import Plan
from burn.work.events import Silent
from burn_azure.provider import AzureProvider
from burn_azure.settings import AzureSettings
from tests.e2e.lab_run import Key, LabSource, differences, found, truth, worlds
from tests.lab.azure import azure_charge, azure_frames, azure_world
from tests.lab.azure_export import write_azure
from tests.lab.chosen import own_rules
from tests.lab.random_world import random_world
from tests.lab.things import World
from tests.servers.azure import azure

FRAMES = ("inventory", "presence", "pods", "usage", "mounts")


class AksSource(LabSource):
    """The lab's perfect metrics source, on Azure."""

    def observe(self, request: ObserveRequest) -> Observation:
        seen = super().observe(request)
        made = azure_frames(self.world, {name: getattr(seen, name) for name in FRAMES})
        known = {s.name: s for s in schemas.SCHEMAS}
        valid: dict[str, Any] = {n: known[n].validate(made[n], author="lab") for n in FRAMES}
        return Observation(**valid, coverage=seen.coverage)


def report(world: World, bill: Path, window: Window | None = None, **settings: Any) -> Report:
    """One run of burn."""
    with azure() as fake:
        mine = {"retail_url": fake.retail} | settings
        return _run(world, AzureProvider(AzureSettings(bill=str(bill), **mine)), window)


def _run(world: World, provider: AzureProvider, window: Window | None) -> Report:
    return run(plan(world, provider, AksSource(world), window), Silent())


def plan(
    world: World, provider: AzureProvider, source: AksSource, window: Window | None = None
) -> Plan:
    """What a run over the world's bill would do."""
    share = next(one for one in POLICIES if one.name == "share-max")
    return Plan(
        scope=Scope(cluster=world.cluster, label_keys=("team",)),
        window=window or Window(world.start, world.end),
        source=Chosen("lab", "lab 1", source),
        provider=Chosen("azure", "burn-azure", provider),
        rules=own_rules(),
        policies=(Chosen("share-max", "burn", share.make(share.settings())),),
        basis="effective",
    )


@worlds(3)
def test_actual_and_amortised(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    """Both exports of one month: cash against amortised comes out exactly."""
    world = azure_world(random_world(seed, style="none"))
    charged = azure_charge(world)
    bill = write_azure(charged, tmp_path_factory.mktemp("bill"))
    got = report(world, bill)
    assert differences(found(got), truth(charged)) == {}
    assert abs(got.totals.residual) < 0.005


@pytest.mark.parametrize(("form", "parts"), [("parquet", 3), ("csv", 2)])
@worlds(2)
def test_partitions_and_parquet(
    tmp_path_factory: pytest.TempPathFactory, form: str, parts: int, seed: int
) -> None:
    world = azure_world(random_world(seed, style="none", gaps=True))
    charged = azure_charge(world)
    bill = write_azure(charged, tmp_path_factory.mktemp("bill"), form=form, parts=parts)
    assert differences(found(report(world, bill)), truth(charged)) == {}


@worlds(2)
def test_negotiated_prices(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    """Covered usage names its contracted price on demand, and spot usage the public spot price.

    Where no other line knows a spot size on demand, the spot saving is the list price's.
    """
    world = azure_world(random_world(seed, style="columns"))
    charged = azure_charge(world)
    bill = write_azure(charged, tmp_path_factory.mktemp("bill"), spot_listed=False)
    got = report(world, bill)
    keep = unmerged if not spot_unknown(got) else merged
    assert differences(keep(found(got)), keep(truth(charged))) == {}


@worlds(2)
def test_spot_lines_that_name_the_price_on_demand(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    """Then nothing names the public spot price: what was negotiated of it is spot's."""
    world = azure_world(random_world(seed, style="columns"))
    charged = azure_charge(world)
    got = report(world, write_azure(charged, tmp_path_factory.mktemp("bill")))
    assert differences(merged(found(got)), merged(truth(charged))) == {}


@worlds(2)
def test_focus(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    """FOCUS has no charge category by which a new kind of charge would show."""
    world = random_world(seed, style="columns")
    world = azure_world(replace(world, monthly=replace(world.monthly, odd=Decimal(0))))
    charged = azure_charge(world)
    folder = tmp_path_factory.mktemp("bill")
    got = report(world, write_azure(charged, folder, datasets=("focus",), spot_listed=False))
    keep = unmerged if not spot_unknown(got) else merged
    assert differences(keep(found(got)), keep(truth(charged))) == {}


@pytest.mark.parametrize("dataset", ["actual", "amortized"])
def test_one_export_alone_closes_and_says_what_it_cannot_know(tmp_path: Path, dataset: str) -> None:
    world = azure_world(random_world(0, style="none"))
    assert world.plans
    bill = write_azure(azure_charge(world), tmp_path, datasets=(dataset,))
    got = report(world, bill)
    assert abs(got.totals.residual) < 0.005
    word = dataset.replace("ized", "ised")
    assert any(f"only the {word} cost" in note for note in got.notes)


@worlds(2)
def test_two_half_windows_are_the_whole(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    """Cut at midnight: a line of a day is one day's."""
    world = azure_world(random_world(seed, style="none"))
    charged = azure_charge(world)
    bill = write_azure(charged, tmp_path_factory.mktemp("bill"))
    middle = world.start + timedelta(days=1)
    first = found(report(world, bill, Window(world.start, middle)))
    second = found(report(world, bill, Window(middle, world.end)))
    assert differences(first, truth(charged, (0, 24))) == {}
    assert differences(second, truth(charged, (24, world.hours))) == {}


def test_a_scale_set_that_names_no_instances_is_split_by_observed_hours(tmp_path: Path) -> None:
    """Money is conserved, and no node gets a share of a day it was not there."""
    world = azure_world(random_world(1, style="none"))
    charged = azure_charge(world)
    bill = write_azure(charged, tmp_path, named=False)
    got = report(world, bill)
    assert abs(got.totals.residual) < 0.005
    whole = sum(found(got).values())
    assert whole == pytest.approx(sum(truth(charged).values()), abs=0.01)
    nodes = got.ledger[(got.ledger["driver"] == "uptime") & (got.ledger["unit"] == "hours")]
    billed = nodes[nodes["subject"].str.contains("virtualMachineScaleSets")]
    assert len(billed) > 1
    assert (billed["billed"] > 0).all()
    assert billed["billed"].nunique() == len(billed)
    assert (billed["billed"] / billed["observed"]).between(0.9, 1.1).all()


def spot_unknown(got: Report) -> bool:
    return any("rows of spot" in note for note in got.notes)


def unmerged(rows: dict[Key, float]) -> dict[Key, float]:
    return rows


def merged(rows: dict[Key, float]) -> dict[Key, float]:
    """Spot, negotiated and list price together: what a spot line can leave open."""
    out: dict[Key, float] = {}
    for key, value in rows.items():
        one = key[0] == "rate" and key[1] in ("spot", "negotiated", "list_price")
        place = ("rate", "any") if one else key
        out[place] = out.get(place, 0.0) + value
    return out


@worlds(2)
def test_spot_lines_that_name_their_own_price_as_list_price(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    """The saving is spot's where the bill knows the size on demand, else the list price's."""
    world = azure_world(random_world(seed, style="none"))
    charged = azure_charge(world)
    bill = write_azure(charged, tmp_path_factory.mktemp("bill"), spot_listed=False)
    got = report(world, bill)
    whole, want = found(got), truth(charged)
    if not spot_unknown(got):
        assert differences(whole, want) == {}
    both = (("rate", "spot"), ("rate", "list_price"))
    kept = {key: value for key, value in whole.items() if key not in both}
    assert differences(kept, {k: v for k, v in want.items() if k not in both}) == {}
    assert sum(whole.get(k, 0) for k in both) == pytest.approx(sum(want.get(k, 0) for k in both))
