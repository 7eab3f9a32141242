"""The straight line: collect → bill → price → reconcile → allocate → enrich; rendering is the sink's.

Without a bill it is shorter: collect → price → allocate → enrich.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from burn.allocation.assets import assets
from burn.allocation.grain import each_workload
from burn.allocation.lookup import unnamed
from burn.api import (
    Bill,
    IdentityFrame,
    InventoryFrame,
    Observation,
    PriceFrame,
    Report,
    Window,
    schemas,
)
from burn.api.vocabulary import BILLED_BY_POD
from burn.findings import FindRequest, cannot_tell, combine, digest, find
from burn.findings.commitments import commitments
from burn.findings.facts import advice, kept
from burn.ledger.paid import reprice
from burn.ledger.tie import shown, tie
from burn.ledger.unvalued import unvalued
from burn.planning import PlanRequest, planned, spotted
from burn.planning.pools import held
from burn.run.notes import guessed_gpus, loose_ingresses, notes, run_info
from burn.run.observers import Observers
from burn.run.plan import Plan
from burn.stages.allocate import Allocator, Carried, ToAllocate, allocate
from burn.stages.bill import default_window, fetch_bill
from burn.stages.collect import Collected, collect
from burn.stages.enrich import enrich
from burn.stages.listed import listed
from burn.stages.price import OwnPrices, identify, price
from burn.stages.price_lists import PriceLists
from burn.stages.reconcile import Reconciled, reconcile
from burn.validation.machines import machines_of
from burn.validation.observed import Observed
from burn.work.batches import batches
from burn.work.days import day_store
from burn.work.events import Events, Remembered
from burn.work.jobs import jobs


def run(plan: Plan, events: Events) -> Report:
    """Do what the plan says and return the finished report.

    Raises:
        BurnError: with the exit code of its branch; nothing is half-reported.
    """
    provider, scope = plan.provider, plan.scope
    with _work(plan, plan.window or default_window(provider, scope), events) as work:
        inventory = work.collected.inventory
        identities = identify(provider, inventory)
        bill = fetch_bill(provider, scope, work.window, identities, work.events)
        work.observers.tell("bill", bill.rows)
        tied = tie(inventory, bill.rows, identities)
        if tied is not inventory:
            identities = identify(provider, tied)
        own = _own(plan, identities, bill.control.currency)
        prices = price(provider, scope, tied, work.window, work.events, own)
        work.observers.tell("price", prices)
        closed = reconcile(tied, identities, prices, bill, work.window, plan.tolerance, work.events)
        work.observers.tell("reconcile", closed.ledger)
        carried = work.allocate(closed, prices, tied)
    return work.report(closed, prices, tied, carried, bill)


def analyze(plan: Plan, events: Events) -> Report:
    """The report alone: what the cluster costs at list price, and no bill read.

    Raises:
        BurnError: as for `run`.
    """
    assert plan.window is not None  # noqa: S101  there is no bill to take one from
    provider, scope = plan.provider, plan.scope
    with _work(plan, plan.window, events) as work:
        seen = work.collected.inventory
        inventory = tie(seen, schemas.BILL.empty(), schemas.IDENTITY.empty())
        if note := loose_ingresses(seen, inventory):
            work.events.warning(note)
        own = _own(plan, identify(provider, inventory))
        prices = price(provider, scope, inventory, work.window, work.events, own, from_bill=False)
        work.observers.tell("price", prices)
        if note := unvalued(prices, inventory):
            work.events.warning(note)
        repriced = reprice(plan.paid, prices, inventory) if plan.paid else None
        if repriced:
            work.events.warning(repriced.note)
        found = listed(inventory, prices, work.window, repriced)
        carried = work.allocate(found, prices, inventory)
    return work.report(found, prices, inventory, carried, None)


def _own(plan: Plan, identities: IdentityFrame, currency: str = "") -> OwnPrices:
    """The user's own prices, and what they are told."""
    return OwnPrices(
        sources=plan.price_sources,
        identified=frozenset(identities["asset_id"].astype("str")),
        currency=currency,
        worth=plan.worth,
    )


