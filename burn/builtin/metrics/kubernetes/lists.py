"""All that one moment's lists hold, and which of them the API would not give."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from burn.api import AccessError
from burn.builtin.metrics.kubernetes.client import LISTS, AbsentError

if TYPE_CHECKING:
    from burn.builtin.metrics.kubernetes.client import KubernetesClient

Object = dict[str, Any]

OPTIONAL = {
    "poddisruptionbudgets": "disruption budgets",
    "horizontalpodautoscalers": "autoscalers",
    "deployments": "the replicas and update strategies of Deployments",
    "statefulsets": "those of StatefulSets",
    "daemonsets": "those of DaemonSets",
    "gateways": "balancers made for Gateways",
}
"""Lists that a run does without, and what is not known then."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What there was at one moment.

    Attributes:
        objects: kind → its objects; a list that was refused is not there, an empty one is.
        refused: optional kind → why it is not there.
    """

    objects: dict[str, list[Object]] = field(default_factory=dict)
    refused: dict[str, AccessError] = field(default_factory=dict)

    def __getitem__(self, kind: str) -> list[Object]:
        return self.objects[kind]

    def get(self, kind: str) -> list[Object] | None:
        """Its objects; None where the API would not list them."""
        return self.objects.get(kind)

    def notes(self) -> Iterable[str]:
        """What is not known, since its list was refused."""
        if not self.refused:
            return
        first = next(iter(self.refused.values()))
        what = ", ".join(OPTIONAL[kind] for kind in self.refused)
        more = "; `burn doctor` says why of each" if len(self.refused) > 1 else ""
        yield f"not known: {what}: {first.message}; {first.hint}{more}"


def listed(client: KubernetesClient) -> Listed:
    """Every list once.

    Raises:
        AccessError: one that is needed may not be read.
    """
    out = Listed()
    for kind in LISTS:
        try:
            out.objects[kind] = client.objects(kind)
        except AbsentError:
            out.objects[kind] = []
        except AccessError as error:
            if kind not in OPTIONAL:
                raise
            out.refused[kind] = error
    return out
