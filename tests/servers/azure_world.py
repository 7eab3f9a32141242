"""A small world of the lab on Azure, as a provider's case."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

import pandas as pd

from burn.api import InventoryFrame, Scope, Window, schemas
from tests.lab.azure import azure_charge, azure_frames, azure_world
from tests.lab.ledger import Charged
from tests.lab.observed import frames
from tests.lab.random_world import random_world

SEED = 0


@cache
def charged() -> Charged:
    """The same world each time, with its charges."""
    return azure_charge(azure_world(random_world(SEED, style="none")))


def window() -> Window:
    made = charged().world
    return Window(made.start, made.start + timedelta(hours=made.hours))


def scope() -> Scope:
    return Scope(cluster=charged().world.cluster)


def inventory() -> InventoryFrame:
    """Asset × day over the whole window."""
    made = charged().world
    days = [
        azure_frames(made, frames(made, day))["inventory"] for day in range(-(-made.hours // 24))
    ]
    return schemas.INVENTORY.validate(pd.concat(days, ignore_index=True), author="lab")
