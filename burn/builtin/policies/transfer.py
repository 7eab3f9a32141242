"""Traffic: what it cost a node or a gateway, to the pods that sent it, by bytes of the day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from burn.api import AllocationFrame, ApplyRequest, Observation
from burn.api.stack import stack
from burn.api.vocabulary import TRAFFIC
from burn.builtin.policies.parts import CARRIER, Seen, sums
from burn.builtin.policies.spread import among

if TYPE_CHECKING:
    import pandas as pd

NODE = ["asset_id", "day"]
CLUSTER = ["cluster", "day"]
_MEASURES = {"data_transfer": "sent", "nat": "passed"}
"""A gateway charges each byte that passes through it; a way out, those that leave."""
_TEXT = {"basis": "str", "asset_id": "str", "cluster": "str", "resource": "str"}


class TransferPolicy:
    """Gives what traffic cost to pods; what no pod is known to have sent stays where it was."""

    def apply(self, request: ApplyRequest) -> AllocationFrame:
        """Move nodes' rows of resource `network`, and shared NAT and data transfer.

        A node's traffic without a known sender goes back to the node's other rows of the day, as if
        it had never stood apart; a gateway's stays shared.
        """
        allocation = request.allocation
        loose = allocation["namespace"] == ""
        of_asset = allocation["asset_id"] != ""
        nodes = loose & of_asset & (allocation["resource"] == "network")
        gates = loose & ~of_asset & allocation["resource"].isin(TRAFFIC)
        if not (nodes | gates).any():
            return allocation
        senders = _senders(request.observed)
        given, left = _cut(allocation[nodes], senders, NODE, "sent")
        out = [*_back(allocation[~nodes & ~gates], left), given]
        for resource, measure in _MEASURES.items():
            mine = gates & (allocation["resource"] == resource)
            # A gateway of no one cluster is that of all of them.
            for of, on in (
                (allocation["cluster"] != "", CLUSTER),
                (allocation["cluster"] == "", ["day"]),
            ):
                out += _cut(allocation[mine & of], senders, on, measure)
        return AllocationFrame(stack([rows[allocation.columns] for rows in out]))


def _senders(observed: Observation) -> pd.DataFrame:
    """GiB by node, day and workload: asset_id, day, cluster, CARRIER, sent, passed.

    Pods on the host's network have no bytes of their own.
    """
    import numpy as np
    import pandas as pd

    seen, usage, inventory = Seen.of(observed), observed.usage, observed.inventory
    known = (seen.pod >= 0) & (seen.node >= 0)
    count = max(len(inventory), 1)
    pair, pairs = pd.factorize(seen.who[seen.pod[known]] * count + seen.node[known])
    who, node = np.divmod(pairs, count)
    sent, received = (
        sums(pair, usage[name].to_numpy()[known].clip(min=0.0), len(pairs))
        for name in ("network_transmit", "network_receive")
    )
    names = ["asset_id", "day", "cluster"]
    there = inventory[names].astype({"asset_id": "str", "cluster": "str"})
    return pd.DataFrame(
        {
            **{name: there[name].array.take(node) for name in names},
            **{name: seen.carriers[name].astype("str").array.take(who) for name in CARRIER},
            "sent": sent,
            "passed": sent + received,
        }
    )


def _cut(
    rows: pd.DataFrame, senders: pd.DataFrame, on: Sequence[str], measure: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows cut over the senders that agree with them in `on`, and those that have none."""
    on = list(on)
    who = list(dict.fromkeys([*on, "cluster", *CARRIER]))
    amounts = senders[senders[measure] > 0].groupby(who, sort=False)[measure].sum().reset_index()
    whole = amounts.groupby(on)[measure].transform("sum")
    parts = amounts[who].assign(part=amounts[measure] / whole)
    rows = rows.astype(_TEXT)
    taken = [name for name in ("cluster", *CARRIER) if name not in on]
    cut = rows.drop(columns=taken).merge(parts, on=on)
    cut = cut.assign(cost=cut["cost"] * cut["part"], kind="direct")
    return cut, rows[~among(rows, parts, on)]


def _back(others: pd.DataFrame, left: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What is left of nodes' traffic, on the other rows of its node and day, by their cost.

    Returns:
        The other rows, and what is left on nodes that have none.
    """
    if left.empty:
        return others, left
    keys = ["basis", *NODE]
    plain = others[[*keys, "cost"]].astype({"basis": "str", "asset_id": "str"})
    whole = plain.groupby(keys)["cost"].transform("sum")
    owed = left.groupby(keys)["cost"].sum().rename("owed").reset_index()
    more = plain.merge(owed, on=keys, how="left")["owed"].fillna(0.0).to_numpy()
    takes = (whole != 0).to_numpy()
    factor = 1.0 + more / whole.where(takes, 1.0).to_numpy() * takes
    unplaced = left[~among(left, plain[takes], keys)]
    return others.assign(cost=others["cost"] * factor), unplaced
