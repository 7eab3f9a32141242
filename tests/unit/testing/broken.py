"""Toy plugins with one fault each, and the kit's classes for them; run by test_kit.py in a process.

`FAULT` in the environment names the faults, parted by `|`; without one everything passes.
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from pathlib import Path

from burn.api import (
    AccessError,
    DataError,
    IdentifyRequest,
    Scope,
    UsageError,
    Window,
    schemas,
)
from burn.testing import (
    NO_FILES,
    AllocationPolicyConformance,
    BillingProviderConformance,
    MetricsSourceConformance,
    OutputSinkConformance,
    ProviderCase,
    SourceCase,
    notyet,
    tiny_observation,
)
from tests.unit.cli import toyland

FAULTS = os.environ.get("FAULT", "").split("|")
DAYS = Window(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 3, tzinfo=UTC))
TICKS = count()


class Policy:
    def __init__(self, settings=None):
        self.settings = settings

    def apply(self, request):
        allocation, observed = request.allocation, request.observed
        out = allocation.assign(cost=allocation["cost"])
        if "loses money" in FAULTS:
            out = out.iloc[1:]
        if "changes its input" in FAULTS:
            allocation["cost"] = allocation["cost"] * 1
            allocation.loc[0, "owner"] = "me"
        if "draws lots" in FAULTS:
            out["owner"] = f"owner-{next(TICKS)}"
        if "mixes days" in FAULTS and len(out):
            out["owner"] = f"{out['day'].min():%d}"
        if "depends on row order" in FAULTS and len(out):
            out["owner"] = out["asset_id"].iloc[0]
        if "no pods, no policy" in FAULTS and observed.usage.empty:
            raise ZeroDivisionError
        return out


class Misnamed:
    def apply(self, asked):
        return asked.allocation


class Sink:
    def __init__(self, settings=None):
        self.settings = settings

    def write(self, request):
        report, target = request.report, request.target
        text = f"{report.totals.billed:.2f}\n"
        if "a clock in the output" in FAULTS:
            text += str(next(TICKS))
        if "control characters" in FAULTS:
            text += report.findings[0].subject
        if target is None:
            if "silent on stdout" not in FAULTS:
                print(text)
            return
        try:
            Path(target).write_text(text)
        except OSError as error:
            kind = UsageError if "blames the user" in FAULTS else AccessError
            raise kind(f"{target} cannot be written: {error.strerror}") from error


class Source(toyland.Source):
    def observe(self, request):
        scope, day = request.scope, request.window
        if "down" in self.url:
            if "empty when down" in FAULTS:
                return tiny_observation(day)
            raise AccessError("no toys at toy://down", hint="start the toys")
        if day.start.year < 2020 and "any day will do" not in FAULTS:
            raise DataError(f"no toys on {day}")
        seen = tiny_observation(day)
        if day.start.hour:  # the job runs in the day's first hour only
            usage = seen.usage[seen.usage["pod_uid"] != "job"]
            seen = replace(seen, usage=schemas.USAGE.validate(usage, author=""))
        wanted = '{"team":"store"}' if "team" in scope.label_keys else "{}"
        labels = seen.pods["labels"].where(seen.pods["labels"] == "{}", wanted)
        if "all labels" in FAULTS:
            labels = '{"secret":"x"}'
        seen = replace(seen, pods=schemas.PODS.validate(seen.pods.assign(labels=labels), author=""))
        if "hours of ninety minutes" in FAULTS:
            usage = seen.usage.assign(hours=1.5)
            return replace(seen, usage=schemas.USAGE.validate(usage, author=""))
        return seen


class Provider(toyland.Provider):
    def price(self, request):
        inventory = request.inventory
        prices = super().price(request)
        odd = inventory["instance_type"] == "no-such.type"
        if odd.any() and "prices the unknown" not in FAULTS:
            raise DataError("no price for no-such.type", hint="add it to the price file")
        if "a price too few" in FAULTS:
            return schemas.PRICES.validate(prices.iloc[1:], author="")
        if "prices by the position" in FAULTS:
            nth = prices["list_cost"] + prices.reset_index(drop=True).index
            return schemas.PRICES.validate(prices.assign(list_cost=nth), author="")
        if "another currency" in FAULTS:
            return schemas.PRICES.validate(prices.assign(currency="XTS"), author="")
        if "a silent guess" in FAULTS:
            return schemas.PRICES.validate(prices.assign(price_source=""), author="")
        return prices

    def identify(self, request):
        inventory = request.inventory
        known = inventory[~inventory["provider_id"].str.startswith("nowhere")]
        if "knows everybody" in FAULTS:
            known = inventory
        found = super().identify(IdentifyRequest(inventory=known))
        if "names the cloud does not know" in FAULTS:
            return schemas.IDENTITY.validate(
                found.assign(resource_key="x" + found["resource_key"]), author=""
            )
        return found

    def bill(self, request):
        window = request.window
        if self.settings.fault == "denied" and "walks in anyway" not in FAULTS:
            raise AccessError("401", hint="log in again")
        if self.settings.fault == "short" and "a short bill" not in FAULTS:
            raise DataError("the bill ends in the middle")
        if window.start.year < 2020:
            raise DataError(f"no bill in {window}", hint="choose another window")
        # The toys are billed by the day; a part of a day is its share.
        bill = super().bill(request)
        share = window.hours / (24 * len(list(window.days())))
        money = ["list_cost", "x_public_cost", "contracted_cost", "effective_cost", "billed_cost"]
        rows = bill.rows.assign(**{name: bill.rows[name] * share for name in [*money, "quantity"]})
        billed = bill.control.billed * Decimal(str(share))
        if "wrong control total" in FAULTS:
            billed += 1
        if "a line lost" in FAULTS:
            bill = replace(bill, control=replace(bill.control, lines=bill.control.lines + 1))
        if "a credit that costs" in FAULTS:
            rows.loc[rows["service_name"] == "Tax", "charge_category"] = "Credit"
        if "no quantity" in FAULTS:
            rows["quantity"] = 0.0
        return replace(
            bill,
            rows=schemas.BILL.validate(rows, author=""),
            control=replace(bill.control, billed=billed),
        )

    def lines(self, request):
        found = super().lines(request)
        return found.assign(Service="Toys", Unit="hours")


class TestPolicy(AllocationPolicyConformance):
    plugin = "broken"
    gaps = {"test_money_is_conserved": notyet("soon")} if "a gap that is none" in FAULTS else {}

    def make(self):
        return Misnamed() if "another signature" in FAULTS else Policy()


class TestSink(OutputSinkConformance):
    plugin = "broken"

    def make(self):
        return Sink()


class TestSource(MetricsSourceConformance):
    plugin = "broken"

    def make_case(self):
        day = next(DAYS.days())
        return SourceCase(
            source=Source(toyland.SourceSettings()),
            day=day,
            scope=Scope(label_keys=("team",)),
            unreachable=lambda: Source(toyland.SourceSettings(url="toy://down")),
        )


LEDGER = {"report": 6.24, "negotiated": -0.96, "outside": 10.0, "tax": 2.0}
"""Two days: 24 h at 0.10, 0.01 and 0.02; a fifth off the node; a database at 5.00, a tax of 1.00."""


class TestProvider(BillingProviderConformance):
    plugin = "broken"
    gaps = NO_FILES

    def make_case(self):
        import pandas as pd

        inventory = schemas.INVENTORY.validate(
            pd.concat([tiny_observation(day).inventory for day in DAYS.days()]), author="toys"
        )
        settings = toyland.ProviderSettings
        return ProviderCase(
            provider=Provider(settings()),
            inventory=inventory,
            window=DAYS,
            denied=lambda: Provider(settings(fault="denied")),
            truncated=lambda: Provider(settings(fault="short")),
            ledger=LEDGER | ({"tax": 2.01} if "another sum by hand" in FAULTS else {}),
        )
