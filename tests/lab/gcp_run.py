"""Runs burn over a world of the lab as if it were on Google Cloud, in one process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from burn.api import Report, Scope, Window
from burn.builtin.policies.specs import POLICIES
from burn.plugin.chosen import Chosen
from burn.run.pipeline import run
from burn.run.plan import Plan
from burn.work.events import Silent
from burn_gcp.hooks import burn_billing_providers
from burn_gcp.settings import GcpSettings
from tests.lab.chosen import chosen, own_rules
from tests.lab.gcp import gcp_frames
from tests.lab.gcp_lines import with_hourly_fees
from tests.lab.gcp_names import SERVICE, rules
from tests.lab.ledger import Charged, dollars, ledger
from tests.lab.source import LabSource
from tests.lab.things import World


def gcp_report(
    world: World,
    bill: Path | str,
    window: Window | None = None,
    seen: Callable[..., dict[str, Any]] = gcp_frames,
    **settings: Any,
) -> Report:
    """One run of burn; `seen` gives the frames of a day."""
    return run(gcp_plan(world, bill, window, LabSource(world, seen), **settings), Silent())


def gcp_plan(
    world: World, bill: Path | str, window: Window | None, source: LabSource, **settings: Any
) -> Plan:
    """What a run over the world's bill would do."""
    spec = burn_billing_providers()[0]
    mine = GcpSettings(bill=str(bill), **{"forwarding_rules": rules(world), **settings})
    policies = {one.name: one for one in POLICIES}
    return Plan(
        scope=Scope(cluster=world.cluster, label_keys=("team",)),
        window=window or Window(world.start, world.end),
        source=Chosen("lab", "lab 1", source),
        provider=chosen(spec, mine),
        rules=own_rules(),
        policies=(
            Chosen(
                "share-max", "burn", policies["share-max"].make(policies["share-max"].settings())
            ),
        ),
        basis="effective",
    )


def gcp_truth(charged: Charged) -> dict[tuple[str, str], float]:
    """The true ledger in dollars, services under Google's names."""
    out: dict[tuple[str, str], float] = {}
    for (group, driver), amount in dollars(ledger(with_hourly_fees(charged))).items():
        key = (group, SERVICE.get(driver, driver) if group == "outside" else driver)
        out[key] = out.get(key, 0.0) + amount
    return out
