"""What comes over a plugin border is checked, and the error names the plugin and the rows."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from burn.api import (
    Bill,
    BillPeriod,
    BillRequest,
    ContractError,
    ControlTotal,
    DataError,
    IdentifyRequest,
    Observation,
    ObserveRequest,
    PeriodRequest,
    PriceRequest,
    Report,
    Scope,
    Window,
    schemas,
)
from burn.ledger.landing import land, require_nodes
from burn.plugin.chosen import Chosen
from burn.run.observers import Observers, tell
from burn.run.plan import Plan
from burn.stages.bill import default_window, fetch_bill
from burn.stages.collect import collect
from burn.stages.price import identify, price, require_currency
from burn.testing import tiny_observation
from burn.testing.tiny import NODE
from burn.work.events import Remembered, Silent
from tests.unit.history.reports import rich
from tests.unit.ledger.frames import bill as bill_rows
from tests.unit.ledger.frames import identities

DAY = Window(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 2, tzinfo=UTC))
SEEN = tiny_observation(DAY)
ROWS = bill_rows(
    {"resource_key": "n-1", "in_cluster": True, "match_method": "resource id", "list_cost": 3.0}
)
CONTROL = ControlTotal(lines=1, billed=Decimal(3), currency="USD")


class Fake:
    """A source and a provider in one; each answer can be replaced."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers

    def observe(self, request: ObserveRequest) -> Observation:
        return self.answers.get("seen", SEEN)  # type: ignore[no-any-return]

    def period(self, request: PeriodRequest) -> BillPeriod:
        start, end = self.answers["period"]
        return BillPeriod(start=start, complete_until=end)

    def identify(self, request: IdentifyRequest) -> Any:
        return self.answers["identities"]

    def price(self, request: PriceRequest) -> Any:
        inventory = request.inventory
        frame = inventory[["asset_id", "day"]].assign(
            quantity=24.0,
            unit="hours",
            unit_price=0.5,
            list_cost=12.0,
            currency="USD",
            price_source="bill",
            cpu_rate=None,
            memory_rate=None,
            gpu_rate=None,
        )
        return self.answers.get("change", lambda same: same)(frame)

    def bill(self, request: BillRequest) -> Bill:
        return Bill(
            rows=self.answers.get("rows", ROWS), control=self.answers.get("control", CONTROL)
        )


def chosen(**answers: Any) -> Chosen[Any]:
    return Chosen("fake", "acme 1.0", Fake(**answers))


def observe(**changes: Any) -> Any:
    source = chosen(seen=replace(SEEN, **changes))
    return collect(source, Scope(), DAY, Silent(), lambda day, seen: None)


def test_a_window_without_nodes_is_an_error_not_an_empty_report() -> None:
    inventory = schemas.INVENTORY.validate(
        SEEN.inventory[SEEN.inventory["kind"] != "node"], author="t"
    )
    with pytest.raises(DataError, match=r"no node was seen in 2026-10-01\.\.2026-10-02 by `fake`"):
        observe(inventory=inventory, presence=SEEN.presence[SEEN.presence["asset_id"] != NODE])


def test_rows_outside_the_day_and_hours_longer_than_an_hour_are_refused() -> None:
    late = SEEN.presence.assign(hour=SEEN.presence["hour"] + timedelta(days=1))
    with pytest.raises(DataError, match=r"acme 1\.0 returned 72 presence rows outside"):
        observe(presence=late)
    with pytest.raises(DataError, match="more than an hour an hour"):
        observe(usage=SEEN.usage.assign(hours=1.5))


def test_a_source_cannot_say_that_burn_has_checked_its_frames_before() -> None:
    twice = pd.concat([SEEN.usage, SEEN.usage.head(1)])
    with pytest.raises(ContractError, match=r"acme 1\.0.*usage.*is not unique"):
        observe(usage=twice, as_written=True)


def test_a_price_too_few_or_too_many_names_the_asset_and_the_day() -> None:
    def ask(change: Any) -> Any:
        return price(chosen(change=change), Scope(), SEEN.inventory, DAY, Silent())

    assert len(ask(lambda f: f)) == 3
    with pytest.raises(ContractError, match=r"no price for node/n-1 on 2026-10-01 \(1 such"):
        ask(lambda f: f[f["asset_id"] != "node/n-1"])
    with pytest.raises(ContractError, match="a price for the unseen node/x"):
        ask(lambda f: pd.concat([f, f.head(1).assign(asset_id="node/x")]))
    with pytest.raises(DataError, match="several currencies: EUR, USD"):
        ask(lambda f: f.assign(currency=["USD", "EUR", "USD"]))


def test_prices_and_bill_in_two_currencies_are_never_mixed() -> None:
    prices = price(chosen(), Scope(), SEEN.inventory, DAY, Silent())
    with pytest.raises(DataError, match="prices are in USD, the bill is in EUR"):
        require_currency(prices, "EUR")


def test_a_resource_that_two_assets_claim_is_refused() -> None:
    both = identities(a="i-1", b="i-1")
    with pytest.raises(DataError, match="`i-1` is claimed by node/a and node/b"):
        identify(chosen(identities=both), SEEN.inventory)


def test_a_bill_that_loses_a_line_or_mixes_money_is_refused() -> None:
    def ask(**answers: Any) -> Bill:
        return fetch_bill(chosen(**answers), Scope(), DAY, identities(a="n-1"), Silent())

    assert ask().control.billed == 3
    with pytest.raises(DataError, match="read 1 bill lines where 2 are in scope"):
        ask(control=replace(CONTROL, lines=2))
    with pytest.raises(DataError, match="several currencies: EUR, USD"):
        ask(control=replace(CONTROL, currency="EUR"))
    with pytest.raises(DataError, match="no charge in 2026-10-01"):
        ask(rows=schemas.BILL.empty())


