"""The straight line: collect → bill → price → reconcile → allocate → enrich; rendering is the sink's."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial

from burn.allocation.lookup import unnamed
from burn.api import Report
from burn.api.vocabulary import BILLED_BY_POD
from burn.findings import FindRequest, cannot_tell, combine, digest, find
from burn.ledger.tie import shown, tie
from burn.run.notes import notes, run_info
from burn.run.observers import Observers
from burn.run.plan import Plan
from burn.stages.allocate import Allocator, allocate
from burn.stages.bill import default_window, fetch_bill
from burn.stages.collect import collect
from burn.stages.enrich import enrich
from burn.stages.price import identify, price
from burn.stages.reconcile import reconcile
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
    source, provider, scope = plan.source, plan.provider, plan.scope
    window = plan.window or default_window(provider, scope)
    events = Remembered(events)
    observers = Observers(plan, window, events)
    with ExitStack() as stack:
        store = None if plan.source_replayable else stack.enter_context(day_store(scope))
        by_pods = provider.pod_billing
        keep = store.write if store else None
        collected = collect(source, scope, window, events, keep, by_pods)
        observers.tell("collect", collected.inventory)
        identities = identify(provider, collected.inventory)
        bill = fetch_bill(provider, scope, window, identities, events)
        observers.tell("bill", bill.rows)
        inventory = tie(collected.inventory, bill.rows, identities)
        if inventory is not collected.inventory:
            identities = identify(provider, inventory)
        prices = price(provider, scope, inventory, window, events)
        observers.tell("price", prices)
        closed = reconcile(inventory, identities, prices, bill, window, plan.tolerance, events)
        observers.tell("reconcile", closed.ledger)
        by_pod = prices.loc[prices["unit"] == BILLED_BY_POD, "asset_id"].unique().tolist()
        allocator = Allocator(
            policies=plan.policies,
            read=store.reader() if store else Observed(source, scope),
            free=by_pods.free_namespaces if by_pods else (),
            summarise=partial(
                digest, percentile=plan.findings.cpu_percentile, by_pod=tuple(by_pod)
            ),
        )
        allocation, digests = allocate(
            allocator,
            ("list", plan.basis) if plan.basis != "list" else ("list",),
            closed.costs,
            prices,
            batches(list(window.days()), collected.rows),
            events,
            inventory,
            jobs(plan.jobs, sum(collected.rows), max(collected.rows)),
        )
        observers.tell("allocate", allocation)
    allocation, read = enrich(plan.enrichers, allocation, scope, window, events)
    if plan.enrichers:
        observers.tell("enrich", allocation)
    if lacking := unnamed(allocation, plan.by):
        events.warning(lacking)
    inputs = FindRequest(
        ledger=closed.ledger,
        bill=bill.rows,
        prices=prices,
        allocation=allocation,
        usage=combine(digests),
        hours=window.hours,
        thresholds=plan.findings,
        coverage=collected.coverage,
        shown=frozenset(shown(collected.inventory)),
    )
    said = [*events.warnings, *cannot_tell(inputs)]
    return Report(
        info=run_info(plan, window, bill, closed.missing, observers.run_id, read),
        totals=closed.totals,
        control=bill.control,
        ledger=closed.ledger,
        prices=prices,
        allocation=allocation,
        findings=find(inputs, plan.rules),
        notes=notes(collected.coverage, prices, window, closed.missing, said, plan.basis),
        coverage=collected.coverage,
        namespace_split=bill.namespace_split,
        daily=closed.daily,
    )