@dataclass(frozen=True, slots=True)
class _Work:
    """What both lines have in common: what was collected, and what is made of its cost."""

    plan: Plan
    window: Window
    events: Remembered
    observers: Observers
    collected: Collected
    read: Callable[[Window], Observation]

    def allocate(
        self, closed: Reconciled, prices: PriceFrame, inventory: InventoryFrame
    ) -> Carried:
        """Send the cost through the policies, over the whole window."""
        plan, rows = self.plan, self.collected.rows
        by_pods = plan.provider.pod_billing
        by_pod = prices.loc[prices["unit"] == BILLED_BY_POD, "asset_id"].unique().tolist()
        made = allocate(
            Allocator(
                policies=plan.policies,
                read=self.read,
                free=by_pods.free_namespaces if by_pods else (),
                summarise=partial(
                    digest, percentile=plan.findings.cpu_percentile, by_pod=tuple(by_pod)
                ),
                by_pod=plan.by_pod,
                facts=kept,
            ),
            ToAllocate(
                bases=("list", plan.basis) if plan.basis != "list" else ("list",),
                costs=closed.costs,
                prices=prices,
                inventory=inventory,
            ),
            batches(list(self.window.days()), rows),
            self.events,
            jobs(plan.jobs, sum(rows), max(rows)),
        )
        self.observers.tell("allocate", made.allocation)
        return made

    def report(
        self,
        closed: Reconciled,
        prices: PriceFrame,
        inventory: InventoryFrame,
        carried: Carried,
        bill: Bill | None,
    ) -> Report:
        """The finished report, with what its frames say to do."""
        plan, window, coverage = self.plan, self.window, self.collected.coverage
        facts = carried.facts
        assert facts is not None  # noqa: S101  the allocator keeps them, see above
        use = combine(carried.digests)
        advised = advice(facts, plan.findings)
        allocation, read = enrich(
            plan.enrichers, carried.allocation, plan.scope, window, self.events
        )
        if plan.enrichers:
            self.observers.tell("enrich", allocation)
        if lacking := unnamed(allocation, plan.by):
            self.events.warning(lacking)
        inputs = FindRequest(
            ledger=closed.ledger,
            bill=schemas.BILL.empty() if bill is None else bill.rows,
            prices=prices,
            allocation=each_workload(allocation) if plan.by_pod else allocation,
            usage=use,
            hours=window.hours,
            thresholds=plan.findings,
            coverage=coverage,
            shown=frozenset(shown(self.collected.inventory)),
            sizes=advised.sizes,
            workloads=advised.workloads,
            commitments=None if bill is None else commitments(bill),
            until=window.end,
            held=held(facts.demand.pods, advised.workloads),
        )
        findings = find(inputs, plan.rules)
        paid = None if bill is None else closed.paid
        machines = machines_of(plan.provider)
        lists = PriceLists(
            plan.provider,
            "" if bill is None else bill.control.currency,
            datetime.now(UTC).date(),
        )
        asked = PlanRequest.of(inputs, facts.demand, paid, lists)
        spot = spotted(asked)
        made = planned(asked, findings, spot, machines)
        said = [*self.events.warnings, *cannot_tell(inputs)]
        costs = closed.costs.assets
        effective = costs[costs["basis"] == "effective"]
        return Report(
            info=run_info(
                *(plan, window, bill, closed.missing, self.observers.run_id, prices, read),
                types=bool(machines),
                no_lists=lists.unknown,
            ),
            totals=closed.totals,
            control=None if bill is None else bill.control,
            ledger=closed.ledger,
            prices=prices,
            allocation=allocation,
            findings=findings,
            notes=notes(
                coverage,
                prices,
                window,
                closed.missing,
                said,
                plan.basis,
                guessed=None if bill else guessed_gpus(inventory, prices),
            ),
            coverage=coverage,
            namespace_split=None if bill is None else bill.namespace_split,
            daily=closed.daily,
            assets=assets(
                inventory,
                prices,
                carried.held,
                effective if len(effective) else None,
                closed.paid,
            ),
            use=combine([use, *carried.pods]) if plan.by_pod else use,
            sizes=advised.sizes,
            plan=made.steps,
            spot=spot,
            offers=made.offers,
            commitments=inputs.commitments,
        )


@contextmanager
def _work(plan: Plan, window: Window, events: Events) -> Iterator[_Work]:
    """Collect the window; what was observed can be read until the end."""
    remembered = Remembered(events)
    observers = Observers(plan, window, remembered)
    source, scope = plan.source, plan.scope
    with ExitStack() as stack:
        store = None if plan.source_replayable else stack.enter_context(day_store(scope))
        keep = store.write if store else None
        by_pods = plan.provider.pod_billing
        collected = collect(
            source,
            scope,
            window,
            remembered,
            keep,
            by_pods,
            now=plan.now,
            at_once=plan.days_at_once,
        )
        observers.tell("collect", collected.inventory)
        read = store.reader() if store else Observed(source, scope)
        yield _Work(plan, window, remembered, observers, collected, read)
