"""A plan's price lists: each machine is asked for once, and what cannot be asked is said once."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

import pandas as pd
import pytest

from burn.api import (
    AccessError,
    BillingProvider,
    ContractError,
    Listed,
    ListedRequest,
    SoldMachine,
    schemas,
)
from burn.plugin.chosen import Chosen
from burn.stages.price_lists import PriceLists

FIRST, SECOND = (SoldMachine(name, "here", 0.0) for name in ("m1", "m2"))


class Lists:
    """Asks the same of each machine, or cannot be reached."""

    def __init__(self, rate: float = 0.5, *, reached: bool = True) -> None:
        self.rate, self.reached = rate, reached
        self.asked: list[list[str]] = []

    def listed(self, request: ListedRequest) -> Listed:
        self.asked.append([one.machine for one in request.machines])
        if not self.reached:
            raise AccessError("no network", hint="set price_list = off")
        way = {"covers": "any", "months": 12.0, "upfront": "none", "rate": self.rate}
        rows = [one._asdict() | way | {"on_demand": 1.0, "source": "x"} for one in request.machines]
        frame = schemas.LISTED.validate(pd.DataFrame(rows), author="test")
        return Listed(rows=frame, notes=["spot is not known"])


def lists(made: Any, *, listed: bool = True) -> PriceLists:
    provider = Chosen("x", "x 1", cast("BillingProvider", made), listed=listed)
    return PriceLists(provider, "USD", date(2026, 11, 26))


def test_each_machine_is_asked_for_once_and_what_lists_cannot_say_is_said() -> None:
    made = Lists()
    ask = lists(made)
    assert ask([FIRST, FIRST])["machine"].tolist() == ["m1"]
    assert ask([FIRST, SECOND])["machine"].tolist() == ["m1", "m2"]
    assert made.asked == [["m1"], ["m2"]]
    assert ask.unknown == ["spot is not known"]
    away = Lists(reached=False)
    ask = lists(away)
    assert ask([FIRST]).empty
    assert ask([SECOND]).empty
    assert away.asked == [["m1"]]
    assert len(ask.unknown) == 1
    assert "no network; set price_list = off" in ask.unknown[0]
    assert lists(made, listed=False)([FIRST]).empty


def test_a_rate_of_nothing_is_refused() -> None:
    with pytest.raises(ContractError, match="x 1 lists a machine at a rate that is not above 0"):
        lists(Lists(rate=0.0))([FIRST])
