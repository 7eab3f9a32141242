"""A world's charges as the line items of a detailed usage cost export."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tests.lab.charges import Dim
from tests.lab.gcp_names import (
    CORE_SHARE,
    GPU_SHARE,
    MACHINES,
    OTHER_PROJECT,
    PLACE,
    PROJECT,
    SERVICE,
    google,
    region,
    resources,
    sku,
)
from tests.lab.ledger import Charged
from tests.lab.money import UNIT, scale, units

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

MODEL = "Compute Flexible CUDs - 1 Year"
FEES = {
    "new": "Commitment - dollar based v1: Compute Flexible CUDs 1 year",
    "legacy": "Commitment - dollar based v1: GCE for 1 year",
}
AMOUNTS = ("quantity", "cost", "list", "model_list", "credit")


@dataclass
class Printed:
    """Line items: `kinds` by number, `rows` with time and amounts in units of 1e-10."""

    kinds: list[dict[str, Any]] = field(default_factory=list)
    parts: list[pd.DataFrame] = field(default_factory=list)

    def add(self, kind: dict[str, Any], facts: pd.DataFrame, **amounts: Any) -> None:
        import pandas as pd

        self.kinds.append(kind)
        columns = {"kind": len(self.kinds) - 1, "hour": facts["hour"], "length": facts["length"]}
        made = columns | dict.fromkeys(AMOUNTS, 0) | amounts
        self.parts.append(pd.DataFrame(made).astype("int64"))

    def rows(self) -> pd.DataFrame:
        import pandas as pd

        table = pd.concat(self.parts, ignore_index=True)
        return table.sort_values(["hour", "kind", "length"], kind="stable", ignore_index=True)


def gcp_lines(charged: Charged, *, model: str = "new") -> Printed:
    """Every charge as one line, or as one per SKU of a machine.

    Args:
        charged: of a `gcp_world`.
        model: how spend-based commitments are billed: `legacy` by credits, `new` by prices.
    """
    out = Printed()
    ids = resources(charged.world)
    groups = dict(tuple(charged.facts.groupby("dim", sort=False)))
    for number, dim in enumerate(charged.dims):
        if number not in groups:
            continue
        facts = groups[number]
        base = _base(charged, dim, ids)
        if dim.kind in ("plan_fee", "reservation_fee"):
            _fee(out, charged, dim, base, hourly(facts), model)
        elif dim.instance_type and dim.kind in ("usage", "spot", "plan", "reservation"):
            _machine(out, charged, dim, base, facts, model)
        elif dim.kind == "usage":
            name = sku(dim, PLACE[region(charged.world)])
            _usage(out, base | named(name, _unit(dim)), facts, facts["quantity"])
        else:
            _monthly(out, dim, base, facts)
    return out


def _base(charged: Charged, dim: Dim, ids: dict[str, tuple[str, str, str]]) -> dict[str, Any]:
    world = charged.world
    project = OTHER_PROJECT if dim.account not in ("", world.account) else PROJECT
    short = dim.resource.rpartition("/")[2].rpartition(":")[2]
    kind, name, place = ids.get(dim.resource, ("resource", short, ""))
    where = f"zones/{place}" if place else f"regions/{region(world)}"
    number = int(hashlib.sha256(name.encode()).hexdigest()[:15], 16)
    tail = f"{kind}/{number}" if kind == "instance" else f"{kind}s/{name}"
    full = f"//compute.googleapis.com/projects/{project}/{where}/{tail}" if name else ""
    labels = []
    other = [v for k, v in dim.tags if v == f"{world.cluster}-2"]
    other += [k.rpartition("/")[2] for k, v in dim.tags if v == "owned"]
    if dim.inside and (dim.tags or dim.code == "AmazonEKS"):
        labels = [("goog-k8s-cluster-name", world.cluster)]
    elif other and not dim.inside:
        labels = [("goog-k8s-cluster-name", other[0])]
    return {
        "service": SERVICE.get(dim.service, dim.service),
        "project": project,
        "resource": name,
        "global": full,
        "zone": place,
        "region": region(world),
        "labels": labels,
        "cost_type": "regular",
        "seller": "Google Cloud",
        "model": "Default",
        "credit": ("", ""),
    }


def named(name: str, unit: str) -> dict[str, Any]:
    digest = hashlib.sha256(name.encode()).hexdigest()[:12].upper()
    return {"sku": name, "sku_id": "-".join((digest[:4], digest[4:8], digest[8:])), "unit": unit}


def _unit(dim: Dim) -> str:
    return {"GB-Mo": "gibibyte month", "GB": "gibibyte", "Hrs": "hour", "Hours": "hour"}.get(
        dim.unit, dim.unit
    )


def _usage(out: Printed, kind: dict[str, Any], facts: pd.DataFrame, quantity: Any) -> None:
    amounts = {"cost": facts["billed"], "list": facts["gross"], "model_list": facts["gross"]}
    out.add(kind, facts, quantity=quantity, **amounts)


def shares(kind: str) -> list[tuple[str, str, Decimal, int]]:
    """SKUs of a machine type: name, unit, share of its price, units an hour; shares add up to 1."""
    machine = MACHINES[kind]
    rest = 1 - GPU_SHARE if machine.gpu else Decimal(1)
    out = [
        (f"{machine.sku} Instance Core", "hour", rest * CORE_SHARE, machine.cores),
        (f"{machine.sku} Instance Ram", "gibibyte hour", rest * (1 - CORE_SHARE), machine.gib),
    ]
    if machine.gpu:
        out.append((machine.gpu, "hour", GPU_SHARE, 1))
    return out


def _machine(
    out: Printed, charged: Charged, dim: Dim, base: dict[str, Any], facts: pd.DataFrame, model: str
) -> None:
    book = _net(charged)
    place = PLACE[region(charged.world)]
    parts = shares(dim.instance_type)
    for at, (name, unit, share, size) in enumerate(parts):
        spot = "Spot Preemptible " if dim.kind == "spot" else ""
        kind = base | named(f"{spot}{name} running in {place}", unit)

        def cut(amounts: Any, at: int = at, share: Decimal = share) -> np.ndarray:
            values = amounts.to_numpy() if hasattr(amounts, "to_numpy") else amounts
            if at < len(parts) - 1:
                return scale(values, units(share))
            before = [scale(values, units(other)) for _, _, other, _ in parts[:-1]]
            return values - sum(before)

        quantity = facts["quantity"].to_numpy() * size
        if dim.kind in ("usage", "spot"):
            listed = cut(facts["gross"])
            out.add(
                kind,
                facts,
                quantity=quantity,
                cost=cut(facts["billed"]),
                list=listed,
                model_list=listed,
            )
        elif dim.kind == "plan" and model == "new":
            out.add(
                kind | {"model": MODEL},
                facts,
                quantity=quantity,
                cost=cut(facts["effective"]),
                list=cut(facts["list"]),
                model_list=cut(facts["public"]),
            )
        else:
            credit = ("COMMITTED_USAGE_DISCOUNT", "Committed Usage Discount")
            if dim.kind == "plan":
                credit = ("COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE", "GCE Commitments")
            cost = cut(book(facts["list"].to_numpy()))
            listed = cut(facts["list"])
            out.add(
                kind | {"credit": credit},
                facts,
                quantity=quantity,
                cost=cost,
                list=listed,
                model_list=listed,
                credit=-cost,
            )


def hourly(facts: pd.DataFrame) -> pd.DataFrame:
    """Longer lines cut into hours, as Google shows all usage; no unit is lost."""
    import numpy as np

    length = facts["length"].to_numpy()
    row = np.repeat(np.arange(len(facts)), length)
    nth = np.arange(len(row)) - np.repeat(np.cumsum(length) - length, length)
    out = facts.iloc[row].reset_index(drop=True)
    for name in ("quantity", "billed", "gross", "effective"):
        # Python's integers: a month's money times its hours is too much for 64 bits.
        value = out[name].to_numpy(object)
        out[name] = (value * (nth + 1) // length[row] - value * nth // length[row]).astype("int64")
    return out.assign(hour=out["hour"] + nth, length=1)


def with_hourly_fees(charged: Charged) -> Charged:
    """The charges with each reservation's fee by the hour: what nobody used is of that hour.

    The lab prints such a fee as one line of the month, as AWS does, and Google does not.
    """
    import pandas as pd

    facts, dims = charged.facts, charged.dims
    parts = []
    for number, part in facts.groupby("dim", sort=False):
        fee = dims[int(str(number))]
        if fee.kind != "reservation_fee":
            parts.append(part)
            continue
        paid = [(one.kind, one.commitment) == ("reservation", fee.commitment) for one in dims]
        covered = [at for at, yes in enumerate(paid) if yes]
        used = facts[facts["dim"].isin(covered)].groupby("hour")["effective"].sum()
        made = hourly(part)
        unused = made["billed"] - made["hour"].map(used).fillna(0).astype("int64")
        assert unused.sum() == part["effective"].sum()
        parts.append(made.assign(effective=unused))
    return replace(charged, facts=pd.concat(parts, ignore_index=True))


def _fee(
    out: Printed, charged: Charged, dim: Dim, base: dict[str, Any], facts: pd.DataFrame, model: str
) -> None:
    bare = base | {"resource": "", "global": "", "labels": [], "zone": ""}
    bare["service"] = "Compute Engine"
    if dim.kind == "plan_fee":
        kind = bare | named(FEES[model], "hour")
        money = {"cost": facts["billed"], "list": facts["gross"], "model_list": facts["gross"]}
        if model == "new":
            used = -(facts["billed"] - facts["effective"])
            kind |= {"credit": ("FEE_UTILIZATION_OFFSET", "Fee utilization offset")}
            out.add(kind, facts, quantity=facts["gross"], credit=used, **money)
        else:
            (plan,) = charged.world.plans
            factor = int(plan.factor * UNIT)
            dollars = scale(facts["billed"].to_numpy(), UNIT, factor)
            out.add(kind, facts, quantity=dollars, **money)
        return
    place = PLACE[region(charged.world)]
    parts = shares(dim.instance_type)
    for at, (name, unit, share, size) in enumerate(parts):
        word = name.replace("Instance Core", "Cpu").replace("Instance Ram", "Ram")
        kind = bare | named(f"Commitment v1: {word} in {place} for 1 Year", unit)
        money = {}
        for column, fact in (("cost", "billed"), ("list", "gross"), ("model_list", "gross")):
            values = facts[fact].to_numpy()
            whole = scale(values, units(share))
            if at == len(parts) - 1:
                whole = values - sum(scale(values, units(p[2])) for p in parts[:-1])
            money[column] = whole
        out.add(kind, facts, quantity=facts["quantity"].to_numpy() * size, **money)


def _monthly(out: Printed, dim: Dim, base: dict[str, Any], facts: pd.DataFrame) -> None:
    kind = base | named(google(dim.description or dim.usage_type or "Usage"), "")
    kind |= {"resource": "", "global": "", "labels": []}
    granting = {
        "credit": ("PROMOTION", "Free trial"),
        "odd": ("SOMETHING_NEW", "Something new"),
    }
    if dim.kind in granting:
        out.add(kind | {"credit": granting[dim.kind]}, facts, credit=facts["billed"])
        return
    types = {"tax": "tax", "refund": "adjustment"}
    kind["cost_type"] = types.get(dim.kind, "regular")
    kind["seller"] = "Log Shipper Ltd" if dim.kind == "marketplace" else "Google Cloud"
    out.add(
        kind,
        facts,
        quantity=facts["quantity"],
        cost=facts["billed"],
        list=facts["billed"],
        model_list=facts["billed"],
    )


def _net(charged: Charged) -> Any:
    edp = units(charged.world.discounts.edp)
    return lambda amounts: amounts - scale(amounts, edp)
