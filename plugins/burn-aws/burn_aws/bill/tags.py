"""Tags and maps on a bill, in every spelling AWS gives them.

A tag `kubernetes.io/cluster/prod` is `resourceTags/user:kubernetes.io/cluster/prod` in a CSV,
`resource_tags_user_kubernetes_io_cluster_prod` in Parquet and Athena, and a key of the
`resource_tags` map in CUR 2.0 and of `Tags` in FOCUS, there with or without `user:`/`user_`.
A tag must be activated as a cost allocation tag to be on the bill at all.
"""

from __future__ import annotations

import re

from burn_aws.bill.formats import squash
from burn_aws.bill.typed import Table, is_text, literal, quoted

OWNER_TAG = "kubernetes.io/cluster/{cluster}"
"""Value `owned`: the cluster's own. `shared` is several clusters' and does not count."""
CLUSTER_TAGS = (
    "aws:eks:cluster-name",
    "eks:cluster-name",
    "eks:eks-cluster-name",
    "alpha.eksctl.io/cluster-name",
    "elbv2.k8s.aws/cluster",
    "karpenter.sh/discovery",
    "KubernetesCluster",
)
"""Tags whose value is the cluster's name."""
VOLUME_TAGS = (
    "kubernetes.io/created-for/pvc/name",
    "kubernetes.io/created-for/pv/name",
    "CSIVolumeName",
)
"""Tags only a volume made for a claim has; a node's root volume has none of them."""
NAMESPACE_TAG = "aws:eks:namespace"


def spellings(tag: str) -> list[str]:
    """The map keys a tag may have, most likely first."""
    plain = re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<!^)([A-Z])", r"_\1", tag).lower())
    if tag.startswith("aws:"):
        return [tag, plain]
    return [f"user_{plain}", f"user:{tag}", tag, plain]


def tag_value(table: Table, tag: str) -> str | None:
    """SQL for a tag's value (NULL where a line lacks it); None when no column can hold it."""
    if table.format.tag_map:
        found = [map_value(table, table.format.tag_map, key) for key in spellings(tag)]
        return f"COALESCE({', '.join(found)})"
    wanted = squash(tag) if tag.startswith("aws:") else f"user{squash(tag)}"
    column = table.format.tags.get(wanted)
    return None if column is None else f"NULLIF({quoted(column)}, '')"


def map_value(table: Table, column: str, key: str) -> str:
    """One key of a map column, or of a JSON object in a text column."""
    if is_text(table.source.columns[column]):
        path = '$."' + key.replace('"', "") + '"'
        return f"JSON_EXTRACT_STRING({quoted(column)}, {literal(path)})"
    return f"{quoted(column)}[{literal(key)}]"
