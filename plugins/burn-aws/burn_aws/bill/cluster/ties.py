"""What a resource's tags, or its name, say uses it: `x_tied_to`.

Tags: the stack of the AWS Load Balancer Controller and of EKS Auto Mode (`namespace/name`, or an
ingress group's name), the cloud provider's service name, and the EBS CSI driver's claim and volume. Names: the Load Balancer
Controller's `k8s-NAMESPACE-NAME-HASH`, both cut to 8 letters and digits, or `k8s-GROUP-HASH`. A
dedicated host, a capacity reservation and a node group carry nodes. A snapshot has the tags of its
volume where a backup tool copies them, and Velero's own. Of an idle address the bill says so itself
(Amazon VPC user guide, "Understand codes for Amazon VPC in billing and usage reports").
"""

from __future__ import annotations

from burn.api.bills.queries.sql import literal
from burn.api.vocabulary import NOTHING
from burn_aws.bill.lines.tags import Tags

VOLUME_TAGS = (
    *("kubernetes.io/created-for/pvc/name", "kubernetes.io/created-for/pv/name"),
    "CSIVolumeName",
)
"""Tags only a volume made for a claim has; a node's root volume has none of them."""
SERVICE_TAGS = (
    *("kubernetes.io/service-name", "service.k8s.aws/stack"),
    "service.eks.amazonaws.com/stack",
)
INGRESS_TAGS = ("ingress.k8s.aws/stack", "ingress.eks.amazonaws.com/stack")
GATEWAY_TAGS = ("gateway.k8s.aws.alb/stack", "gateway.k8s.aws.nlb/stack")
CLAIM_TAGS = ("kubernetes.io/created-for/pvc/namespace", "kubernetes.io/created-for/pvc/name")
"""What a balancer or a volume was made for: the tags of the load balancer and volume controllers."""
SNAPSHOT_TAG = "velero.io/pv"
"""The volume of a snapshot. A volume restored from it has the tag too, and may have another name."""
TIE_TAGS = (
    *(*SERVICE_TAGS, *INGRESS_TAGS, *GATEWAY_TAGS),
    *(*CLAIM_TAGS, *VOLUME_TAGS[1:], SNAPSHOT_TAG),
)
_SNAPSHOT = "(resource_id LIKE '%:snapshot/%' OR resource_id LIKE 'snap-%')"
_IDLE = "usage_type LIKE '%PublicIPv4:IdleAddress' OR usage_type LIKE '%ElasticIP:IdleAddress'"
_CARRIERS = (
    *("h-%", "%:dedicated-host/%", "cr-%", "%:capacity-reservation/%"),
    *("%:nodegroup/%", "%:capacity-block/%"),
)


def tied(tags: Tags) -> str:
    """SQL over a line with its tags; NULL where nothing says."""
    space, claim = (tags.value(tag) for tag in CLAIM_TAGS)
    pairs = [("PersistentVolume", tag) for tag in VOLUME_TAGS[1:]]
    pairs += [("Service", tag) for tag in SERVICE_TAGS]
    pairs += [("Gateway", tag) for tag in GATEWAY_TAGS]
    parts = [f"'PersistentVolumeClaim/' || {space} || '/' || {claim}"] if space and claim else []
    parts += [f"'{kind}/' || {value}" for kind, tag in pairs if (value := tags.value(tag))]
    for value in filter(None, map(tags.value, INGRESS_TAGS)):
        kind = f"CASE WHEN {value} LIKE '%/%' THEN 'Ingress/' ELSE 'IngressGroup/' END"
        parts.append(f"{kind} || {value}")
    carries = " OR ".join(f"resource_id LIKE {literal(form)}" for form in _CARRIERS)
    parts.append(f"CASE WHEN {carries} THEN 'Node/*' END")
    parts.append(_named())
    if value := tags.value(SNAPSHOT_TAG):
        parts.append(f"CASE WHEN {_SNAPSHOT} THEN 'PersistentVolume/' || {value} END")
    mine = "resource_id LIKE 'vol-%' OR resource_id LIKE '%:loadbalancer/%'"
    tied_to = f"WHEN {mine} OR {_SNAPSHOT} OR {carries} THEN COALESCE({', '.join(parts)})"
    return f"CASE WHEN {_IDLE} THEN {literal(NOTHING)} {tied_to} END"


def _named() -> str:
    name = "SPLIT_PART(resource_id, '/', 3)"
    one, two, three = (f"SPLIT_PART({name}, '-', {at})" for at in (2, 3, 4))
    kind = "CASE WHEN resource_id LIKE '%:loadbalancer/app/%' THEN 'Ingress/' ELSE 'Service/' END"
    both = f"{kind} || {one} || '*/' || {two} || '*'"
    return (
        f"CASE WHEN resource_id LIKE '%:loadbalancer/%' AND {name} LIKE 'k8s-%-%' THEN "
        f"CASE WHEN {three} <> '' THEN {both} ELSE 'IngressGroup/' || {one} || '*' END END"
    )
