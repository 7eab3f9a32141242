"""`[access]` in burn.toml: who may see what. Nobody but the user of an interface is limited by it.

Without a grant anywhere, everybody sees everything. With one, a person whom no grant names sees
nothing. What a person may not see is taken away before any sum is made of it, see `burn.questions.desk`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from burn.api import UsageError, setting

if TYPE_CHECKING:
    import pandas as pd

ALL = "*"


@dataclass(frozen=True, slots=True)
class Grant:
    """What some people may see: rows that fit its clusters and its namespaces, by its dimensions.

    Attributes:
        people: as the interface calls them, e.g. `slack:U0123ABCD`; `*`: everybody.
        namespaces: names, `*` stands for any rest of one; exactly `*`: all of the cluster, with its
            ledger, its findings, and cost that no namespace carries.
        clusters: names likewise.
        dimensions: by what cost may be asked for, e.g. namespace; `*`: anything.
    """

    people: tuple[str, ...] = ()
    namespaces: tuple[str, ...] = ()
    clusters: tuple[str, ...] = (ALL,)
    dimensions: tuple[str, ...] = (ALL,)

    def __post_init__(self) -> None:
        for name in ("people", "namespaces", "clusters", "dimensions"):
            if not getattr(self, name):
                raise UsageError(
                    f"a grant in [access.grants] has no {name}, so that it grants nothing",
                    hint="write people and namespaces as lists; clusters and dimensions may be left out",
                )


@dataclass(frozen=True, slots=True)
class AccessSettings:
    """`[access]` in burn.toml."""

    grants: dict[str, Grant] = setting(
        {},
        help="[access.grants.NAME]: people; namespaces they may see, `*` in a name for any rest, `*` alone"
        " for all of the cluster with its ledger; clusters; dimensions. None: everybody sees everything",
    )
    runs: tuple[str, ...] = setting(
        (),
        help="people who may start a run from a service, `*`: everybody; none: nobody, not even who started it",
    )

    def may_run(self, person: str | None) -> bool:
        """Whether this person may start a run; who started the service may where anybody may."""
        return bool(self.runs) and (person is None or bool({person, ALL} & set(self.runs)))


@dataclass(frozen=True, slots=True)
class View:
    """What one person may see; of several grants, what any of them shows.

    Attributes:
        grants: None: everything.
    """

    grants: tuple[Grant, ...] | None = None

    def by(self, dimension: str) -> View:
        """What is left when it is asked by this dimension."""
        if self.grants is None:
            return self
        return View(tuple(g for g in self.grants if {ALL, dimension} & set(g.dimensions)))

    @property
    def everything(self) -> bool:
        """Whether nothing at all is hidden."""
        return self.grants is None

    def sees(self, cluster: str | None) -> bool:
        """Whether anything of a report of this cluster is seen; of several: of each of them."""
        if self.grants is None:
            return True
        return all(any(_fits(name, g) for g in self.grants) for name in _parts(cluster))

    def whole(self, cluster: str | None) -> bool:
        """Whether all of a report of this cluster is seen: its ledger, and what nobody carries."""
        if self.grants is None:
            return True
        full = [grant for grant in self.grants if ALL in grant.namespaces]
        return all(any(_fits(name, g) for g in full) for name in _parts(cluster))

    def rows(self, frame: pd.DataFrame, cluster: str | None) -> pd.DataFrame:
        """The rows of an allocation that are seen.

        Args:
            frame: has columns cluster and namespace.
            cluster: of rows that name none.
        """
        if self.grants is None:
            return frame
        pairs = frame[["cluster", "namespace"]].astype(str).drop_duplicates()
        seen = {
            (c, n)
            for c, n in pairs.itertuples(index=False, name=None)
            if any(_fits(c or cluster or "", g) and _named(n, g) for g in self.grants)
        }
        keys = zip(frame["cluster"].astype(str), frame["namespace"].astype(str), strict=True)
        return frame[[key in seen for key in keys]]


def view_of(person: str | None, grants: Iterable[Grant]) -> View:
    """What a person may see; None is who runs burn, and reads the files themselves."""
    found = tuple(grants)
    if person is None or not found:
        return View()
    return View(tuple(g for g in found if person in g.people or ALL in g.people))


def _parts(cluster: str | None) -> list[str]:
    """Clusters of a report: one over several has their names joined by `+`."""
    return (cluster or "").split("+")


def _fits(cluster: str, grant: Grant) -> bool:
    return any(_like(cluster, pattern) for pattern in grant.clusters)


def _named(namespace: str, grant: Grant) -> bool:
    """Cost of no namespace is seen by who sees all of them, and nobody else."""
    if ALL in grant.namespaces:
        return True
    return namespace != "" and any(_like(namespace, pattern) for pattern in grant.namespaces)


def _like(name: str, pattern: str) -> bool:
    # Of fnmatch's wildcards `*` alone: a `[` in a name is no set of letters.
    return fnmatchcase(name, pattern.replace("[", "[[]").replace("?", "[?]"))
