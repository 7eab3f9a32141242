"""Which lines are the cluster's, and by what: resource id, node resource group, tag, rule."""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see bill/lines/table.py)
from __future__ import annotations

from burn.api.bills.queries.rows import BY_ID
from burn.api.bills.queries.sql import literal
from burn_azure.keys import cluster_ids
from burn_azure.scope import AzureScope

BY_GROUP = "node resource group"
BY_CLUSTER = "managed cluster id"
BY_TAG = "cluster tag"
BY_STATEMENT = "rule: stated in cluster_resources"
CLUSTER_TAGS = (
    "aks-managed-cluster-name",
    "kubernetes-cluster-name",
    "karpenter.azure.com/cluster",
)
"""Tags whose value is the cluster's name."""
IS_CLAIM = (
    "(STRPOS(tags, 'kubernetes.io-created-for-pv') > 0 "
    "OR REGEXP_MATCHES(resource_key, '/disks/(pvc-|kubernetes-dynamic-pvc)'))"
)
"""Whether a disk was made for a claim: only such have these tags or names."""


def placed(scope: AzureScope, keys: str) -> str:
    """SELECT over `lines`: each with its `place` (by what it is the cluster's, else empty).

    Also `is_asset`: the line's resource is an observed asset.
    """
    return (
        f"SELECT lines.*, {_place(scope)} AS place, keys.resource_key IS NOT NULL AS is_asset "
        f"FROM lines LEFT JOIN {keys} AS keys ON lines.resource_key = keys.resource_key"
    )


def _place(scope: AzureScope) -> str:
    mine = "lines.resource_key"
    arms = [("keys.resource_key IS NOT NULL", BY_ID)]
    groups = [f"STARTS_WITH({mine}, {literal(group + '/')})" for group in scope.node_groups]
    groups += [
        f"STRPOS({mine}, {literal(f'/resourcegroups/{name}/')}) > 0" for name in scope.group_names
    ]
    own = cluster_ids(scope.node_groups, scope.cluster or "")
    if own:
        arms.append((f"{mine} IN ({', '.join(map(literal, own))})", BY_CLUSTER))
    elif scope.cluster:
        named = f"ENDS_WITH({mine}, {literal(f'/managedclusters/{scope.cluster.lower()}')})"
        # AKS makes a node group in its cluster's subscription.
        here = {group.partition("/resourcegroups/")[0] for group in scope.node_groups}
        mine_too = [f"STARTS_WITH({mine}, {literal(one + '/')})" for one in sorted(here)]
        arms.append((f"{named} AND ({' OR '.join(mine_too) or 'TRUE'})", BY_CLUSTER))
    if groups:
        arms.append((" OR ".join(groups), BY_GROUP))
    pairs = [(tag, scope.cluster) for tag in CLUSTER_TAGS] if scope.cluster else []
    pairs += [tuple(pair.split("=", 1)) for pair in scope.cluster_tags if "=" in pair]  # type: ignore[misc]
    tests = [tag_is(tag.strip(), value.strip()) for tag, value in pairs]
    if tests:
        # What another cluster of this name made has its tag too, in a node group of its own.
        other = f" AND STRPOS({mine}, '/resourcegroups/mc_') = 0" * bool(scope.node_groups)
        arms.append((f"({' OR '.join(tests)}){other}", BY_TAG))
    stated = [_stated(text.strip().lower()) for text in scope.cluster_resources if text.strip()]
    if stated:
        arms.append((" OR ".join(stated), BY_STATEMENT))
    return (
        f"CASE {' '.join(f'WHEN {test} THEN {literal(name)}' for test, name in arms)} ELSE '' END"
    )


def tag_is(tag: str, value: str) -> str:
    """Whether the tags, whole JSON or without its brackets, hold this pair."""
    pattern = f'"{_escaped(tag)}\\\\?"\\s*:\\s*\\\\?"{_escaped(value)}\\\\?"'
    quick = f"STRPOS(LOWER(tags), {literal(tag.lower())}) > 0"
    return f"({quick} AND REGEXP_MATCHES(tags, {literal(pattern)}, 'i'))"


def _escaped(text: str) -> str:
    return "".join(c if c.isalnum() or c in "-_" else "\\" + c for c in text)


def _stated(text: str) -> str:
    if text.endswith("*"):
        return f"STARTS_WITH(lines.resource_key, {literal(text[:-1])})"
    return f"lines.resource_key = {literal(text.rstrip('/'))}"
