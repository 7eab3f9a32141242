"""A report without a bill as people read it: what things cost, what of it is idle, what is used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from burn.api.find import MONTH_HOURS
from burn.api.money import cents, count, money, percent, spread
from burn.text.clean import clean
from burn.view.efficiency import Used, of_nodes, of_workloads
from burn.view.findings import chosen
from burn.view.owners import Owners, namespaces, owners, workloads
from burn.view.quality import PriceSource, notes, price_sources

if TYPE_CHECKING:
    import pandas as pd

    from burn.api import Finding, Report

DAY = 24
"""Hours; of less, cents say too little."""
TOTAL = "= the cluster"
REST = "rest of "
MONEY = ("list_cost", "idle_cost", "system_cost", "gpu_cost", "effective_cost")
BOUGHT = {"spot": "spot", "on_demand": "on demand", "": ""}


@dataclass(frozen=True, slots=True)
class Thing:
    """An asset, or several alike; cents add up to the report over all things.

    Attributes:
        kind: node, volume or load_balancer.
        label: type and purchase option, class, or the asset's own name.
        owner: pool, claim or Service; of one asset only.
        number: how many assets.
        listed, basis: cents at list price and at the report's basis.
        idle: cents, at list price, of capacity that nobody held; None of a balancer.
        gpus, gpu_cents: devices and what they cost at list price.
        used: of what was there.
    """

    kind: str
    label: str
    owner: str
    number: int
    listed: int
    basis: int
    idle: int | None
    gpus: float
    gpu_cents: int
    used: Used
    source: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many are shown by name; the rest is summed, never dropped. None: all."""

    things: int | None = None
    namespaces: int = 20
    workloads: int = 10
    findings: int = 8


@dataclass(frozen=True, slots=True)
class Analysis:
    """A report without a bill, in reading order."""

    facts: tuple[tuple[str, str], ...]
    sentence: str
    detail: str
    kinds: tuple[Thing, ...]
    things: tuple[Thing, ...]
    namespaces: Owners
    owners: Owners | None
    workloads: Owners | None
    used: dict[str, Used]
    """By namespace, and by workload with its namespace and kind before it."""
    pods: bool
    """Whether each workload is a pod, `WORKLOAD/POD`."""
    monthly: bool
    """Whether all amounts are projected to a month of 730 hours: those of less than a day are."""
    months: dict[str, dict[str, int]]
    """By `namespace`, `owner` and `workload`: each row's cents a month, which add up too."""
    prices: tuple[PriceSource, ...]
    findings: tuple[Finding, ...]
    findings_left: int
    notes: tuple[str, ...]
    next_steps: tuple[tuple[str, str], ...] = ()


def analysed(report: Report, limits: Limits | None = None) -> Analysis:
    """Gather what every sink shows of a report without a bill."""
    limits = limits or Limits()
    info, whole = report.info, report
    month = MONTH_HOURS / info.window.hours
    ahead = times(report, month)
    monthly = info.window.hours < DAY
    months = _carriers(ahead, limits)
    report, carriers = (ahead, months) if monthly else (report, _carriers(report, limits))
    shown_findings, findings_left = chosen(report.findings, limits.findings)
    return Analysis(
        facts=(
            ("cluster", info.cluster or "not named"),
            ("window", f"{info.window} UTC ({count(info.window.hours, 'hour')})"),
            ("prices", f"{info.provider}, {_prices(report)}"),
            ("bill", "none"),
            ("metrics", info.source),
            ("policies", " > ".join(info.policies) or "none"),
            ("run", info.run_id),
        ),
        sentence=sentence(whole),
        detail=detail(whole),
        kinds=_things(report, alike=True, top=limits.things),
        things=_things(report, alike=False, top=None) if limits.things is None else (),
        namespaces=carriers[0],
        owners=carriers[1],
        workloads=carriers[2],
        used=of_workloads(report),
        pods=bool(report.allocation["workload"].astype("str").str.contains("/").any()),
        monthly=monthly,
        months=dict(zip(("namespace", "owner", "workload"), map(_by_label, months), strict=True)),
        prices=price_sources(report),
        findings=shown_findings,
        findings_left=findings_left,
        notes=notes(report),
    )


def times(report: Report, factor: float) -> Report:
    """The same with every amount that the view shows times a factor."""
    assets, totals = report.assets, report.totals
    return replace(
        report,
        totals=replace(
            totals,
            report=totals.report * factor,
            cluster_effective=totals.cluster_effective * factor,
        ),
        prices=report.prices.assign(list_cost=report.prices["list_cost"] * factor),
        allocation=report.allocation.assign(cost=report.allocation["cost"] * factor),
        assets=None
        if assets is None
        else assets.assign(**{name: assets[name] * factor for name in MONEY}),
    )


def _carriers(report: Report, limits: Limits) -> tuple[Owners, Owners | None, Owners | None]:
    """Who carries the cost: namespaces, owners and workloads."""
    top, few = limits.namespaces, limits.workloads
    return namespaces(report, top=top), owners(report, top=top), workloads(report, top=few)


def _by_label(rows: Owners | None) -> dict[str, int]:
    if rows is None:
        return {}
    listed = rows.basis == "list"
    found = {row.label: row.report if listed else row.basis for row in rows.rows}
    return found | {TOTAL: rows.report if listed else rows.total}


def _prices(report: Report) -> str:
    paid = report.info.paid
    return f"effective as run {paid} paid" if paid else "list price"


