"""Which lines are the cluster's, and by what: resource name, label, stated rule.

A resource's key takes many regular expressions, so groups of lines get one and not every line. A
line first keeps its resource where that may be the cluster's: by its last name alone.
"""

# ruff: noqa: S608 (identifiers are quoted and values are literals)
from __future__ import annotations

from burn.api.bills.queries.sql import literal
from burn_gcp.keys import resource_key_sql
from burn_gcp.scope import GcpScope

BY_ID = "resource name"
BY_DESCRIBED = "resource name: by the Compute API"
BY_LABEL = "cluster tag: goog-k8s-cluster-name"
BY_OTHER = "cluster tag: stated label"
BY_STATEMENT = "rule: stated in cluster_resources"
GKE = "//container.googleapis.com/"
KEY = resource_key_sql("global_name", "resource", "project", "place")


def last_name(path: str) -> str:
    """What is after the last slash, as SQL."""
    last = f"COALESCE(REGEXP_EXTRACT({path}, '[^/]+$'), '')"
    return f"CASE WHEN {path} LIKE '%/%' THEN {last} ELSE {path} END"


def names_of(scope: GcpScope) -> list[str]:
    """The last names of what the scope states, besides the observed assets'."""
    exact = [text for text in _stated(scope) if not text.endswith("*")]
    return sorted({text.rpartition("/")[2] for text in [*exact, scope.cluster or ""]} - {""})


def tied(scope: GcpScope) -> str:
    """By which label a line is the cluster's, else empty: as SQL over a line's facts."""
    arms = [(_labelled(scope), BY_LABEL)] if scope.cluster else []
    for at, pair in enumerate(scope.labels):
        arms.append((f"label_{at} = {literal(pair.partition('=')[2].strip())}", BY_OTHER))
    return _case(arms)


def may_be(scope: GcpScope, known: str) -> str:
    """Whether a line's resource may be the cluster's: never false where `placed` would tie it.

    Args:
        scope: what is stated.
        known: a test of a last name, with a place for it: `{} IN (SELECT name FROM names)`.
    """
    arms = ["tied <> ''", *(known.format(last_name(path)) for path in ("resource", "global_name"))]
    starts = [text[:-1] for text in _stated(scope) if text.endswith("*")]
    arms += [f"STARTS_WITH({KEY}, {literal(start)})" for start in starts]
    return f"CASE {' '.join(f'WHEN {test} THEN TRUE' for test in arms)} ELSE FALSE END"


def placed(scope: GcpScope) -> str:
    """SELECT over `summed` and `keys`: each group with `place_by` and its `resource_key`.

    `place_by` is by what it is the cluster's, the surest tie first; empty: it is not.
    """
    arms = [("keys.kind = 'asset'", BY_ID), ("keys.kind = 'described'", BY_DESCRIBED)]
    arms.append((f"tied = {literal(BY_LABEL)}", BY_LABEL))
    arms += of_cluster(scope, "line_key")[1:]
    arms.append((f"tied = {literal(BY_OTHER)}", BY_OTHER))
    for text in _stated(scope):
        test = f"line_key = {literal(text)}"
        if text.endswith("*"):
            test = f"STARTS_WITH(line_key, {literal(text[:-1])})"
        arms.append((test, BY_STATEMENT))
    return (
        f"SELECT keyed.*, {_case(arms)} AS place_by, "
        "CASE WHEN COALESCE(keys.target, '') <> '' THEN keys.target ELSE line_key END AS tied_key "
        f"FROM (SELECT *, {KEY} AS line_key FROM summed) AS keyed "
        "LEFT JOIN keys ON keyed.line_key = keys.resource_key"
    )


def of_cluster(scope: GcpScope, key: str) -> list[tuple[str, str]]:
    """Tests for lines that name the cluster itself, by label or as their resource; none: no name.

    Args:
        scope: the cluster's name and location.
        key: SQL of the line's resource key; cluster, cluster_place, project and global_name are
            columns.
    """
    if not scope.cluster:
        return []
    place = f"/{scope.location}" if scope.location else ""
    ends = literal(f"{place}/cluster/{scope.cluster}")
    itself = f"STARTS_WITH(global_name, {literal(GKE)}) AND ENDS_WITH({key}, {ends})"
    if scope.homes:
        starts = [f"STARTS_WITH({key}, {literal(h + end)})" for h in scope.homes for end in "/-"]
        itself += f" AND ({' OR '.join(starts)})"
    return [(_labelled(scope), BY_LABEL), (itself, BY_ID)]


def _labelled(scope: GcpScope) -> str:
    """A cluster is in one project and one region: elsewhere it is another of the same name."""
    label = f"cluster = {literal(scope.cluster or '')}"
    if scope.location:
        label += f" AND cluster_place IN ('', {literal(scope.location)})"
    if scope.homes:
        projects = sorted({home.partition("/")[0] for home in scope.homes})
        regions = sorted({home.partition("/")[2] for home in scope.homes})
        places = [f"cluster_place IN ('', {', '.join(map(literal, regions))})"]
        places += [f"STARTS_WITH(cluster_place, {literal(name + '-')})" for name in regions]
        label += f" AND project IN ({', '.join(map(literal, projects))})"
        label += f" AND ({' OR '.join(places)})"
    return label


def _stated(scope: GcpScope) -> list[str]:
    return [text.strip() for text in scope.resources if text.strip()]


def _case(arms: list[tuple[str, str]]) -> str:
    if not arms:
        return "''"
    whens = " ".join(f"WHEN {test} THEN {literal(name)}" for test, name in arms)
    return f"CASE {whens} ELSE '' END"
