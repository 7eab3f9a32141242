"""GKE Autopilot's pod SKUs: what pods ask for, by class of pod, in a region.

    Autopilot Pod mCPU Requests (us-central1)            general purpose; hours of a thousandth
    Autopilot Balanced Spot Pod Memory Requests (…)      GiB-hours
    Autopilot NVIDIA L4 Pod GPU Requests (…)             GPU-hours
    Autopilot Arm Pod CPU (…)                            hours of a vCPU
    Autopilot Pod Ephemeral Storage Requests (…)         GiB-hours, one rate for all classes

Such a line names the cluster and no node. Its key is the class's, `autopilot/balanced spot ram`;
every node of the class has it, see `burn_gcp.autopilot`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

POD = (
    r"^Autopilot (?P<kind>.*?) ?(?P<spot>Spot )?Pod "
    r"(?P<what>mCPU|CPU|Memory|GPU|Ephemeral Storage|Local SSD)\b"
)
PARTS = {
    "mCPU": "core",
    "CPU": "core",
    "Memory": "ram",
    "GPU": "gpu",
    "Ephemeral Storage": "disk",
    "Local SSD": "disk",
}
PREFIX = "autopilot"


def pod_key(kind: pd.Series[str], part: str, *, spot: pd.Series[bool]) -> pd.Series[str]:
    """`autopilot/scale-out arm spot core`; disks are of all classes."""
    if part == "disk":
        return kind.where(kind.isna(), f"{PREFIX}/disk")
    name = kind + spot.map({True: " spot ", False: " "}) + part
    return f"{PREFIX}/" + name.str.strip()


def pod_skus(sku: pd.Series[str]) -> pd.DataFrame:
    """What pods' SKUs are; the others' rows have an empty `component` and `pod_key`.

    Returns:
        Columns component (`autopilot balanced core`), part, spot, pod_key, per_unit: how many
        vCPUs, GiB or GPUs one unit of the SKU is.
    """
    import pandas as pd

    found = sku.str.extract(POD)
    part = found["what"].map(PARTS)
    kind = found["kind"].str.lower()
    spot = found["spot"].notna()
    name = PREFIX + " " + kind.where(part != "disk", "") + " " + part
    key = pd.Series("", index=sku.index, dtype="str")
    for one in set(PARTS.values()):
        key = key.mask(part == one, pod_key(kind, one, spot=spot))
    return pd.DataFrame(
        {
            "component": name.fillna("").str.replace(r"\s+", " ", regex=True),
            "part": part.fillna(""),
            "spot": spot & part.notna(),
            "pod_key": key,
            "per_unit": (found["what"] == "mCPU").map({True: 0.001, False: 1.0}),
        }
    )
