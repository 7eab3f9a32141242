"""The ledger as a walk: REPORT → groups of drivers → CLUSTER → outside → ACCOUNT → BILLED."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from burn.api.drivers import DRIVERS, GROUP_TITLES, Driver
from burn.api.money import cents, count, figure, spread
from burn.ledger.invoice import GROUP, invoice_name, invoice_walk
from burn.ledger.totals import TO_CLUSTER
from burn.text.clean import clean
from burn.view.evidence import Evidence, evidence, evidences

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from burn.api import Report

CLUSTER_GROUPS = TO_CLUSTER[1:]
"""Those that lead from the report to the cluster's cost."""
NOUNS = {
    "commitment": "commitment",
    "unused_commitment": "commitment",
    "amortisation": "kind of charge",
}
"""What a driver's subjects are, where its group's are something else."""
GROUP_NOUNS = {"accounting": "service", GROUP: "invoice"}
"""What the subjects of a group are, where they are no resources."""
Kind = Literal["landing", "group", "driver", "service", "rest", "check"]


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the waterfall.

    Attributes:
        kind: landing = a total reached; group = sum of the drivers below it; service = a row
            outside the cluster; rest = services summed; check = invoice and residual.
        cents: a landing's total, else the change it makes.
        driver: what `burn explain` takes; empty for landings, groups and checks.
        names: how many services a rest sums up.
    """

    kind: Kind
    label: str
    cents: int
    group: str = ""
    driver: str = ""
    why: str = ""
    advice: str = ""
    evidence: Evidence | None = None
    names: int = 1

    @property
    def proof(self) -> str:
        """The evidence in one line; a service outside is only counted."""
        if self.evidence is None:
            return ""
        lines = count(self.evidence.lines, "bill line")
        return lines if self.kind in ("service", "rest") else str(self.evidence)


def waterfall(report: Report, *, services: int = 8) -> tuple[Step, ...]:
    """Steps in reading order; cents of drivers and services add up to each landing exactly.

    Args:
        report: a finished run.
        services: how many services outside the cluster get a row of their own.
    """
    totals, ledger = report.totals, report.ledger
    start, cluster = cents(totals.report), cents(totals.cluster_effective)
    account, billed = cents(totals.account_effective), cents(totals.billed)
    why = DRIVERS["report"].why
    seen = evidence(ledger[ledger["group"] == "report"])
    steps = [Step("landing", "REPORT", start, "report", "report", why, evidence=seen)]
    drivers = _drivers(ledger, CLUSTER_GROUPS, cluster - start)
    for group in CLUSTER_GROUPS:
        members = [step for step in drivers if step.group == group]
        if members:
            total = sum(step.cents for step in members)
            steps += [Step("group", GROUP_TITLES[group], total, group), *members]
    steps.append(Step("landing", "= CLUSTER, effective", cluster))
    outside = _services(ledger, account - cluster, services)
    if outside:
        steps += [Step("group", GROUP_TITLES["outside"], account - cluster, "outside"), *outside]
    steps.append(Step("landing", "= ACCOUNT, effective", account))
    accounting = _drivers(ledger, ("accounting",), billed - account)
    if accounting:
        title = GROUP_TITLES["accounting"]
        steps += [Step("group", title, billed - account, "accounting"), *accounting]
    steps.append(Step("landing", "= BILLED", billed))
    steps += _to_invoice(report, billed)
    defect = "Must be 0.00: the bill counted a second way, minus this ledger."
    steps.append(Step("check", "Residual", cents(totals.residual), why=defect))
    return tuple(steps)


def _to_invoice(report: Report, billed: int) -> Iterator[Step]:
    """From BILLED to the invoices of the window's months, where the bill's lines name them."""
    stated = report.totals.invoice
    if stated is None:
        return
    steps = invoice_walk(report.counted.invoices, report.info.window)
    if steps is None:
        yield _invoice(cents(stated), billed)
        return
    total = cents(stated)
    drivers = _drivers(report.ledger, (GROUP,), total - billed)
    if drivers:
        yield Step("group", GROUP_TITLES[GROUP], total - billed, GROUP)
        yield from drivers
    yield Step("landing", f"= INVOICE {', '.join(steps.months)}", total)
    parts = [one for one in steps.invoices if one.amount]
    for one, value in zip(parts, spread([float(p.amount) for p in parts], total), strict=True):
        why = count(one.rows, "bill line")
        yield Step("check", clean(invoice_name(one)), value, GROUP, why=why)


def _invoice(stated: int, billed: int) -> Step:
    why = "What the export itself says was invoiced."
    if stated != billed:
        why += f" BILLED differs from it by {figure(billed - stated, sign=True)}."
    return Step("check", "Invoice total", stated, why=why)


def known(name: str, group: str) -> Driver:
    """The driver's words; a name from a newer ledger still gets a title."""
    return DRIVERS.get(name) or Driver(name, group, name.replace("_", " ").capitalize(), "", "")


def _drivers(ledger: pd.DataFrame, groups: tuple[str, ...], total: int) -> list[Step]:
    """Drivers of these groups, largest first within each, in cents that add up to `total`."""
    rows = ledger[ledger["group"].isin(groups)]
    group, driver = rows["group"].astype(str), rows["driver"].astype(str)
    parts = [(str(g), str(d), part) for (g, d), part in rows["amount"].groupby([group, driver])]
    nouns = {f"{g}/{d}": NOUNS.get(d, GROUP_NOUNS.get(g, "resource")) for g, d, _ in parts}
    seen = evidences(rows, group + "/" + driver, nouns)
    sums = [float(part.sum()) for _, _, part in parts]
    steps = []
    for (of, name, part), value in zip(parts, spread(sums, total), strict=True):
        if value == 0 and float(part.abs().max()) < 0.005:
            continue
        words, found = known(name, of), seen[f"{of}/{name}"]
        step = Step("driver", words.title, value, of, name, words.why, words.advice, found)
        steps.append(step)
    return sorted(steps, key=lambda step: (groups.index(step.group), -abs(step.cents), step.driver))


def _services(ledger: pd.DataFrame, total: int, top: int) -> list[Step]:
    """Rows outside the cluster by service, the largest first and the rest summed."""
    rows = ledger[ledger["group"] == "outside"]
    names = rows["name"].astype(str)
    label = names.where(names != "", rows["subject"].astype(str))
    sums = rows["amount"].groupby(label).sum()
    order = sorted(sums.index, key=lambda name: (-abs(sums[name]), name))
    shown, rest = order[:top], order[top:]
    amounts = [float(sums[name]) for name in shown]
    amounts += [float(sums[rest].sum())] if rest else []
    values = spread(amounts, total)
    seen = evidences(rows, label, {})
    steps = [
        Step("service", clean(name), value, "outside", "outside", evidence=seen[name])
        for name, value in zip(shown, values, strict=False)
    ]
    if rest:
        others = evidence(rows[label.isin(rest)])
        name = count(len(rest), "other service")
        steps.append(
            Step("rest", name, values[-1], "outside", "outside", evidence=others, names=len(rest))
        )
    return steps
