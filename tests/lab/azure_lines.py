"""Charges as the lines of a Cost Management export, actual or amortised.

Actual: covered usage costs nothing, fees are purchases. Amortised: covered usage carries its
part of the fee, what nobody used is a line of its own, and fees are gone.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.lab.azure import (
    OTHER,
    REGION,
    SIZE,
    SUBSCRIPTION,
    disk_id,
    group,
    instance_number,
    managed_group,
    node_id,
    set_name,
    tiered,
)
from tests.lab.charges import Dim
from tests.lab.ledger import Charged
from tests.lab.money import number
from tests.lab.things import World

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

CHARGE = {
    "credit": "Credit",
    "refund": "Refund",
    "tax": "Tax",
    "support": "Purchase",
    "marketplace": "Purchase",
    "odd": "OrbitSurcharge",
    "upfront": "Purchase",
}
TIER = {4: 1, 8: 2, 16: 3, 32: 4, 64: 6, 128: 10, 256: 15, 512: 20, 1024: 30, 2048: 40}
FEES = ("plan_fee", "reservation_fee", "upfront")


def azure_lines(charged: Charged, dataset: str) -> pd.DataFrame:
    """One row a line: what a kind of line is, its day, its amounts in money units.

    Args:
        charged: from `azure_charge`.
        dataset: actual or amortized.
    """
    import numpy as np
    import pandas as pd

    world = charged.world
    facts = charged.facts
    kind = pd.Series(np.array([dim.kind for dim in charged.dims], dtype=object)[facts["dim"]])
    covered, fee = kind.isin(["plan", "reservation"]), kind.isin(FEES)
    short = (facts["length"] == 1) | fee
    # A fee of many hours is printed by the day, or once with its service period.
    rows = facts.assign(spread=0)
    if dataset == "actual":
        rows["cost"] = rows["billed"]
        rows = rows[~fee | (rows["billed"] != 0)]
    else:
        rows["cost"] = np.where(covered | fee, rows["effective"], rows["billed"])
        rows = rows[~fee | (rows["effective"] != 0)]
    del short
    day = rows["length"] == 1
    rows["start"] = np.where(day, rows["hour"] // 24 * 24, rows["hour"])
    rows["length"] = np.where(day, 24, rows["length"])
    amounts = ["quantity", "list", "public", "effective", "cost"]
    dims = [_dim(world, dim, dataset) for dim in charged.dims]
    rows["dim"] = _merged(dims, [dim.kind for dim in charged.dims])[rows["dim"]]
    out = rows.groupby(["dim", "start", "length"], as_index=False)[amounts].sum()
    table = pd.DataFrame(dims).iloc[out["dim"]].reset_index(drop=True)
    for name in amounts:
        table[name] = out[name].to_numpy()
    table["priced"] = [
        charged.dims[d].kind in ("usage", "spot", "plan", "reservation") for d in out["dim"]
    ]
    # The price on demand that was agreed: covered usage names it too, spot has a meter of its own.
    held = table["model"].isin(["Reservation", "SavingsPlan"])
    agreed = table["list"] + table["effective"] - table["public"]
    table["contracted"] = agreed.where(held, table["effective"])
    table["start"] = [world.start + timedelta(hours=int(h)) for h in out["start"]]
    table["end"] = [
        world.start + timedelta(hours=int(h + n))
        for h, n in zip(out["start"], out["length"], strict=True)
    ]
    return table


def _merged(dims: list[dict[str, Any]], kinds: list[str]) -> npt.NDArray[np.intp]:
    """Each dim's number → that of the first that says the same: Azure meters a resource once a day.

    Traffic of a scale set's instances is one line of the set.
    """
    import numpy as np

    first: dict[str, int] = {}
    keys = [f"{kind} {dim}" for dim, kind in zip(dims, kinds, strict=True)]
    return np.array([first.setdefault(key, at) for at, key in enumerate(keys)])


def amount(units: int) -> str:
    """Money as an export prints it."""
    return f"{number(units):f}"


def _dim(world: World, dim: Dim, dataset: str) -> dict[str, Any]:
    """What all lines of a charge say."""
    charge = CHARGE.get(dim.kind, "Usage")
    if dim.kind in ("plan_fee", "reservation_fee"):
        unused = "UnusedSavingsPlan" if dim.kind == "plan_fee" else "UnusedReservation"
        charge = "Purchase" if dataset == "actual" else unused
    model = {
        "spot": "Spot",
        "plan": "SavingsPlan",
        "plan_fee": "SavingsPlan",
        "reservation": "Reservation",
        "reservation_fee": "Reservation",
        "upfront": "Reservation",
    }.get(dim.kind, "OnDemand" if charge == "Usage" else "")
    base = {
        "subscription": OTHER if dim.account else SUBSCRIPTION,
        "category": dim.service,
        "subcategory": "",
        "meter": dim.usage_type,
        "unit": dim.unit or "1",
        "resource": "",
        "info": {},
        "tags": {},
        "charge": charge,
        "model": model,
        "commitment": _held(dim),
        "plan": dim.kind.startswith("plan"),
        "publisher": "Marketplace" if dim.kind == "marketplace" else "Azure",
        "region": REGION[world.region],
        "factor": 1,
    }
    return base | _thing(world, dim)


def _held(dim: Dim) -> str:
    tail = dim.commitment.rpartition("/")[2]
    if not tail:
        return ""
    if dim.kind.startswith("plan"):
        return f"/providers/Microsoft.BillingBenefits/savingsPlanOrders/o-1/savingsPlans/{tail}"
    return f"/providers/Microsoft.Capacity/reservationOrders/o-2/reservations/{tail}"


def _thing(world: World, dim: Dim) -> dict[str, Any]:
    """The resource and its meter."""
    nodes = {n.instance_id: (n, True) for n in world.nodes}
    nodes |= {n.instance_id: (n, False) for n in world.strangers}
    volumes = {v.volume_id: v for v in world.volumes}
    away = {
        "resource": f"{group('shop-data')}/providers/Microsoft.Misc/things/{_slug(dim.resource)}"
    }
    if dim.resource in nodes:
        return _machine(world, dim, *nodes[dim.resource])
    if dim.family in ("Storage", "System Operation") and dim.resource in volumes:
        return _disk(world, dim, volumes[dim.resource])
    for node, inside in nodes.values():
        if node.root_volume == dim.resource:
            base = managed_group(world) if inside and node.tags else group("shared-vms")
            name = f"{set_name(node)}_{instance_number(node)}_OsDisk_1_{node.root_volume[4:]}"
            return {
                "resource": f"{base}/providers/Microsoft.Compute/disks/{name}",
                "subcategory": "Premium SSD Managed Disks",
                "meter": "P10 LRS Disk",
                "unit": "1/Month",
            }
        if node.public_ip and dim.resource.endswith(node.public_ip):
            base = managed_group(world) if dim.inside else group("shared-vms")
            return {
                "resource": f"{base}/providers/Microsoft.Network/publicIPAddresses/{node.public_ip}",
                "subcategory": "IP Addresses",
                "meter": "Standard IPv4 Static Public IP",
                "unit": "1 Hour",
            }
    network = f"{managed_group(world)}/providers/Microsoft.Network"
    for one in world.balancers:
        if one.resource == dim.resource:
            name = "kubernetes-internal" if one.kind == "classic" else "kubernetes"
            rules = "Standard Included LB Rules and Outbound Rules"
            load = dim.cost_class == "load_balancer_usage"
            return {
                "resource": f"{network}/loadBalancers/{name}",
                "unit": "1 GB" if load else "1 Hour",
                "meter": "Standard Data Processed" if load else rules,
            }
    if dim.cost_class == "snapshot":
        name = dim.resource.rpartition("/")[2]
        return {
            "resource": f"{managed_group(world)}/providers/Microsoft.Compute/snapshots/{name}",
            "subcategory": "Standard HDD Managed Disks",
            "meter": "LRS Snapshots",
            "unit": "1 GB/Month",
        }
    if dim.cost_class in ("control_plane", "extended_support"):
        support = dim.cost_class == "extended_support"
        return {
            "resource": f"{group('shop')}/providers/Microsoft.ContainerService/managedClusters/{world.cluster}",
            "meter": "Standard Long Term Support" if support else "Standard Uptime SLA",
            "unit": "1 Hour",
        }
    if dim.family == "NAT Gateway":
        base = network if dim.inside else f"{group('hub')}/providers/Microsoft.Network"
        return {
            "resource": f"{base}/natGateways/{_slug(dim.resource)}",
            "meter": "Standard Gateway",
        }
    if dim.inside:
        return away | {"tags": {"aks-managed-cluster-name": world.cluster, "team": "edge"}}
    return away if dim.resource and not dim.commitment else {}


def _machine(world: World, dim: Dim, node: Any, inside: bool) -> dict[str, Any]:
    arm = node_id(world, node, mine=inside)
    in_set = "/virtualMachineScaleSets/" in arm
    resource = arm.partition("/virtualMachines/")[0] if in_set else arm
    if dim.family == "Data Transfer":
        meter = (
            "Standard Data Transfer Out" if "Out" in dim.usage_type else "Inter-Zone Data Transfer"
        )
        return {"resource": resource, "meter": meter, "unit": "1 GB"}
    name = f"{set_name(node)}_{instance_number(node)}" if in_set else None
    size = SIZE[node.instance_type]
    plain = size.removeprefix("Standard_").replace("_", " ")
    return {
        "resource": resource,
        "info": {
            "UsageType": "ComputeHR",
            "ImageType": "Canonical",
            "ServiceType": size,
            "VMName": name,
        },
        "tags": {"poolName": node.pool, "orchestrator": "Kubernetes:1.33.2"} if in_set else {},
        "subcategory": "VM Series",
        "meter": plain + (" Spot" if dim.kind == "spot" else ""),
        "unit": "1 Hour",
    }


def _disk(world: World, dim: Dim, volume: Any) -> dict[str, Any]:
    made = {
        "resource": disk_id(world, volume),
        "tags": {
            "kubernetes.io-created-for-pvc-name": volume.claim,
            "kubernetes.io-created-for-pvc-namespace": volume.namespace,
        },
    }
    if dim.cost_class == "disk_performance":
        return made | {
            "subcategory": "Azure Premium SSD v2",
            "meter": "Premium LRS Provisioned IOPS",
        }
    if tiered(volume):
        gib = volume.sizes[0][2]
        tier = next(tier for size, tier in TIER.items() if gib <= size)
        made |= {"subcategory": "Premium SSD Managed Disks", "meter": f"P{tier} LRS Disk"}
        # Counted in disks, where the world counts GiB.
        return made | {"unit": "1/Month", "factor": gib}
    made |= {"subcategory": "Azure Premium SSD v2", "meter": "Premium LRS Provisioned Capacity"}
    return made | {"unit": "1 GiB/Month"}


def _slug(text: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in text.rpartition(":")[2]).strip("-") or "x"


def as_json(value: dict[str, Any]) -> str:
    return json.dumps(value) if value else ""
