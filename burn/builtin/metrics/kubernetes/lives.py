"""From a creation time to presence: there from then until now, and nothing is known of before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from burn.api import Window

if TYPE_CHECKING:
    from burn.builtin.metrics.common.grid import Matrix


@dataclass(frozen=True, slots=True)
class Lives:
    """The window, and the moment the API was asked."""

    window: Window
    now: datetime
    throughout: bool = False
    """Whether what there is now counts as there for all of the window."""

    def matrix(self, objects: Iterable[dict[str, Any]]) -> Matrix:
        """Part of each hour between creation and now, one row per object."""
        import numpy as np

        born = np.array([_created(found) for found in objects], dtype=np.float64)
        hours = self.window.start.timestamp() + 3600.0 * np.arange(self.window.hours)
        start = np.maximum(born[:, None], hours)
        end = np.minimum(self.now.timestamp(), hours + 3600)
        if self.throughout:
            return np.ones((len(born), self.window.hours))
        return np.asarray(np.clip(end - start, 0, None) / 3600)


def _created(found: dict[str, Any]) -> float:
    return datetime.fromisoformat(found["metadata"]["creationTimestamp"]).timestamp()
