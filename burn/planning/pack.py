"""Whether pods fit on nodes: first-fit decreasing by dominant resource.

What it packs fits; what it does not pack might fit all the same. How far that is from the best is
measured by `tests/unit/planning/test_pack.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

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
FEW = 64
"""Nodes up to which pods are placed by a loop."""
_BATCH = 32
"""Kinds of pods for which nodes without room are left out together."""
_CHUNK = 64
"""Nodes that are looked at together first; the first that has room is among them most times."""


@dataclass(frozen=True)
class Pods:
    """Pods that must be placed, those that are alike together.

    Attributes:
        sizes: kind of pod × CPU, memory, GPUs.
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
        # What nearly fills a node would be on none if it were rounded up.
        large = (sizes > sizes.max(axis=0) / 2).any(axis=1)
        keep = large[:, None] & (large.sum() <= MANY)
        return cls._alike(np.where(keep, sizes, np.maximum(up, sizes)), apart)

    @classmethod
    def _alike(cls, sizes: Numbers, apart: Codes) -> Pods:
        import numpy as np

        # Sorted by column: `np.unique` compares whole rows, which takes ten times as long.
        order = np.lexsort((*sizes.T[::-1], apart))
        sizes, apart = sizes[order], apart[order]
        new = np.append(True, (np.diff(apart) != 0) | (np.diff(sizes, axis=0) != 0).any(axis=1))
        starts = np.flatnonzero(new)
        return cls(sizes[starts], apart[starts], np.diff(starts, append=len(sizes)))

    def also(self, more: Pods) -> Pods:
        """These and more; kinds are numbered alike in both."""
        import numpy as np

        return Pods(
            np.concatenate([self.sizes, more.sizes]),
            np.concatenate([self.apart, more.apart]),
            np.concatenate([self.counts, more.counts]),
        )

    @cached_property
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
        sizes, apart, counts = pods.sizes[order], pods.apart[order], pods.counts[order]
        if len(self.slots) <= FEW:
            return self._one_by_one(sizes.tolist(), apart.tolist(), counts.tolist())
        return all(
            self._batch(sizes[at:end], apart[at:end], counts[at:end])
            for at, end in ((at, at + _BATCH) for at in range(0, len(order), _BATCH))
        )

    def _one_by_one(self, sizes: list[list[float]], apart: list[int], counts: list[int]) -> bool:
        """For few nodes, of which a loop is ten times as quick as arrays."""
        import numpy as np

        free, slots = self.free.tolist(), self.slots.tolist()
        met: dict[int, set[int]] = {}
        for (cpu, memory, gpu), group, count in zip(sizes, apart, counts, strict=True):
            left = count
            here = met.setdefault(group, set()) if group >= 0 else None
            for node, (cpus, gib, gpus) in enumerate(free):
                if cpus + _SLACK < cpu or gib + _SLACK < memory or gpus + _SLACK < gpu:
                    continue
                if slots[node] < 1 or (here is not None and node in here):
                    continue
                takes = 1
                if left > 1 and here is None:
                    takes = min(left, int(slots[node]))
                    for have, need in ((cpus, cpu), (gib, memory), (gpus, gpu)):
                        if need > 0:
                            takes = min(takes, int((have + _SLACK) / need))
                if here is not None:
                    here.add(node)
                free[node] = [cpus - takes * cpu, gib - takes * memory, gpus - takes * gpu]
                slots[node] -= takes
                self.used = max(self.used, node + 1)
                left -= takes
                if not left:
                    break
            if left:
                return False
        self.free, self.slots = np.array(free), np.array(slots)
        return True

    def _batch(self, sizes: Numbers, apart: Codes, counts: Codes) -> bool:
        """Of many nodes, only those are looked at that take a pod of its kind as the batch begins."""
        import numpy as np

        takes: Any = self.slots[:, None] >= 1
        for at in np.flatnonzero(sizes.any(axis=0)):
            takes = takes & (self.free[:, at, None] + _SLACK >= sizes[None, :, at])
        each = [np.flatnonzero(column) for column in np.ascontiguousarray(takes.T)]
        for size, group, count, open_ in zip(
            sizes, apart.tolist(), counts.tolist(), each, strict=True
        ):
            met = None
            if group >= 0:
                met = self._met.setdefault(group, np.zeros(len(self.slots), dtype=bool))
            last = self._fill(size, count, met, open_)
            if last is None:
                return False
            self.used = max(self.used, last + 1)
        return True

    def _fill(self, size: Numbers, left: int, met: Mask | None, open_: Codes) -> int | None:
        """Place so many pods of one kind, each on the first of these nodes that takes it.

        Returns:
            The last of the nodes that got one; None: there is no place for all.
        """
        import numpy as np

        asks = np.flatnonzero(size)
        start, chunk = 0, _CHUNK
        while start < len(open_):
            here = open_[start : start + chunk]
            start, chunk = start + chunk, 2 * chunk
            free, slots = self.free[here], self.slots[here]
            takes = np.floor(slots + _SLACK)
            for at in asks:
                takes = np.minimum(takes, np.floor((free[:, at] + _SLACK) / size[at]))
            if met is not None:
                takes = np.minimum(takes, ~met[here])
            takes = np.maximum(takes, 0.0)
            before = np.cumsum(takes) - takes
            takes = np.clip(left - before, 0.0, takes)
            got = np.flatnonzero(takes)
            if not len(got):
                continue
            self.free[here] = free - takes[:, None] * size
            self.slots[here] = slots - takes
            if met is not None:
                met[here] |= takes > 0
            left -= int(takes.sum())
            if left <= 0:
                return int(here[got[-1]])
        return None
