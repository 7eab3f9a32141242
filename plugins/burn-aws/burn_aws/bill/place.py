"""Which lines are the cluster's, and by what: resource id, EKS ARN, cluster tag, stated rule."""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see typed.py)
from __future__ import annotations

from burn_aws.bill.tags import CLUSTER_TAGS, OWNER_TAG, VOLUME_TAGS, tag_value
from burn_aws.bill.typed import Table, literal
from burn_aws.keys import resource_key_sql
from burn_aws.scope import AwsScope

BY_ID = "resource id"
BY_ARN = "EKS ARN"
BY_TAG = "cluster tag"
BY_LOG = "rule: the cluster's log groups"
BY_STATEMENT = "rule: stated in cluster_resources"
_LOGS = (
    "log-group:/aws/eks/{cluster}/%",
    "log-group:/aws/containerinsights/{cluster}/%",
    "log-group:/aws/eks/{cluster}",
)


def extra_items(table: Table, scope: AwsScope) -> str:
    """Select items the `lines` query must carry for placing: tests on tags, as booleans."""
    volume = [value for tag in VOLUME_TAGS if (value := tag_value(table, tag))]
    name = tag_value(table, "Name")
    of_claim = " OR ".join(f"{value} IS NOT NULL" for value in volume) or "FALSE"
    return f", {_tagged(table, scope)} AS tagged, ({of_claim}) AS of_claim, {name or 'NULL'} AS name_tag"


def _tagged(table: Table, scope: AwsScope) -> str:
    tests = []
    if scope.cluster:
        owner = tag_value(table, OWNER_TAG.format(cluster=scope.cluster))
        tests += [f"{owner} = 'owned'"] if owner else []
        for tag in CLUSTER_TAGS:
            value = tag_value(table, tag)
            tests += [f"{value} = {literal(scope.cluster)}"] if value else []
    for pair in scope.cluster_tags:
        key, _, wanted = pair.partition("=")
        value = tag_value(table, key.strip())
        tests += [f"{value} = {literal(wanted.strip())}"] if value else []
    joined = " OR ".join(f"COALESCE({test}, FALSE)" for test in tests)
    return f"({joined})" if tests else "FALSE"


def method(scope: AwsScope) -> str:
    """How a line is the cluster's, empty when it is not: SQL over `lines` joined with `keys`."""
    arms = [f"WHEN keys.kind IS NOT NULL THEN {literal(BY_ID)}"]
    if scope.cluster:
        name = scope.cluster
        arn = "resource_id LIKE 'arn:%:eks:%'"
        pod = literal(f"%:pod/{name}/%")
        arms += [
            f"WHEN {arn} AND (rk = {literal('cluster/' + name)} OR resource_id LIKE {pod})"
            f" THEN {literal(BY_ARN)}"
        ]
        logs = " OR ".join(f"rk LIKE {literal(log.format(cluster=name))}" for log in _LOGS)
        arms += [f"WHEN tagged THEN {literal(BY_TAG)}", f"WHEN {logs} THEN {literal(BY_LOG)}"]
    else:
        arms += [f"WHEN tagged THEN {literal(BY_TAG)}"]
    stated = [_stated(text) for text in scope.cluster_resources if text]
    if stated:
        arms.append(f"WHEN {' OR '.join(stated)} THEN {literal(BY_STATEMENT)}")
    return f"CASE {' '.join(arms)} ELSE '' END"


def _stated(text: str) -> str:
    if text.endswith("*"):
        return f"STARTS_WITH(rk, {literal(text[:-1])})"
    return f"rk = {literal(text)}"


def placed(scope: AwsScope, keys: str) -> str:
    """SELECT over `lines`: each with its resource key and how it is the cluster's.

    Args:
        scope: cluster name, tags, stated resources.
        keys: relation with `resource_key`, `kind` (`asset` or `node_disk`), each key once.
    """
    keyed = f"SELECT *, {resource_key_sql('resource_id')} AS rk FROM lines"
    return (
        f"SELECT keyed.*, keys.kind AS kind, {method(scope)} AS match_method "
        f"FROM ({keyed}) AS keyed LEFT JOIN {keys} AS keys ON keyed.rk = keys.resource_key"
    )
