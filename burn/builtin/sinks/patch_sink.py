"""YAML with the requests that containers should have: patches, VPA objects or Helm values.

Every text is written as a JSON string, which is YAML for the same text, whatever it holds.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from burn.api import Report, UsageError, WriteRequest, clean
from burn.builtin.sinks.settings import PatchSettings
from burn.builtin.sinks.target import write_text

FORMS = ("patch", "vpa", "helm")
RULES = ("burn", "krr", "vpa", "kubecost")
UNKNOWN = """\
# The report does not know what containers use: sizes need a source with facts of containers, such as
# Prometheus, or days that this version of `burn collect` kept.
"""
_API = {"Deployment": "apps/v1", "StatefulSet": "apps/v1", "DaemonSet": "apps/v1"}
Row = dict[Any, Any]


class PatchSink:
    """See the module."""

    def __init__(self, settings: PatchSettings) -> None:
        for name, known in (("form", FORMS), ("preset", RULES)):
            if (said := getattr(settings, name)) not in known:
                raise UsageError(
                    f"sink.patch.{name} is {said!r}", hint=f"known are {', '.join(known)}"
                )
        self._settings = settings

    def write(self, request: WriteRequest) -> None:
        """One document a workload, or one document of values; words where nothing is known."""
        report, preset = request.report, self._settings.preset
        if report.sizes is None:
            write_text(UNKNOWN, request.target)
            return
        rows = report.sizes[report.sizes["preset"] == preset]
        changed = [row for row in rows.to_dict("records") if self._changes(row)]
        write_text(self._text(report, changed), request.target)

    def _changes(self, row: Row) -> bool:
        pairs = ((row[f"{name}_request"], row[f"{name}_request_new"]) for name in ("cpu", "memory"))
        moved = any(  # what is asked for now may be unknown, which is not the same as right
            math.isnan(old) or abs(new - old) >= self._settings.least * old
            for old, new in pairs
            if not math.isnan(new)
        )
        return moved or any(row[f"{name}_limit_new"] >= 0 for name in ("cpu", "memory"))

    def _text(self, report: Report, rows: list[Row]) -> Iterator[str]:
        window = report.info.window
        yield (
            f"# Requests by rule `{self._settings.preset}` from {window}. Burn applies nothing: look at"
            " each, then\n# apply it yourself.\n"
        )
        if not rows:
            yield "# No container has to change.\n"
        render = {"patch": _patch, "vpa": _vpa, "helm": _helm}[self._settings.form]
        for workload, members in groupby(rows, key=_workload):
            yield from render(workload, list(members))


def _workload(row: Row) -> tuple[str, str, str, str]:
    kind, name = str(row["workload_kind"]), str(row["workload"])
    return str(row["cluster"]), str(row["namespace"]), kind, name


def _patch(workload: tuple[str, str, str, str], rows: list[Row]) -> Iterator[str]:
    cluster, namespace, kind, name = workload
    if kind not in _API:
        yield f"# {clean(kind)} {clean(namespace)}/{clean(name)}: no patch for this kind\n"
        return
    yield from _head(cluster, rows)
    yield (
        f"apiVersion: {_API[kind]}\nkind: {kind}\n"
        f"metadata:\n  name: {_quoted(name)}\n  namespace: {_quoted(namespace)}\n"
        "spec:\n  template:\n    spec:\n      containers:\n"
    )
    for row in rows:
        yield f"        - name: {_quoted(row['container'])}\n          resources:\n"
        yield _resources(row, " " * 12)


def _vpa(workload: tuple[str, str, str, str], rows: list[Row]) -> Iterator[str]:
    cluster, namespace, kind, name = workload
    yield from _head(cluster, rows)
    yield (
        "apiVersion: autoscaling.k8s.io/v1\nkind: VerticalPodAutoscaler\n"
        f"metadata:\n  name: {_quoted(name)}\n  namespace: {_quoted(namespace)}\n"
        f"spec:\n  targetRef:\n    apiVersion: {_API.get(kind, 'v1')}\n    kind: {_quoted(kind)}\n"
        f"    name: {_quoted(name)}\n"
        '  updatePolicy:\n    updateMode: "Off"\n  resourcePolicy:\n    containerPolicies:\n'
    )
    for row in rows:
        yield f"      - containerName: {_quoted(row['container'])}\n        minAllowed:\n"
        yield from (f"          {key}: {text}\n" for key, text in _asked(row, "request"))


def _helm(workload: tuple[str, str, str, str], rows: list[Row]) -> Iterator[str]:
    cluster, namespace, kind, name = workload
    yield from _head(cluster, rows)
    yield f"# values for {clean(kind)} {clean(namespace)}/{clean(name)}\n"
    for row in rows:
        yield f"{_quoted(row['container'])}:\n  resources:\n{_resources(row, ' ' * 4)}"


def _head(cluster: str, rows: list[Row]) -> Iterator[str]:
    yield "---\n"
    if cluster:
        yield f"# cluster {clean(cluster)}\n"
    for row in rows:
        yield f"# {clean(str(row['container']))}: {clean(str(row['why']))}\n"
        if row["hpa_cpu_target_new"] > 0:
            yield (
                f"# set the CPU target of its autoscaler to {row['hpa_cpu_target_new']:.0%} with it:"
                " it aims at a part of the request\n"
            )


def _resources(row: Row, indent: str) -> str:
    out = ""
    for what, key in (("request", "requests"), ("limit", "limits")):
        if asked := _asked(row, what):
            out += f"{indent}{key}:\n"
            out += "".join(f"{indent}  {name}: {text}\n" for name, text in asked)
    return out


def _asked(row: Row, what: str) -> list[tuple[str, str]]:
    """Resource and quantity, rounded up; what is not advised is left out."""
    out = []
    for name, per, unit in (("cpu", 1000, "m"), ("memory", 1024, "Mi")):
        value = row[f"{name}_{what}_new"]
        if not math.isnan(value):
            # Not for what a float adds to a whole number.
            out.append((name, f"{math.ceil(round(value * per, 6))}{unit}"))
    return out


def _quoted(text: object) -> str:
    return json.dumps(clean(str(text)))
