"""Toy plugins, and the kit's classes for them: one that is sound and one for each fault of a kind.

test_kit.py runs them in a process; `TOYS` in the environment has the faults of each class, as JSON.
"""

from __future__ import annotations

import json
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

DAYS = Window(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 3, tzinfo=UTC))
TICKS = count()


class Policy:
    def __init__(self, settings=None, fault=""):
        self.settings, self.fault = settings, fault

    def apply(self, request):
        allocation, observed = request.allocation, request.observed
        out = allocation.assign(cost=allocation["cost"])
        if self.fault == "loses money":
            out = out.iloc[1:]
        if self.fault == "changes its input":
            allocation["cost"] = allocation["cost"] * 1
            allocation.loc[0, "owner"] = "me"
        if self.fault == "draws lots":
            out["owner"] = f"owner-{next(TICKS)}"
        if self.fault == "mixes days" and len(out):
            out["owner"] = f"{out['day'].min():%d}"
        if self.fault == "depends on row order" and len(out):
            out["owner"] = out["asset_id"].iloc[0]
        if self.fault == "no pods, no policy" and observed.usage.empty:
            raise ZeroDivisionError
        return out


class Misnamed:
    def apply(self, asked):
        return asked.allocation


class Sink:
    def __init__(self, settings=None, fault=""):
        self.settings, self.fault = settings, fault

    def write(self, request):
        report, target = request.report, request.target
        text = f"{report.totals.billed:.2f}\n"
        if self.fault == "a clock in the output":
            text += str(next(TICKS))
        if self.fault == "control characters":
            text += report.findings[0].subject
        if target is None:
            if self.fault != "silent on stdout":
                print(text)
            return
        try:
            Path(target).write_text(text)
        except OSError as error:
            kind = UsageError if self.fault == "blames the user" else AccessError
            raise kind(f"{target} cannot be written: {error.strerror}") from error


class Source(toyland.Source):
    def __init__(self, settings, fault=""):
        super().__init__(settings)
        self.fault = fault

    def observe(self, request):
        scope, day = request.scope, request.window
        if "down" in self.url:
            if self.fault == "empty when down":
                return tiny_observation(day)
            raise AccessError("no toys at toy://down", hint="start the toys")
        if day.start.year < 2020 and self.fault != "any day will do":
            raise DataError(f"no toys on {day}")
        seen = tiny_observation(day)
        if day.start.hour:  # the job runs in the day's first hour only
            usage = seen.usage[seen.usage["pod_uid"] != "job"]
            seen = replace(seen, usage=schemas.USAGE.validate(usage, author=""))
        wanted = '{"team":"store"}' if "team" in scope.label_keys else "{}"
        labels = seen.pods["labels"].where(seen.pods["labels"] == "{}", wanted)
        if self.fault == "all labels":
            labels = '{"secret":"x"}'
        seen = replace(seen, pods=schemas.PODS.validate(seen.pods.assign(labels=labels), author=""))
        if self.fault == "hours of ninety minutes":
            usage = seen.usage.assign(hours=1.5)
            return replace(seen, usage=schemas.USAGE.validate(usage, author=""))
        return seen