def test_a_cluster_that_is_on_no_line_of_the_bill_is_an_error() -> None:
    known = identities(**{"n-1": "i-elsewhere"})
    with pytest.raises(DataError, match=r"none of the 1 nodes is on the bill \(looked for i-else"):
        require_nodes(land(ROWS, known), known, SEEN.inventory)
    nobody = schemas.IDENTITY.empty()
    with pytest.raises(DataError, match="recognises none of the 1 nodes"):
        require_nodes(land(ROWS, nobody), nobody, SEEN.inventory)


@pytest.mark.parametrize(
    ("start", "until", "expected"),
    [
        ("2026-08-01", "2026-11-20", "2026-10-01..2026-11-01"),
        ("2026-08-01", "2026-11-01", "2026-10-01..2026-11-01"),
        ("2026-11-01", "2026-12-31", "2026-11-01..2026-12-01"),
        ("2025-12-01", "2026-01-15", "2025-12-01..2026-01-01"),
        ("2026-10-10", "2026-10-25", "2026-10-10..2026-10-25"),
    ],
)
def test_the_default_window_is_the_last_whole_month_of_the_bill(
    start: str, until: str, expected: str
) -> None:
    def at(day: str) -> datetime:
        return datetime.fromisoformat(day).replace(tzinfo=UTC)

    assert str(default_window(chosen(period=(at(start), at(until))), Scope())) == expected


def test_another_kind_of_answer_is_refused_by_name() -> None:
    class Tuples(Fake):
        def bill(self, request: BillRequest) -> Any:
            return ROWS, CONTROL

    provider: Chosen[Any] = Chosen("fake", "acme 1.0", Tuples())
    with pytest.raises(
        ContractError, match=r"acme 1\.0 returned a tuple from bill\(\), not a Bill"
    ):
        fetch_bill(provider, Scope(), DAY, identities(a="n-1"), Silent())
    nothing = chosen(seen=None)
    with pytest.raises(ContractError, match=r"returned a NoneType from observe\(\), not an? Obs"):
        collect(nothing, Scope(), DAY, Silent(), lambda day, seen: None)


def test_a_runs_id_knows_its_settings() -> None:
    plan = Plan(Scope(), DAY, chosen(), chosen(), ())
    ids = {
        Observers(replace(plan, stated=stated), DAY, Silent()).run_id
        for stated in [(), ("policy.split.even=0.1",), ("policy.split.even=0.9",)]
    }
    assert len(ids) == 3


def test_an_observer_that_fails_becomes_a_warning_and_gets_only_a_copy() -> None:
    def spoils(stage: str, frame: Any, run_id: str) -> None:
        frame["kind"] = "spoilt"
        raise ValueError("not today")

    events = Remembered(Silent())
    plan = Plan(Scope(), DAY, chosen(), chosen(), (), observers=(spoils,))
    observers = Observers(plan, DAY, events)
    observers.tell("collect", SEEN.inventory)
    observers.tell("collect", SEEN.inventory)
    assert events.warnings == ["an observer failed after collect: not today"]
    assert "spoilt" not in set(SEEN.inventory["kind"])
    assert observers.run_id == Observers(plan, DAY, events).run_id


def test_what_observers_do_to_a_report_nobody_else_sees() -> None:
    report = rich()
    names = [one.name for one in fields(report)]
    frames = [n for n in names if isinstance(getattr(report, n), pd.DataFrame)]
    assert {"ledger", "prices", "allocation", "daily", "namespace_split"} == set(frames)
    before = {name: getattr(report, name).copy() for name in frames}

    def spoils(given: Report, settings: tuple[str, ...]) -> None:
        for name in frames:
            frame = getattr(given, name)
            del frame[frame.columns[-1]]

    events = Remembered(Silent())
    tell(report, [spoils], events)
    assert events.warnings == []
    for name, frame in before.items():
        pd.testing.assert_frame_equal(getattr(report, name), frame)


def test_prices_that_do_not_add_up_are_refused() -> None:
    def ask(change: Any) -> Any:
        return price(chosen(change=change), Scope(), SEEN.inventory, DAY, Silent())

    with pytest.raises(ContractError, match="below zero: node/n-1 on 2026-10-01"):
        ask(lambda f: f.assign(unit_price=-f["unit_price"], list_cost=-f["list_cost"]))
    with pytest.raises(ContractError, match="list_cost is not quantity × unit_price"):
        ask(lambda f: f.assign(list_cost=f["list_cost"] * 2))
    with pytest.raises(ContractError, match="GB-hours"):
        ask(lambda f: f.assign(unit="GB-hours"))


def test_a_day_with_more_hours_than_a_day_is_refused() -> None:
    longer = replace(SEEN, inventory=SEEN.inventory.assign(hours=1440.0))
    with pytest.raises(DataError, match="was there for 1440 hours of"):
        collect(chosen(seen=longer), Scope(), DAY, Silent(), lambda *_: None)


def test_a_row_of_the_cluster_says_why() -> None:
    with pytest.raises(ContractError, match="ties 1 bill rows to the cluster and does not say how"):
        fetch_bill(
            chosen(rows=ROWS.assign(match_method="")), Scope(), DAY, identities(a="n-1"), Silent()
        )


def test_an_assets_day_is_the_sum_of_its_hours() -> None:
    """Prices take the one and shares the other."""
    late = replace(SEEN, presence=SEEN.presence.drop(SEEN.presence.index[:2]))
    with pytest.raises(DataError, match=r"node/n-1 was there for 24 hours .* add up to 22 \(1 "):
        collect(chosen(seen=late), Scope(), DAY, Silent(), lambda *_: None)
