"""A plugin of each kind, as strangers wrote them against plugin API 1.0. Frozen: never edit it.

One node at 0.10 an hour, one pod on it, a bill of the same and a little tax.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from burn.api import (
    AllocationPolicySpec,
    Bill,
    BillingProviderSpec,
    BillPeriod,
    Check,
    ControlTotal,
    Coverage,
    EnricherSpec,
    Enrichment,
    Finding,
    FindingRuleSpec,
    MetricsSourceSpec,
    Observation,
    OutputSinkSpec,
    PodBilling,
    PriceSourceSpec,
    ServiceSpec,
    hookimpl,
    schemas,
    setting,
)

NODE = "node/frost-1"


@dataclass(frozen=True, slots=True)
class Settings:
    price: float = setting(0.1, help="of a node's hour")
    token: str = setting("", help="kept secret", secret=True)


class Source:
    def __init__(self, settings):
        pass

    def check(self, request):
        yield Check(name="ice", ok=True, detail=f"{request.scope.cluster} {request.window}")

    def observe(self, request):
        import pandas as pd

        window = request.window
        day = window.start.replace(hour=0)
        hours = [window.start + timedelta(hours=h) for h in range(window.hours)]
        node = {"asset_id": NODE, "day": day, "kind": "node", "name": "frost-1"}
        node |= {"provider_id": "ice://frost-1", "hours": float(window.hours)}
        node |= {"cpu_cores": 2.0, "cpu_allocatable": 2.0, "memory_gib": 8.0}
        node |= {"memory_allocatable": 8.0, "cluster": request.scope.cluster or ""}
        pod = {"pod_uid": "p", "day": day, "namespace": "shop", "pod": "web-1", "cluster": ""}
        pod |= {"workload_kind": "Deployment", "workload": "web", "labels": '{"team":"ice"}'}
        use = {"pod_uid": "p", "asset_id": NODE, "hours": 1.0}
        use |= {"cpu_request": 1.0, "memory_request": 4.0}

        def made(schema, rows):
            return schema.validate(schema.fill(pd.DataFrame(rows)), author="burn-frozen")

        return Observation(
            inventory=made(schemas.INVENTORY, [node]),
            presence=made(
                schemas.PRESENCE, [{"asset_id": NODE, "hour": h, "hours": 1.0} for h in hours]
            ),
            pods=made(schemas.PODS, [pod]),
            usage=made(schemas.USAGE, [use | {"hour": h} for h in hours]),
            mounts=schemas.MOUNTS.empty(),
            coverage=Coverage(sees={"nodes": True, "requests": True}),
        )


class Provider:
    def __init__(self, settings):
        self._price = settings.price

    def check(self, request):
        return [Check(name="bill", ok=True, detail="frozen", hint="")]

    def period(self, request):
        start = datetime(2026, 10, 1, tzinfo=UTC)
        return BillPeriod(start=start, complete_until=start + timedelta(days=3))

    def identify(self, request):
        mine = request.inventory[request.inventory["provider_id"].str.startswith("ice://")]
        found = mine[["asset_id"]].drop_duplicates()
        found = found.assign(resource_key="frost-1", method="provider id")
        return schemas.IDENTITY.validate(found, author="burn-frozen")

    def price(self, request):
        seen = request.inventory
        prices = seen[["asset_id", "day"]].assign(
            quantity=seen["hours"],
            unit="hours",
            unit_price=self._price,
            list_cost=seen["hours"] * self._price,
            currency="USD",
            price_source="price list",
            cpu_rate=None,
            memory_rate=None,
            gpu_rate=None,
        )
        return schemas.PRICES.validate(prices, author="burn-frozen")

    def bill(self, request):
        import pandas as pd

        inside = set(request.identities["resource_key"])
        rows = []
        for day in request.window.days():
            cost = day.hours * self._price
            node = dict.fromkeys(("list_cost", "x_public_cost", "contracted_cost"), cost)
            node |= {"effective_cost": cost, "billed_cost": cost, "quantity": float(day.hours)}
            node |= {"resource_key": "frost-1", "x_cost_class": "node", "sku": "frost"}
            node |= {"in_cluster": "frost-1" in inside, "match_method": "resource id"}
            node |= {"service_name": "Ice", "charge_category": "Usage", "day": day.start}
            tax = {"effective_cost": 0.5, "billed_cost": 0.5, "x_cost_class": "tax"}
            tax |= {"service_name": "Tax", "charge_category": "Tax", "day": day.start}
            rows += [node, tax]
        frame = schemas.BILL.fill(pd.DataFrame(rows))
        text = [c.name for c in schemas.BILL.columns if c.kind == "string" and not c.null]
        money = [c.name for c in schemas.BILL.columns if c.kind == "float" and not c.null]
        frame[text], frame[money] = frame[text].fillna(""), frame[money].fillna(0.0)
        frame["in_cluster"] = frame["in_cluster"].eq(True)
        frame = frame.assign(x_lines=1, billing_currency="USD")
        billed = sum((Decimal(str(value)) for value in frame["billed_cost"]), Decimal(0))
        return Bill(
            rows=schemas.BILL.validate(frame, author="burn-frozen"),
            control=ControlTotal(lines=len(frame), billed=billed, currency="USD"),
            origin=("frozen",),
        )

    def lines(self, request):
        import pandas as pd

        rows = [{"Resource": one, "Cost": 2.4} for one in request.subjects]
        return pd.DataFrame(rows, columns=["Resource", "Cost"]).head(request.limit)


class Policy:
    def __init__(self, settings):
        pass

    def apply(self, request):
        allocation = request.allocation
        owned = allocation["labels"].astype("str").str.contains("ice")
        owner = allocation["owner"].astype("str").where(~owned, "team ice")
        return allocation.assign(owner=owner)


class PriceSource:
    def __init__(self, settings):
        self._price = settings.price

    def check(self, request):
        return [Check(name="ice", ok=True, detail="cold")]

    def price(self, request):
        nodes = request.inventory[request.inventory["kind"] == "node"]
        prices = nodes[["asset_id", "day"]].assign(
            quantity=nodes["hours"],
            unit="hours",
            unit_price=2 * self._price,
            list_cost=nodes["hours"] * 2 * self._price,
            currency=request.currency,
            price_source="settings",
        )
        return schemas.PRICES.validate(schemas.PRICES.fill(prices), author="burn-frozen")


class Enricher:
    def __init__(self, settings):
        pass

    def check(self, request):
        return [Check(name="ice", ok=True, detail="cold")]

    def enrich(self, request):
        import pandas as pd

        seen = request.subjects[request.subjects["kind"] == "namespace"]
        rows = seen.assign(
            dimension="team", value="ice", valid_from=pd.Timestamp("2026-10-02", tz="UTC")
        )
        rows = schemas.DIMENSIONS.validate(rows, author="burn-frozen")
        return Enrichment(rows=rows, origin=("the north",))


class Sink:
    def __init__(self, settings):
        pass

    def write(self, request):
        report = request.report
        owners = report.allocation[report.allocation["basis"] == report.info.basis]
        costs = owners.groupby("owner", observed=True)["cost"].sum()
        lines = [f"billed {report.totals.billed:.2f}"]
        lines += [f"{name or '-'} {cost:.2f}" for name, cost in costs.items()]
        lines += [f"{finding.rule}: {finding.subject}" for finding in report.findings]
        text = "\n".join(lines) + "\n"
        if request.target:
            Path(request.target).write_text(text)
        else:
            print(text, end="")


class Rule:
    def __init__(self, settings):
        pass

    def find(self, request):
        cost = float(request.prices["list_cost"].sum())
        about = {"title": "It is cold", "evidence": f"{cost:.2f}", "action": "Thaw it"}
        yield Finding(subject="frost-1", amount=cost, monthly=cost * request.month, **about)


class Service:
    def __init__(self, settings):
        pass

    def serve(self, request):
        request.say("serving ice")
        print(f"{request.report('2026-10-01').totals.billed:.2f}")


@hookimpl
def burn_metrics_sources():
    return [MetricsSourceSpec(name="frozen", summary="Ice", make=Source, replayable=True)]


@hookimpl
def burn_billing_providers():
    return [
        BillingProviderSpec(
            name="frozen",
            summary="Ice",
            make=Provider,
            settings=Settings,
            pod_billing=lambda settings: PodBilling(sole_pods=True),
        )
    ]


@hookimpl
def burn_allocation_policies():
    return [
        AllocationPolicySpec(
            name="frozen", summary="Ice", make=Policy, label_keys=lambda settings: ["team"]
        )
    ]


@hookimpl
def burn_price_sources():
    return [PriceSourceSpec(name="frozen", summary="Ice", make=PriceSource, settings=Settings)]


@hookimpl
def burn_enrichers():
    return [EnricherSpec(name="frozen", summary="Ice", make=Enricher)]


@hookimpl
def burn_output_sinks():
    return [OutputSinkSpec(name="frozen", summary="Ice", make=Sink)]


@hookimpl
def burn_finding_rules():
    return [FindingRuleSpec(name="frozen", summary="Ice", make=Rule)]


@hookimpl
def burn_services():
    return [ServiceSpec(name="frozen", summary="Ice", make=Service)]


@hookimpl
def burn_stage_finished(stage, frame, run_id):
    print("stage", stage, len(frame))


@hookimpl
def burn_report_finished(report):
    print("report", report.info.provider)


@hookimpl(optionalhook=True)
def burn_of_a_later_version(thing):
    raise AssertionError("this burn has no such hook")
