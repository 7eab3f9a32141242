"""Whether pods fit on nodes: first-fit decreasing by dominant resource.

What it packs fits; what it does not pack might fit all the same. How far that is from the best is
measured by `tests/unit/planning/test_pack.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.float64]
    Codes = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]

_SLACK = 1e-9
MANY = 1000
"""Sizes of pods up to which each is packed as it is; of more, they are rounded up to a grid."""
_GRID = 16
"""Steps of that grid from a size to its double: 4.4 % each."""
_CHUNK = 512
"""Nodes that are looked at together; the first that has room is among the first ones most times."""


@dataclass(frozen=True, slots=True)
class Pods:
    """Pods that must be placed, those that are alike together.

    Attributes:
        sizes: kind of pod × resource.
        apart: of each kind, a number that it shares with those it may not meet on a node; -1: none.
        counts: of each kind, how many pods.
    """

    sizes: Numbers
    apart: Codes
    counts: Codes

    @classmethod
    def of(cls, sizes: Numbers, apart: Codes) -> Pods:
        """From a row a pod."""
        import numpy as np

        if not len(sizes):
            return cls(sizes, apart, apart)
        made = cls._alike(sizes, apart)
        if len(made.sizes) <= MANY:
            return made
        with np.errstate(divide="ignore"):
            up = 2.0 ** (np.ceil(np.log2(sizes) * _GRID - _SLACK) / _GRID)
        return cls._alike(np.maximum(up, sizes), apart)

    @classmethod
    def _alike(cls, sizes: Numbers, apart: Codes) -> Pods:
        import numpy as np

        rows, counts = np.unique(np.column_stack([sizes, apart]), axis=0, return_counts=True)
        return cls(rows[:, :-1], rows[:, -1].astype(np.int64), counts.astype(np.int64))

    def also(self, more: Pods) -> Pods:
        """These and more; kinds are numbered alike in both."""
        import numpy as np

        return Pods(
            np.concatenate([self.sizes, more.sizes]),
            np.concatenate([self.apart, more.apart]),
            np.concatenate([self.counts, more.counts]),
        )

    @property
    def total(self) -> Numbers:
        """What all ask for, by resource."""
        return self.counts @ self.sizes


@dataclass(slots=True)
class Room:
    """What is free on nodes, in the order in which they are filled.

    Attributes:
        free: node × resource.
        slots: of each node, how many more pods it takes.
        used: how many of the first nodes have got a pod.
    """

    free: Numbers
    slots: Numbers
    used: int = 0
    _met: dict[int, Mask] = field(default_factory=dict)

    def place(self, pods: Pods) -> bool:
        """Fill it with all pods; False: it does not hold them, and is of no more use."""
        import numpy as np

        if not len(pods.sizes):
            return True
        if (pods.total > self.free.clip(min=0.0).sum(axis=0) + _SLACK).any():
            return False
        largest = self.free.max(axis=0, initial=0.0)
        if pods.counts.sum() > self.slots.clip(min=0.0).sum() or (
            (pods.sizes > largest + _SLACK).any()
        ):
            return False
        share = np.divide(pods.sizes, largest, out=np.zeros_like(pods.sizes), where=largest > 0)
        # Pods that must be apart go first: they have the fewest places.
        order = np.lexsort((-share.max(axis=1), pods.apart < 0))
        return all(
            self._fill(pods.sizes[k], int(pods.apart[k]), int(pods.counts[k])) for k in order
        )

    def _fill(self, size: Numbers, apart: int, left: int) -> bool:
        """Place so many pods of one kind, each on the first node that takes it."""
        import numpy as np

        asks = size > 0
        need = size[asks]
        met = self._met.setdefault(apart, np.zeros(len(self.slots), bool)) if apart >= 0 else None
        for start in range(0, len(self.slots), _CHUNK):
            here = slice(start, start + _CHUNK)
            takes = np.maximum(np.floor(self.slots[here] + _SLACK), 0.0)
            if len(need):
                many = (self.free[here][:, asks] + _SLACK) / need
                takes = np.minimum(takes, np.maximum(np.floor(many.min(axis=1)), 0.0))
            if met is not None:
                takes = np.minimum(takes, ~met[here])
            before = np.cumsum(takes) - takes
            takes = np.clip(left - before, 0.0, takes)
            got = np.flatnonzero(takes)
            if not len(got):
                continue
            self.free[here] -= takes[:, None] * size
            self.slots[here] -= takes
            if met is not None:
                met[here] |= takes > 0
            self.used = max(self.used, start + int(got[-1]) + 1)
            left -= int(takes.sum())
            if left <= 0:
                return True
        return False
