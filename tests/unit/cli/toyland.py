"""A plugin as a stranger would write it: a source and a provider of one tiny cluster, and a sink.

Tests install it as the distribution `burn-toy`. One day costs, by hand:

    report      node 24 h × 0.10 + volume 24 h × 0.01 + balancer 24 h × 0.02        3.12
    discount    the bill charges the node 0.08 an hour: 24 × −0.02                  −0.48
    outside     a database at 5.00                                                  5.00
    tax         1.00                                                                1.00
    billed                                                                          8.64
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pandas as pd

from burn.api import (
    AccessError,
    Bill,
    BillFrame,
    BillingProviderSpec,
    BillPeriod,
    BillRequest,
    Check,
    CheckRequest,
    ControlTotal,
    ForgottenError,
    IdentifyRequest,
    IdentityFrame,
    LinesRequest,
    MetricsSourceSpec,
    Observation,
    ObserveRequest,
    OutputSinkSpec,
    PeriodRequest,
    PriceFrame,
    PriceRequest,
    WriteRequest,
    hookimpl,
    schemas,
    setting,
)
from burn.api.bills.files.scratch import Scratch

RATES = {"node": 0.10, "volume": 0.01, "load_balancer": 0.02}
PAID = {"node": 0.08, "volume": 0.01, "load_balancer": 0.02}


@dataclass(frozen=True)
class SourceSettings:
    url: str = setting("toy://", help="where the toys are")


@dataclass(frozen=True)
class ProviderSettings:
    bill: str = setting(help="where the bill is")
    token: str = setting(help="its password", secret=True)
    fault: str = setting(help="what shall go wrong")


class Source:
    def __init__(self, settings: SourceSettings) -> None:
        self.url = settings.url

    def check(self, request: CheckRequest) -> Iterable[Check]:
        yield Check(
            name="reach",
            ok="down" not in self.url,
            detail=f"toys at {self.url}",
            hint="start the toys",
        )

    def observe(self, request: ObserveRequest) -> Observation:
        day = request.window
        from burn.testing.tiny import tiny_observation

        if f"{day.start:%Y-%m-%d}" < self.url.partition("since=")[2]:
            raise ForgottenError(f"no toy was seen before {self.url}", hint="buy older toys")
        return tiny_observation(day)


class Provider:
    def __init__(self, settings: ProviderSettings) -> None:
        self.settings = settings
        if settings.fault == "start":
            raise RuntimeError("the toy does not wind up")

    def check(self, request: CheckRequest) -> Iterable[Check]:
        if self.settings.fault == "check":
            raise KeyError("permission")
        denied = self.settings.fault == "denied"
        yield Check(name="list the bill", ok=True, detail="3 files")
        yield Check(
            name="read the bill",
            ok=not denied,
            detail="GetToy",
            hint="grant toy:GetToy to this user",
        )

    def period(self, request: PeriodRequest) -> BillPeriod:
        return BillPeriod(
            start=datetime(2026, 9, 1, tzinfo=UTC), complete_until=datetime(2026, 10, 3, tzinfo=UTC)
        )

    def identify(self, request: IdentifyRequest) -> IdentityFrame:
        inventory = request.inventory
        assets = inventory["asset_id"].drop_duplicates()
        return schemas.IDENTITY.validate(
            pd.DataFrame({"asset_id": assets, "resource_key": "toy:" + assets, "method": "name"}),
            author="burn-toy",
        )

    def price(self, request: PriceRequest) -> PriceFrame:
        inventory = request.inventory
        fault = self.settings.fault
        print("a stray print of a plugin")
        if fault == "defect":
            raise KeyError("sku")
        if fault == "denied":
            raise AccessError(f"401 with token {self.settings.token}", hint="log in again")
        if fault == "interrupt":
            raise KeyboardInterrupt
        if fault == "hang":
            self.scratch = Scratch()
            (self.scratch.path / "unpacked").write_text("a bill")
            sys.stderr.write("hanging\n")
            sys.stderr.flush()
            time.sleep(60)
        frame = inventory[["asset_id", "day"]].copy()
        frame["quantity"] = inventory["hours"]
        frame["unit"] = "hours"
        frame["unit_price"] = inventory["kind"].map(RATES).astype(float)
        frame["list_cost"] = frame["quantity"] * frame["unit_price"]
        frame["currency"], frame["price_source"] = "USD", "bill"
        for rate in ("cpu_rate", "memory_rate", "gpu_rate"):
            frame[rate] = None
        if fault == "contract":
            frame.loc[:, "unit"] = None
        return schemas.PRICES.validate(frame, author="burn-toy") if fault != "contract" else frame

    def bill(self, request: BillRequest) -> Bill:
        window, identities = request.window, request.identities
        days = [day.start for day in window.days()]
        rows = []
        for day in days:
            for key in identities["resource_key"]:
                kind = str(key).removeprefix("toy:").split("/", maxsplit=1)[0]
                rows.append(_row(day, key, kind, 24.0, 24 * RATES[kind], 24 * PAID[kind]))
            rows.append(_row(day, "", "other", 0.0, 5.0, 5.0, service="Database", inside=False))
            rows.append(_row(day, "", "tax", 0.0, 1.0, 1.0, service="Tax", inside=False))
        frame: BillFrame = schemas.BILL.validate(pd.DataFrame(rows), author="burn-toy")
        billed = sum((Decimal(str(round(row["billed_cost"], 6))) for row in rows), Decimal(0))
        if self.settings.fault == "residual":
            billed += 7
        return Bill(
            rows=frame, control=ControlTotal(lines=len(rows), billed=billed, currency="USD")
        )

    def lines(self, request: LinesRequest) -> pd.DataFrame:
        window, subjects, limit = request.window, request.subjects, request.limit
        rows = [
            {"ToyId": subject, "UsageDate": day.start, "Cost": 0.25 + i}
            for subject in subjects
            for i, day in enumerate(window.days())
        ]
        frame = pd.DataFrame(rows, columns=["ToyId", "UsageDate", "Cost"])
        return frame.sort_values("Cost", ascending=False, kind="stable").head(limit)


def _row(
    day: datetime,
    key: str,
    kind: str,
    hours: float,
    listed: float,
    paid: float,
    *,
    service: str = "Toys",
    inside: bool = True,
) -> dict[str, object]:
    text = {c.name: "" for c in schemas.BILL.columns if c.kind == "string"}
    return {
        **text,
        "day": day,
        "resource_key": key,
        "in_cluster": inside,
        "match_method": "resource id" if inside else "",
        "service_name": service,
        "charge_category": "Tax" if kind == "tax" else "Usage",
        "pricing_category": "Standard",
        "x_cost_class": kind,
        "quantity": hours,
        "list_cost": listed,
        "x_public_cost": listed,
        "contracted_cost": paid,
        "effective_cost": paid,
        "billed_cost": paid,
        "x_lines": 1,
        "billing_currency": "USD",
    }


class Sink:
    def write(self, request: WriteRequest) -> None:
        target = request.target
        if target:
            Path(target).write_text("toy report\n")
        else:
            for _ in range(5000):
                print("toy report")


@hookimpl
def burn_metrics_sources() -> Sequence[MetricsSourceSpec]:
    return [
        MetricsSourceSpec(
            name="toy", summary="Toys, observed", make=Source, settings=SourceSettings
        )
    ]


@hookimpl
def burn_billing_providers() -> Sequence[BillingProviderSpec]:
    sample = Path(__file__).with_name("toy_sample")
    return [
        BillingProviderSpec(
            name="toy",
            summary="Toys, billed",
            make=Provider,
            settings=ProviderSettings,
            sample=lambda: sample,
        ),
        BillingProviderSpec(name="plain", summary="Toys without a sample", make=Provider),
    ]


@hookimpl
def burn_output_sinks() -> Sequence[OutputSinkSpec]:
    return [
        OutputSinkSpec(name="lines", summary="Many lines", make=lambda settings: Sink()),
        OutputSinkSpec(name="blob", summary="Bytes", make=lambda settings: Sink(), binary=True),
    ]
