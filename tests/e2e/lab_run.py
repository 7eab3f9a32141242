"""Runs burn over a world of the lab, in one process, with the true parts and no network."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from burn.api import Report, Scope, Window
from burn.builtin.policies.specs import POLICIES
from burn.builtin.price_sources.specs import PRICE_SOURCES, PriceTableSettings
from burn.plugin.chosen import Chosen
from burn.run.pipeline import run
from burn.run.plan import Plan
from burn.work.events import Silent
from burn_aws.hooks import burn_billing_providers
from tests.lab.chosen import chosen, own_rules
from tests.lab.cur2 import write_cur2
from tests.lab.cur_legacy import write_legacy
from tests.lab.focus import write_focus
from tests.lab.ledger import ONE, Charged, charge, dollars, ledger
from tests.lab.source import LabSource
from tests.lab.things import World

Key = tuple[str, str]
WRITERS: dict[str, Callable[..., Path]] = {
    "cur2": write_cur2,
    "legacy": write_legacy,
    "focus": write_focus,
}
CENT = 0.005


def report(
    world: World,
    bill: Path,
    window: Window | None = None,
    *,
    source: Any = None,
    chain: tuple[str, ...] = ("share-max",),
    basis: str = "effective",
    prices: Path | None = None,
    **settings: Any,
) -> Report:
    """One run of burn, see `plan`."""
    made = plan(world, bill, window, source=source, chain=chain, basis=basis, **settings)
    if prices:
        sheet = PriceTableSettings(files=(str(prices),))
        made = replace(made, price_sources=(chosen(PRICE_SOURCES[0], sheet),))
    return run(made, Silent())


def plan(
    world: World,
    bill: Path,
    window: Window | None = None,
    *,
    source: Any = None,
    chain: tuple[str, ...] = ("share-max",),
    basis: str = "effective",
    **settings: Any,
) -> Plan:
    """What a run over the world's bill would do."""
    from burn_aws.settings import AwsSettings

    spec = burn_billing_providers()[0]
    aws = AwsSettings(bill=str(bill), price_list="off", **settings)
    policies = {one.name: one for one in POLICIES}
    return Plan(
        scope=Scope(cluster=world.cluster, label_keys=("team",)),
        window=window or Window(world.start, world.end),
        source=Chosen("lab", "lab 1", source or LabSource(world)),
        provider=chosen(spec, aws),
        rules=own_rules(),
        policies=tuple(
            Chosen(name, "burn", policies[name].make(policies[name].settings())) for name in chain
        ),
        basis=basis,
    )


def found(one: Report) -> dict[Key, float]:
    """The ledger up to BILLED by (group, driver); `outside` by service."""
    rows = one.ledger[one.ledger["group"] != "invoice"]
    name = rows["driver"].where(rows["group"] != "outside", rows["subject"])
    sums = rows.groupby([rows["group"], name.rename("driver")])["amount"].sum()
    return {(str(g), str(d)): float(v) for (g, d), v in sums.items()}


def truth(
    charged: Charged, window: tuple[int, int] | None = None, *, nodes: Fraction = ONE
) -> dict[Key, float]:
    """The true ledger in dollars."""
    return dollars(ledger(charged, window, nodes=nodes))


def differences(have: dict[Key, float], want: dict[Key, float]) -> dict[Key, tuple[float, float]]:
    """Drivers that are off by a cent or more, and drivers that only one side knows."""
    return {
        key: (have.get(key, 0.0), want.get(key, 0.0))
        for key in sorted(have.keys() | want.keys())
        if abs(have.get(key, 0.0) - want.get(key, 0.0)) >= CENT
    }


def written(world: World, folder: Path, form: str = "cur2", **options: Any) -> tuple[Charged, Path]:
    """A world's charges, and its bill in one format."""
    charged = charge(world)
    return charged, WRITERS[form](charged, folder, **options)


def worlds(examples: int) -> Callable[[Any], Any]:
    """Hypothesis over seeds of worlds: the same ones every time, unless BURN_EXAMPLES asks for more."""
    more = int(os.environ.get("BURN_EXAMPLES", "0"))
    chosen = settings(
        max_examples=more or examples,
        derandomize=not more,
        deadline=None,
        database=None,
        phases=(Phase.explicit, Phase.generate),  # a smaller seed is no simpler world
        suppress_health_check=list(HealthCheck),
    )
    return lambda test: chosen(given(seed=st.integers(0, 10**6))(test))
