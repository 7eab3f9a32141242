"""Which lines are the cluster's, and by what: resource id, EKS ARN, cluster tag, stated rule."""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see bill/lines/table.py)
from __future__ import annotations

from burn.api.bills.queries.rows import BY_ID
from burn.api.bills.queries.sql import literal
from burn_aws.bill.cluster.ties import TIE_TAGS, VOLUME_TAGS, tied
from burn_aws.bill.lines.tags import Tags
from burn_aws.keys import join_key_sql, resource_key_sql
from burn_aws.scope import AwsScope

OWNER_TAG = "kubernetes.io/cluster/{cluster}"
"""Value `owned`: the cluster's own. `shared` is several clusters' and does not count."""
CLUSTER_TAGS = (
    *("aws:eks:cluster-name", "eks:cluster-name", "eks:eks-cluster-name"),
    *("alpha.eksctl.io/cluster-name", "elbv2.k8s.aws/cluster", "karpenter.sh/discovery"),
    "KubernetesCluster",
)
"""Tags whose value is the cluster's name."""
BY_ARN = "EKS ARN"
BY_TAG = "cluster tag"
BY_LOG = "rule: the cluster's log groups"
BY_STATEMENT = "rule: stated in cluster_resources"
_LOGS = ("/aws/eks/{cluster}/", "/aws/containerinsights/{cluster}/")
NODE_DISK = "resource id, node disk"
CLAIM = "cluster tag, claim"
"""Two more places: a known root volume, and a tagged volume that was made for a claim."""
NAME_TAG = "Name"


def tags_wanted(scope: AwsScope) -> list[str]:
    """Every tag that placing a line looks at."""
    owner = [OWNER_TAG.format(cluster=scope.cluster), *CLUSTER_TAGS] if scope.cluster else []
    stated = [pair.partition("=")[0].strip() for pair in scope.cluster_tags]
    return [*owner, *stated, *VOLUME_TAGS, *TIE_TAGS, NAME_TAG]


def method_of(place: str) -> str:
    """The match method of a place, as SQL."""
    return (
        f"CASE WHEN {place} = {literal(NODE_DISK)} THEN {literal(BY_ID)} "
        f"WHEN {place} = {literal(CLAIM)} THEN {literal(BY_TAG)} ELSE {place} END"
    )


def placed(tags: Tags, scope: AwsScope, keys: str, *, names: bool) -> str:
    """SELECT over `lines`: each with its `place` (by what it is the cluster's, else empty).

    Args:
        tags: how the bill spells tags.
        scope: cluster name, tags, stated resources.
        keys: relation with `resource_key`, `kind` (`asset` or `node_disk`), each key once.
        names: take the Name tag of every line, not only of the cluster's.
    """
    keyed = f"SELECT *, {join_key_sql('resource_id')} AS join_key FROM lines"
    matched = (
        f"SELECT keyed.*, {_place(tags, scope)} AS place "
        f"FROM ({keyed}) AS keyed LEFT JOIN {keys} AS keys ON keyed.join_key = keys.resource_key"
    )
    name = tags.value(NAME_TAG) or "NULL"
    if not names:
        name = f"CASE WHEN place <> '' THEN {name} END"
    user = f"CASE WHEN place <> '' THEN {tied(tags)} END"
    return f"SELECT *, {name} AS name_tag, {user} AS tied_to FROM ({matched}) AS matched"


def _place(tags: Tags, scope: AwsScope) -> str:
    """The cheap tests come first; tags are looked up only where nothing else matched."""
    arms = [("keys.kind = 'asset'", literal(BY_ID)), ("keys.kind IS NOT NULL", literal(NODE_DISK))]
    if scope.cluster:
        pod = literal(f":pod/{scope.cluster}/")
        arms.append(
            (
                "resource_id LIKE 'arn:%:eks:%' AND "
                f"(SPLIT_PART(resource_id, ':cluster/', 2) = {literal(scope.cluster)} OR STRPOS(resource_id, {pod}) > 0)",
                literal(BY_ARN),
            )
        )
    if tagged := tagged_sql(tags, scope):
        claims = [f"{value} IS NOT NULL" for tag in VOLUME_TAGS if (value := tags.value(tag))]
        volume = f"resource_id LIKE 'vol-%' AND ({' OR '.join(claims) or 'FALSE'})"
        how = f"CASE WHEN {volume} THEN {literal(CLAIM)} ELSE {literal(BY_TAG)} END"
        arms.append((tagged, how))
    if scope.cluster:
        logs = [log.format(cluster=scope.cluster) for log in _LOGS]
        is_log = " OR ".join(
            f"STRPOS(resource_id, {literal(':log-group:' + log)}) > 0" for log in logs
        )
        arms.append((f"resource_id LIKE 'arn:%' AND ({is_log})", literal(BY_LOG)))
    stated = [_stated(text.strip()) for text in scope.cluster_resources if text.strip()]
    if stated:
        arms.append((" OR ".join(stated), literal(BY_STATEMENT)))
    return f"CASE {' '.join(f'WHEN {test} THEN {name}' for test, name in arms)} ELSE '' END"


def tagged_sql(tags: Tags, scope: AwsScope) -> str | None:
    """Whether a line has the cluster's tag, as SQL over `Tags.items`; None: no column can say."""
    arms = []
    if scope.cluster:
        if owner := tags.value(OWNER_TAG.format(cluster=scope.cluster)):
            arms.append(f"WHEN {owner} = 'owned' THEN TRUE")
        named = [(value, scope.cluster) for tag in CLUSTER_TAGS if (value := tags.value(tag))]
        arms += _equal_to(tags, named)
    for pair in scope.cluster_tags:
        key, _, wanted = pair.partition("=")
        if value := tags.value(key.strip()):
            arms += _equal_to(tags, [(value, wanted.strip())])
    return f"CASE {' '.join(arms)} ELSE FALSE END" if arms else None


def _equal_to(tags: Tags, pairs: list[tuple[str, str]]) -> list[str]:
    """Arms for tags with the wanted value; the lookups run only where some tag has that value."""
    if not pairs:
        return []
    tests = " OR ".join(f"COALESCE({value} = {literal(wanted)}, FALSE)" for value, wanted in pairs)
    cheap = tags.may_hold(pairs[0][1])
    if cheap is None:
        return [f"WHEN {tests} THEN TRUE"]
    return [f"WHEN (CASE WHEN {cheap} THEN ({tests}) ELSE FALSE END) THEN TRUE"]


def _stated(text: str) -> str:
    """A resource key, or the start of one; the ARN is only cut up where it holds the text."""
    key = resource_key_sql("resource_id")
    if text.endswith("*"):
        start = literal(text[:-1])
        return f"CASE WHEN STRPOS(resource_id, {start}) > 0 THEN STARTS_WITH({key}, {start}) END"
    whole = literal(text)
    return f"CASE WHEN STRPOS(resource_id, {whole}) > 0 THEN {key} = {whole} END"