class Provider(toyland.Provider):
    def __init__(self, settings, fault=""):
        super().__init__(settings)
        self.fault = fault

    def price(self, request):
        inventory = request.inventory
        prices = super().price(request)
        odd = inventory["instance_type"] == "no-such.type"
        if odd.any() and self.fault != "prices the unknown":
            raise DataError("no price for no-such.type", hint="add it to the price file")
        if self.fault == "a price too few":
            return schemas.PRICES.validate(prices.iloc[1:], author="")
        if self.fault == "prices by the position":
            nth = prices["list_cost"] + prices.reset_index(drop=True).index
            return schemas.PRICES.validate(prices.assign(list_cost=nth), author="")
        if self.fault == "another currency":
            return schemas.PRICES.validate(prices.assign(currency="XTS"), author="")
        if self.fault == "a silent guess":
            return schemas.PRICES.validate(prices.assign(price_source=""), author="")
        return prices

    def identify(self, request):
        inventory = request.inventory
        known = inventory[~inventory["provider_id"].str.startswith("nowhere")]
        if self.fault == "knows everybody":
            known = inventory
        found = super().identify(IdentifyRequest(inventory=known))
        if self.fault == "names the cloud does not know":
            return schemas.IDENTITY.validate(
                found.assign(resource_key="x" + found["resource_key"]), author=""
            )
        return found

    def bill(self, request):
        window = request.window
        if self.settings.fault == "denied" and self.fault != "walks in anyway":
            raise AccessError("401", hint="log in again")
        if self.settings.fault == "short" and self.fault != "a short bill":
            raise DataError("the bill ends in the middle")
        if window.start.year < 2020:
            raise DataError(f"no bill in {window}", hint="choose another window")
        # The toys are billed by the day; a part of a day is its share.
        bill = super().bill(request)
        share = window.hours / (24 * len(list(window.days())))
        money = ["list_cost", "x_public_cost", "contracted_cost", "effective_cost", "billed_cost"]
        rows = bill.rows.assign(**{name: bill.rows[name] * share for name in [*money, "quantity"]})
        billed = bill.control.billed * Decimal(str(share))
        if self.fault == "wrong control total":
            billed += 1
        if self.fault == "a line lost":
            bill = replace(bill, control=replace(bill.control, lines=bill.control.lines + 1))
        if self.fault == "a credit that costs":
            rows.loc[rows["service_name"] == "Tax", "charge_category"] = "Credit"
        if self.fault == "no quantity":
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
    fault = ""

    def make(self):
        return Misnamed() if self.fault == "another signature" else Policy(fault=self.fault)


class TestSink(OutputSinkConformance):
    plugin = "broken"
    fault = ""

    def make(self):
        return Sink(fault=self.fault)


class TestSource(MetricsSourceConformance):
    plugin = "broken"
    fault = ""

    def make_case(self):
        day = next(DAYS.days())
        return SourceCase(
            source=Source(toyland.SourceSettings(), self.fault),
            day=day,
            scope=Scope(label_keys=("team",)),
            unreachable=lambda: Source(toyland.SourceSettings(url="toy://down"), self.fault),
        )


LEDGER = {"report": 6.24, "negotiated": -0.96, "outside": 10.0, "tax": 2.0}
"""Two days: 24 h at 0.10, 0.01 and 0.02; a fifth off the node; a database at 5.00, a tax of 1.00."""


class TestProvider(BillingProviderConformance):
    plugin = "broken"
    fault = ""
    gaps = NO_FILES

    def make_case(self):
        import pandas as pd

        inventory = schemas.INVENTORY.validate(
            pd.concat([tiny_observation(day).inventory for day in DAYS.days()]), author="toys"
        )
        settings = toyland.ProviderSettings
        return ProviderCase(
            provider=Provider(settings(), self.fault),
            inventory=inventory,
            window=DAYS,
            denied=lambda: Provider(settings(fault="denied"), self.fault),
            truncated=lambda: Provider(settings(fault="short"), self.fault),
            ledger=LEDGER | ({"tax": 2.01} if self.fault == "another sum by hand" else {}),
        )


def broken(kit: type, fault: str) -> type:
    """The kit's class for a toy with a fault."""
    own = {"fault": fault, "__module__": __name__}
    if fault == "a gap that is none":
        own["gaps"] = {"test_money_is_conserved": notyet("soon")}
    return type(f"{kit.__name__}_{fault.replace(' ', '_').replace(',', '')}", (kit,), own)


for kit, faults in json.loads(os.environ.get("TOYS", "{}")).items():
    for made in (broken(globals()[kit], fault) for fault in faults):
        globals()[made.__name__] = made
