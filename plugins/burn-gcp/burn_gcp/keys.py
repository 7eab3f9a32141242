"""The normal form of a resource: PROJECT/PLACE/KIND/NAME, on the bill and from Kubernetes.

    //compute.googleapis.com/projects/P/zones/Z/instances/NAME   →  P/Z/instance/NAME
    //compute.googleapis.com/projects/P/zones/Z/instance/123456  →  P/Z/instance/NAME
                                                                    by resource.name
    gce://P/Z/NAME                                               →  P/Z/instance/NAME

A bill may carry a resource's number where Kubernetes has its name (detailed usage cost schema,
`resource.global_name`); `resource.name` has the name then. Forwarding rules are known to
Kubernetes by their address only, so their key is the name alone: forwardingrule/NAME.
"""

from __future__ import annotations

ADDRESS, RULE = "address", "forwardingrule"


def resource_key_sql(global_name: str, name: str, project: str, place: str) -> str:
    """The key as SQL over columns that are text, empty where the bill has nothing.

    Args:
        global_name: full resource name.
        name: what a person calls it, or a path that ends in that.
        project: the line's project id.
        place: the line's zone, or region where it has none.
    """
    kind = f"LOWER({_cut(global_name, '/([a-zA-Z]+)/[^/]+$')})"
    # One kind is spelled in singular and plural.
    singular = (
        f"CASE WHEN {kind} LIKE '%sses' THEN SUBSTR({kind}, 1, LENGTH({kind}) - 2) "
        f"WHEN {kind} LIKE '%ss' OR {kind} NOT LIKE '%s' THEN {kind} "
        f"ELSE SUBSTR({kind}, 1, LENGTH({kind}) - 1) END"
    )
    last = _cut(global_name, "/([^/]+)$")
    short = _cut(f"CONCAT('/', {name})", "/([^/]+)$")
    named = f"CASE WHEN {last} = '' OR (REGEXP_MATCHES({last}, '^[0-9]+$') AND {short} <> '') THEN {short} ELSE {last} END"
    zone = _cut(global_name, "/(?:zones|regions|locations)/([^/]+)/")
    where = f"CASE WHEN {zone} <> '' THEN {zone} ELSE {place} END"
    rule = f"{kind} LIKE 'forwardingrule%'"
    return (
        f"CASE WHEN {global_name} = '' AND {name} = '' THEN '' "
        f"WHEN {rule} THEN CONCAT('{RULE}/', {named}) "
        f"ELSE CONCAT({project}, '/', {where}, '/', {singular}, '/', {named}) END"
    )


def _cut(text: str, pattern: str) -> str:
    return f"COALESCE(REGEXP_EXTRACT({text}, '{pattern}', 1), '')"
