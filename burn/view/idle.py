"""Nodes behind idle: those with the most of it one by one, the others as one row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from burn.api.money import cents, count, spread

if TYPE_CHECKING:
    from burn.api import Report

MOST = 15
"""Nodes that stand for themselves, so that a page of 5,000 nodes stays small."""


@dataclass(frozen=True, slots=True)
class IdleNode:
    """What a node, or the rest of them, costs over the window at list price, in cents.

    Attributes:
        label: its name.
        type: the machine's; empty for the rest.
        nodes: how many nodes the row is of.
        cost: all of it.
        idle: what nobody asked for or used, as the policies of the run have it.
    """

    label: str
    type: str
    cost: int
    idle: int
    nodes: int = 1


def idle_nodes(report: Report, most: int = MOST) -> tuple[IdleNode, ...]:
    """Largest idle first; cents add up to all nodes' cost and idle. Nothing where none is idle.

    Args:
        report: any; one that was kept before there were `assets` does not know.
        most: how many nodes stand for themselves.
    """
    if report.assets is None:
        return ()
    nodes = report.assets[report.assets["kind"] == "node"]
    if not cents(nodes["idle_cost"].sum()):
        return ()
    nodes = nodes.sort_values(["idle_cost", "asset_id"], ascending=[False, True])
    first, rest = nodes.head(most), nodes.iloc[most:]
    names = [
        (name or asset, machine)
        for asset, name, machine in zip(
            *(first[column].astype(str) for column in ("asset_id", "name", "instance_type")),
            strict=True,
        )
    ]
    names += [(count(len(rest), "other node"), "")] * bool(len(rest))
    columns = []
    for column in ("list_cost", "idle_cost"):
        values = [float(one) for one in first[column]]
        values += [float(rest[column].sum())] * bool(len(rest))
        columns.append(spread(values, cents(nodes[column].sum())))
    numbers = [1] * len(first) + [len(rest)]
    return tuple(
        IdleNode(label, machine, cost, idle, number)
        for (label, machine), cost, idle, number in zip(names, *columns, numbers, strict=False)
    )
