"""Toy plugins with one fault each, and the kit's classes for them; run by test_kit.py in a process.

`FAULT` in the environment names the fault; without one everything passes.
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
    Scope,
    UsageError,
    Window,
    schemas,
)
from burn.testing import (
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

FAULT = os.environ.get("FAULT", "")
DAYS = Window(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 3, tzinfo=UTC))
TICKS = count()


class Policy:
    def __init__(self, settings=None):
        self.settings = settings

    def apply(self, allocation, day):
        out = allocation.assign(cost=allocation["cost"])
        if FAULT == "loses money":
            out = out.iloc[1:]
        if FAULT == "changes its input":
            allocation["cost"] = allocation["cost"] * 1
            allocation.loc[0, "owner"] = "me"
        if FAULT == "draws lots":
            out["owner"] = f"owner-{next(TICKS)}"
        if FAULT == "depends on row order" and len(out):
            out["owner"] = out["asset_id"].iloc[0]
        if FAULT == "no pods, no policy" and day.usage.empty:
            raise ZeroDivisionError
        return out


class Misnamed:
    def apply(self, allocation, observed):
        return allocation


class Sink:
    def __init__(self, settings=None):
        self.settings = settings

    def write(self, report, target):
        text = f"{report.totals.billed:.2f}\n"
        if FAULT == "a clock in the output":
            text += str(next(TICKS))
        if FAULT == "control characters":
            text += report.findings[0].subject
        if target is None:
            if FAULT != "silent on stdout":
                print(text)
            return
        try:
            Path(target).write_text(text)
        except OSError as error:
            kind = UsageError if FAULT == "blames the user" else AccessError
            raise kind(f"{target} cannot be written: {error.strerror}") from error


class Source(toyland.Source):
    def observe(self, scope, day):
        if "down" in self.url:
            if FAULT == "empty when down":
                return tiny_observation(day)
            raise AccessError("no toys at toy://down", hint="start the toys")
        if day.start.year < 2020 and FAULT != "any day will do":
            raise DataError(f"no toys on {day}")
        seen = tiny_observation(day)
        if day.start.hour:  # the job runs in the day's first hour only
            usage = seen.usage[seen.usage["pod_uid"] != "job"]
            seen = replace(seen, usage=schemas.USAGE.validate(usage, author=""))
        wanted = '{"team":"store"}' if "team" in scope.label_keys else "{}"
        labels = seen.pods["labels"].where(seen.pods["labels"] == "{}", wanted)
        if FAULT == "all labels":
            labels = '{"secret":"x"}'
        seen = replace(seen, pods=schemas.PODS.validate(seen.pods.assign(labels=labels), author=""))
        if FAULT == "hours of ninety minutes":
            usage = seen.usage.assign(hours=1.5)
            return replace(seen, usage=schemas.USAGE.validate(usage, author=""))
        return seen


class Provider(toyland.Provider):
    def price(self, scope, inventory, window):
        prices = super().price(scope, inventory, window)
        odd = inventory["instance_type"] == "no-such.type"
        if odd.any() and FAULT != "prices the unknown":
            raise DataError("no price for no-such.type", hint="add it to the price file")
        if FAULT == "a price too few":
            return schemas.PRICES.validate(prices.iloc[1:], author="")
        if FAULT == "a silent guess":
            return schemas.PRICES.validate(prices.assign(price_source=""), author="")
        return prices

    def identify(self, inventory):
        known = inventory[~inventory["provider_id"].str.startswith("nowhere")]
        if FAULT == "knows everybody":
            known = inventory
        found = super().identify(known)
        if FAULT == "names the cloud does not know":
            return schemas.IDENTITY.validate(
                found.assign(resource_key="x" + found["resource_key"]), author=""
            )
        return found

    def bill(self, scope, window, identities):
        if self.settings.fault == "denied" and FAULT != "walks in anyway":
            raise AccessError("401", hint="log in again")
        if self.settings.fault == "short" and FAULT != "a short bill":
            raise DataError("the bill ends in the middle")
        if window.start.year < 2020:
            raise DataError(f"no bill in {window}", hint="choose another window")
        # The toys are billed by the day; a part of a day is its share.
        bill = super().bill(scope, window, identities)
        share = window.hours / (24 * len(list(window.days())))
        money = ["list_cost", "x_public_cost", "contracted_cost", "effective_cost", "billed_cost"]
        rows = bill.rows.assign(**{name: bill.rows[name] * share for name in [*money, "quantity"]})
        billed = bill.control.billed * Decimal(str(share))
        if FAULT == "wrong control total":
            billed += 1
        if FAULT == "a line lost":
            bill = replace(bill, control=replace(bill.control, lines=bill.control.lines + 1))
        if FAULT == "a credit that costs":
            rows.loc[rows["service_name"] == "Tax", "charge_category"] = "Credit"
        if FAULT == "no quantity":
            rows["quantity"] = 0.0
        return replace(
            bill,
            rows=schemas.BILL.validate(rows, author=""),
            control=replace(bill.control, billed=billed),
        )

    def lines(self, scope, window, *, subjects, skus=(), limit):
        found = super().lines(scope, window, subjects=subjects, limit=limit)
        return found.assign(Service="Toys", Unit="hours")


class TestPolicy(AllocationPolicyConformance):
    plugin = "broken"
    gaps = {"test_money_is_conserved": notyet("soon")} if FAULT == "a gap that is none" else {}

    def make(self):
        return Misnamed() if FAULT == "another signature" else Policy()


class TestSink(OutputSinkConformance):
    plugin = "broken"

    def make(self):
        return Sink()


class TestSource(MetricsSourceConformance):
    plugin = "broken"

    def make_case(self):
        day = next(DAYS.days())
        return SourceCase(
            Source(toyland.SourceSettings()),
            day,
            Scope(label_keys=("team",)),
            lambda: Source(toyland.SourceSettings(url="toy://down")),
        )


class TestProvider(BillingProviderConformance):
    plugin = "broken"

    def make_case(self):
        import pandas as pd

        inventory = schemas.INVENTORY.validate(
            pd.concat([tiny_observation(day).inventory for day in DAYS.days()]), author="toys"
        )
        settings = toyland.ProviderSettings
        return ProviderCase(
            Provider(settings()),
            inventory,
            DAYS,
            denied=lambda: Provider(settings(fault="denied")),
            truncated=lambda: Provider(settings(fault="short")),
        )
