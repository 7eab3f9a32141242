"""The words that frames use: kinds of assets and cost, what a bill row is for, ledger groups."""

from __future__ import annotations

from burn.api.drivers import DRIVERS, GROUP_TITLES, WORKED_OUT


def _classes(group: str) -> tuple[str, ...]:
    """The cost classes that land in the drivers of a group."""
    mine = (driver for driver in DRIVERS.values() if driver.group == group)
    return tuple(driver.name for driver in mine if driver.name not in WORKED_OUT)


ASSET_KINDS = ("node", "volume", "load_balancer")
RESOURCES = ("cpu", "memory", "gpu", "storage", "load_balancer", "network")
COST_KINDS = ("unallocated", "direct", "idle", "system", "shared")
TRAFFIC = ("data_transfer", "nat")
"""Classes of the bill that bytes are charged in."""
NOTHING = "Nothing"
"""`x_tied_to` of what the bill itself charges as idle."""
BASES = ("list", "effective", "billed")
CAPACITY_TYPES = ("on_demand", "spot", "")

# What a bill row is *for*. The provider names it, and it lands in the driver of that name.
MODELLED_CLASSES = ("node", "volume", "load_balancer")
UNMODELLED_CLASSES = _classes("unmodelled")
COMMITMENT_CLASSES = ("unused_commitment", "commitment_fee")
RATE_CLASSES = _classes("rate")
ACCOUNTING_CLASSES = _classes("accounting")
COST_CLASSES = (
    MODELLED_CLASSES + UNMODELLED_CLASSES + COMMITMENT_CLASSES + RATE_CLASSES + ACCOUNTING_CLASSES
)

LEDGER_GROUPS = tuple(GROUP_TITLES)
"""In the order in which they are walked. All but the last add up to what was billed; `invoice` goes
on from there to the invoices of the window's months."""

FATES = ("window", "other period", "out of scope", "detail")
"""What can become of a bill's line: it is in the window; in a period that was not asked for; of an
account, project or provider that is not in scope; or it repeats the cost of other lines in detail
(split cost allocation), and no total may count it."""

UNITS = ("hours", "GiB-hours", "vCPU-hours", "core-hours", "device-hours")
"""What an asset's quantity is counted in, by the metrics, by its price and on the bill.

hours: the asset's own, at most 24 a day. GiB-hours: its storage × hours. core-hours, device-hours: its
cores or GPUs × hours. vCPU-hours: what its pods asked for: the node is billed by them.
"""
BILLED_BY_POD = "vCPU-hours"
"""The unit of nodes that are billed by what their pods ask for."""

OBSERVABLE = (
    "nodes",
    "volumes",
    "claims",
    "mounts",
    "services",
    "ingresses",
    "requests",
    "cpu_use",
    "memory_use",
    "gpu_use",
    "network_use",
    "scheduling",
    "specs",
    "budgets",
    "autoscalers",
    "limits",
    "quantiles",
    "throttling",
    "restarts",
)
"""Kinds of things that a source may be able to see or not (`Coverage.sees`).

nodes: all that were there, gone by now or not. volumes: PersistentVolumes, bound or not. claims: PersistentVolumeClaims. mounts: which pods
mount which claims. services: addresses of Services. ingresses: Ingresses, with or without their
address. requests: what pods ask for. cpu_use, memory_use, gpu_use, network_use: what they use,
measured. scheduling: the node pool and architecture of nodes, which say where a pod may run.
specs: what pods' specifications say of where they may run and what data they keep. budgets:
PodDisruptionBudgets. autoscalers: HorizontalPodAutoscalers. Of containers: limits; quantiles: how
CPU and memory used spread over a day; throttling; restarts: with those after they ran out of memory.
"""
