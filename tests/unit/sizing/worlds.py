"""Days of containers, from samples that a test makes up; quantiles by numpy, as a server would."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

from burn.api import SizesFrame, Thresholds, schemas
from burn.api.containers import QUANTILES
from burn.sizing import advise
from burn.sizing.days import reduced

START = datetime(2026, 10, 1, tzinfo=UTC)
KEY = ["namespace", "workload", "container"]


def day(number: int) -> datetime:
    return START + timedelta(days=number)


def row(
    pod: str, number: int, cpu: Any, memory: Any, container: str = "main", **more: Any
) -> dict[str, Any]:
    """One container's day: samples of cores and GiB; 288 a day is each five minutes."""
    cpu, memory = np.atleast_1d(cpu), np.atleast_1d(memory)
    found = {f"cpu_{name}": np.quantile(cpu, level) for name, level in QUANTILES.items()}
    found |= {f"memory_{name}": np.quantile(memory, level) for name, level in QUANTILES.items()}
    about = {"pod_uid": pod, "container": container, "day": day(number), "hours": 24.0}
    asked = {"cpu_request": 1.0, "memory_request": 4.0, "runtime": "", "oom_kills": 0.0}
    return about | asked | found | more


def pods(
    rows: list[dict[str, Any]], workload: str = "web", kind: str = "Deployment"
) -> pd.DataFrame:
    who = pd.DataFrame(rows)[["pod_uid", "day"]].drop_duplicates()
    who = who.assign(
        cluster="", namespace="shop", workload_kind=kind, workload=workload, labels="{}"
    )
    return who.assign(pod=who["pod_uid"])


def scaled(target: float, workload: str = "web") -> pd.DataFrame:
    """An autoscaler that aims at a part of the CPU request."""
    about = {
        "cluster": "",
        "namespace": "shop",
        "workload_kind": "Deployment",
        "workload": workload,
    }
    frame = pd.DataFrame([about | {"day": day(0), "hpa_cpu_target": target}])
    return schemas.WORKLOADS.validate(schemas.WORKLOADS.fill(frame), author="test")


def sized(
    rows: list[dict[str, Any]],
    workloads: pd.DataFrame | None = None,
    kind: str = "Deployment",
    **limits: float,
) -> SizesFrame:
    frame = schemas.CONTAINERS.validate(schemas.CONTAINERS.fill(pd.DataFrame(rows)), author="test")
    who = schemas.PODS.validate(pods(rows, kind=kind), author="test")
    return advise(reduced(frame, who), workloads, Thresholds(**limits))  # type: ignore[arg-type]


def one(sizes: pd.DataFrame, preset: str = "burn", container: str = "main") -> pd.Series[Any]:
    found = sizes[(sizes["preset"] == preset) & (sizes["container"] == container)]
    assert len(found) == 1, found
    return found.iloc[0]
