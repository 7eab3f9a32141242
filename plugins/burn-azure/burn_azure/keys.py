"""The normal form of a resource id: the same key from the bill and from Kubernetes.

    azure:///subscriptions/S/resourceGroups/MC_x/…/virtualMachineScaleSets/V/virtualMachines/7
        →  /subscriptions/s/resourcegroups/mc_x/…/virtualmachinescalesets/v/virtualmachines/7

ARM ids are compared without case. A bill line of a scale set names the instance, if at all, in
additionalInfo: `"VMName": "v_7"`, or by the computer name `"v00000007"` (base 36); what follows
the scale set's name becomes the key's last part.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

SET = "/virtualmachinescalesets/"
INSTANCE = "/virtualmachines/"
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
CUT = 80
"""Characters at which AKS cuts a node group's name."""
_NODE = re.compile(
    r"^(/subscriptions/[^/]+/resourcegroups/([^/]+))/.*?/virtualmachine[^/]*/([^/]+)"
)


def resource_key(resource_id: str | None) -> str:
    """The normal form of one id; empty for none."""
    text = (resource_id or "").strip().lower()
    return "/" + text.removeprefix("azure://").strip("/") if text else ""


def computer_suffix(instance: str) -> str:
    """How an instance number ends a computer name: six digits of base 36."""
    number, out = int(instance), ""
    while number:
        number, digit = divmod(number, 36)
        out = DIGITS[digit] + out
    return out.rjust(6, "0")


def node_groups(keys: list[str]) -> tuple[str, ...]:
    """Resource groups AKS made for nodes with these keys: `MC_…`, or nodes named `aks-…`."""
    found = (match for key in keys if (match := _NODE.match(key)))
    return tuple(sorted({m[1] for m in found if m[2].startswith("mc_") or m[3].startswith("aks-")}))


def cluster_ids(groups: Sequence[str], cluster: str) -> tuple[str, ...]:
    """The ARM ids of managed clusters of this name that made these node groups.

    AKS calls a node group `MC_GROUP_CLUSTER_REGION`, and cuts it at 80 characters: a name that is
    cut says nothing.
    """
    name = re.escape(cluster.lower())
    made = re.compile(rf"^(/subscriptions/[^/]+/resourcegroups/)mc_(.+)_{name}_[a-z0-9]+$")
    found = (made.match(group) for group in groups)
    return tuple(
        f"{m[1]}{m[2]}/providers/microsoft.containerservice/managedclusters/{cluster.lower()}"
        for m in found
        if m and len(m[0].rpartition("/")[2]) < CUT
    )


def arm_id_sql(text: str) -> str:
    """An ARM id in lower case, without a slash at its end, as SQL."""
    low = f"LOWER({text})"
    # Trimming is the dearest thing there is to do to a million ids, and hardly ever needed.
    odd = f"ENDS_WITH({low}, '/') OR STARTS_WITH({low}, ' ') OR ENDS_WITH({low}, ' ')"
    return f"CASE WHEN {odd} THEN RTRIM(TRIM({low}), '/') ELSE {low} END"


def resource_key_sql(key: str, vm_name: str) -> str:
    """The same over a bill's columns, as SQL (DuckDB dialect).

    Args:
        key: from `arm_id_sql`.
        vm_name: what additionalInfo says.
    """
    vm = f"LOWER({vm_name})"
    name = f"REGEXP_EXTRACT({key}, '/virtualmachinescalesets/([^/]+)$', 1)"
    suffix = f"LTRIM(SUBSTR({vm}, LENGTH({name}) + 1), '_')"
    computer = f"REGEXP_EXTRACT({vm}, '([0-9a-z]{{6}})$', 1)"
    return (
        f"CASE WHEN STRPOS({key}, '{SET}') = 0 THEN {key} "
        f"WHEN {vm} = '' OR {name} = '' THEN {key} "
        f"WHEN STARTS_WITH({vm}, {name}) AND {suffix} <> '' "
        f"THEN {key} || '/virtualmachines/' || {suffix} "
        f"WHEN {computer} <> '' THEN {key} || '/virtualmachines/' || {computer} ELSE {key} END"
    )
