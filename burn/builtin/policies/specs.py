"""The built-in policies on offer. Nothing heavy is imported before one is made."""

from __future__ import annotations

from burn.api import AllocationPolicy, AllocationPolicySpec, NoSettings
from burn.builtin.policies.settings import (
    NAMESPACE,
    DimensionsSettings,
    IdleSettings,
    OwnersSettings,
    SharedFixedSettings,
    SharedSettings,
)


def _share_max(_: NoSettings) -> AllocationPolicy:
    from burn.builtin.policies.nodes import larger
    from burn.builtin.policies.share import SharePolicy

    return SharePolicy(larger)


def _share_request(_: NoSettings) -> AllocationPolicy:
    from burn.builtin.policies.nodes import requested
    from burn.builtin.policies.share import SharePolicy

    return SharePolicy(requested)


def _share_usage(_: NoSettings) -> AllocationPolicy:
    from burn.builtin.policies.nodes import used
    from burn.builtin.policies.share import SharePolicy

    return SharePolicy(used)


def _idle_by_node(settings: IdleSettings) -> AllocationPolicy:
    from burn.builtin.policies.idle import BY_NODE, IdlePolicy

    return IdlePolicy(settings, BY_NODE)


def _idle_by_cluster(settings: IdleSettings) -> AllocationPolicy:
    from burn.builtin.policies.idle import BY_CLUSTER, IdlePolicy

    return IdlePolicy(settings, BY_CLUSTER)


def _shared_even(settings: SharedSettings) -> AllocationPolicy:
    from burn.builtin.policies.shared import SharedPolicy, evenly

    return SharedPolicy(settings, evenly)


def _shared_weighted(settings: SharedSettings) -> AllocationPolicy:
    from burn.builtin.policies.shared import SharedPolicy, by_cost

    return SharedPolicy(settings, by_cost)


def _shared_fixed(settings: SharedFixedSettings) -> AllocationPolicy:
    from burn.builtin.policies.shared import SharedPolicy, fixed

    return SharedPolicy(settings, fixed(settings.weights))


def _owners(settings: OwnersSettings) -> AllocationPolicy:
    from burn.builtin.policies.owners import OwnersPolicy

    return OwnersPolicy(settings)


def _owner_labels(settings: OwnersSettings) -> list[str]:
    return [key for key in settings.keys if key != NAMESPACE]


def _dimensions(settings: DimensionsSettings) -> AllocationPolicy:
    from burn.builtin.policies.dimensions import DimensionsPolicy

    return DimensionsPolicy(settings)


def _dimension_labels(settings: DimensionsSettings) -> list[str]:
    return list(settings.labels.values())


def _transfer(_: NoSettings) -> AllocationPolicy:
    from burn.builtin.policies.transfer import TransferPolicy

    return TransferPolicy()


POLICIES = (
    AllocationPolicySpec(
        name="share-max",
        summary="Nodes by max(request, usage) per hour; volumes by mount; balancers by Service",
        make=_share_max,
    ),
    AllocationPolicySpec(
        name="share-request",
        summary="As share-max, nodes by request alone",
        make=_share_request,
    ),
    AllocationPolicySpec(
        name="share-usage",
        summary="As share-max, nodes by usage alone (GPUs by request)",
        make=_share_usage,
    ),
    AllocationPolicySpec(
        name="transfer-by-bytes",
        summary="Traffic of nodes and gateways to the pods that sent it, by bytes of the day",
        make=_transfer,
        traffic=True,
    ),
    AllocationPolicySpec(
        name="idle-by-node",
        summary="Idle cost to the namespaces on the same node, by cost",
        make=_idle_by_node,
        settings=IdleSettings,
    ),
    AllocationPolicySpec(
        name="idle-by-cluster",
        summary="Idle cost to the namespaces of the same cluster, by cost",
        make=_idle_by_cluster,
        settings=IdleSettings,
    ),
    AllocationPolicySpec(
        name="shared-even",
        summary="Shared namespaces and overhead, the same to each namespace",
        make=_shared_even,
        settings=SharedSettings,
    ),
    AllocationPolicySpec(
        name="shared-weighted",
        summary="Shared namespaces and overhead, by each namespace's direct cost",
        make=_shared_weighted,
        settings=SharedSettings,
    ),
    AllocationPolicySpec(
        name="shared-fixed",
        summary="Shared namespaces and overhead, by weights you set",
        make=_shared_fixed,
        settings=SharedFixedSettings,
    ),
    AllocationPolicySpec(
        name="owners",
        summary="Names an owner for each row, from labels and namespaces",
        make=_owners,
        settings=OwnersSettings,
        label_keys=_owner_labels,
    ),
    AllocationPolicySpec(
        name="dimensions",
        summary="Takes team, cost centre, … of each row from labels",
        make=_dimensions,
        settings=DimensionsSettings,
        label_keys=_dimension_labels,
    ),
)