def sentence(report: Report) -> str:
    """What the cluster costs, and what that is a month."""
    month = MONTH_HOURS / report.info.window.hours
    totals, currency = report.totals, report.info.currency
    basis = report.info.basis
    total = totals.cluster(basis)
    rate = money(cents(total * month), currency)
    at = "at list price" if basis == "list" else "at what was paid"
    return f"The cluster costs {money(cents(total), currency)} {at}: {rate} a month at this rate."


def detail(report: Report) -> str:
    """What of it is idle, and that no bill was read."""
    totals, currency = report.totals, report.info.currency
    idle, system = (_of_kind(report, kind) for kind in ("idle", "system"))
    of = percent(idle, cents(totals.report)).lstrip("+")
    text = f"{money(idle, currency)} is idle ({of}), {money(system, currency)} is the nodes' own."
    if report.info.basis != "list":
        text = f"At list price it is {money(cents(totals.report), currency)}; of that, {text}"
    return f"{text} No bill was read: what is charged beside this is not in it."


def _of_kind(report: Report, kind: str) -> int:
    """Of the assets, whatever policies did with it."""
    found = report.assets
    return 0 if found is None else cents(float(found[f"{kind}_cost"].sum()))


def _things(report: Report, *, alike: bool, top: int | None) -> tuple[Thing, ...]:
    """Assets, or kinds of them, the largest first: nodes, volumes, balancers."""
    assets = report.assets
    if assets is None:
        return ()
    effective = assets["effective_cost"].fillna(assets["list_cost"])
    frame = assets.astype({"kind": "str"}).assign(
        label=_kind_labels(assets) if alike else assets["name"].astype("str"),
        owner="" if alike else _owner(assets),
        basis=assets["list_cost"] if report.info.basis == "list" else effective,
        source=assets["price_source"].astype("str"),
    )
    frame["group"] = (
        frame["kind"] + "/" + frame["label"] if alike else frame["asset_id"].astype("str")
    )
    sums = frame.groupby("group", sort=True).agg(
        kind=("kind", "first"),
        label=("label", "first"),
        owner=("owner", "first"),
        number=("asset_id", "nunique"),
        listed=("list_cost", "sum"),
        basis=("basis", "sum"),
        idle=("idle_cost", "sum"),
        gpus=("gpu_count", "sum"),
        gpu=("gpu_cost", "sum"),
        source=("source", "first"),
    )
    sums["rank"] = sums["kind"].map({"node": 0, "volume": 1, "load_balancer": 2})
    sums = sums.sort_values(["rank", "basis", "label"], ascending=[True, False, True])
    pool = _pooled(sums, top)
    groups = frame.set_index(frame["asset_id"].astype("str"))["group"].map(pool)
    sums = _joined(sums.groupby(pool, sort=False))
    used = of_nodes(report, groups)
    whole = report.totals.report, report.totals.cluster(report.info.basis)
    listed, basis = (
        spread(sums[name].tolist(), cents(total))
        for name, total in zip(("listed", "basis"), whole, strict=True)
    )
    idle = spread(sums["idle"].tolist(), _of_kind(report, "idle"))
    rows = zip(sums.index, sums.to_dict("records"), listed, basis, idle, strict=True)
    return tuple(
        Thing(
            kind=row["kind"],
            label=clean(str(row["label"])),
            owner=clean(str(row["owner"])),
            number=int(row["number"]),
            listed=one,
            basis=two,
            idle=None if row["kind"] == "load_balancer" else three,
            gpus=float(row["gpus"]),
            gpu_cents=cents(float(row["gpu"])),
            used=used.get(str(name), Used()),
            source=clean(str(row["source"])),
        )
        for name, row, one, two, three in rows
    )


def _pooled(sums: pd.DataFrame, top: int | None) -> pd.Series[str]:
    """Of each group its own name; beyond the largest ones of a kind of asset, that of the rest."""
    import pandas as pd

    place = sums.groupby("kind", sort=False).cumcount()
    count = sums.groupby("kind", sort=False)["number"].transform("size")
    most = sums["kind"].map(lambda kind: top if kind == "node" else 1)
    own = pd.Series(sums.index, index=sums.index, dtype="str")
    if top is None:
        return own
    # One more line than is pooled costs nothing.
    rest = (place >= most) & (count > most + 1)
    return own.where(~rest, REST + sums["kind"])


def _joined(pools: Any) -> pd.DataFrame:
    """A row a pool; its label is its own, or says how many kinds it has."""
    text = dict.fromkeys(("kind", "label", "owner", "source"), "first")
    money = dict.fromkeys(("number", "listed", "basis", "idle", "gpus", "gpu"), "sum")
    sums: pd.DataFrame = pools.agg(text | money)
    kinds = pools.size().map(lambda size: f"{size:,} other kinds")
    sums["label"] = sums["label"].where(~sums.index.str.startswith(REST), kinds)
    return sums


def _kind_labels(assets: pd.DataFrame) -> pd.Series[str]:
    kinds = assets["kind"].astype("str")
    types = assets["instance_type"].astype("str")
    bought = assets["capacity_type"].astype("str").map(BOUGHT).fillna("")
    named = (types.where(types != "", "of unknown type") + " " + bought).str.strip()
    volumes = types.where(types != "", "of no class")
    label = named.where(kinds == "node", volumes)
    return label.where(kinds != "load_balancer", "load balancers")


def _owner(assets: pd.DataFrame) -> pd.Series[str]:
    space, name = assets["namespace"].astype("str"), assets["owner_name"].astype("str")
    return (space + "/" + name).where(space != "", name)


def shown(things: Sequence[Thing], kind: str) -> list[Thing]:
    """Those of a kind."""
    return [one for one in things if one.kind == kind]
