"""Label selectors, as sets: which of many labelled things one selects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any


class Labelled:
    """Numbered things of namespaces, found by their labels."""

    def __init__(self, things: Iterable[tuple[str, Mapping[str, str]]]) -> None:
        """Args: things: the namespace and the labels of each; its number is its place."""
        self._within: dict[str, set[int]] = defaultdict(set)
        self._having: dict[tuple[str, str], set[int]] = defaultdict(set)
        self._with: dict[tuple[str, str, str], set[int]] = defaultdict(set)
        for number, (space, labels) in enumerate(things):
            self._within[space].add(number)
            for key, value in labels.items():
                self._having[space, key].add(number)
                self._with[space, key, value].add(number)

    def selected(self, space: str, selector: Mapping[str, Any] | None) -> set[int]:
        """Of a namespace, those that the selector matches: all if it is empty, none if it is null.

        Raises:
            ValueError: it has an operator that is none of Kubernetes'.
        """
        if selector is None:
            return set()
        found = set(self._within.get(space, ()))
        for key, value in (selector.get("matchLabels") or {}).items():
            found &= self._with.get((space, key, value), set())
        for term in selector.get("matchExpressions") or ():
            key, values = term["key"], term.get("values") or ()
            having = self._having.get((space, key), set())
            given: set[int] = set().union(*(self._with.get((space, key, v), ()) for v in values))
            match term["operator"]:
                case "In":
                    found &= given
                case "NotIn":
                    found -= given
                case "Exists":
                    found &= having
                case "DoesNotExist":
                    found -= having
                case other:
                    raise ValueError(f"selector operator {other!r}")
        return found
