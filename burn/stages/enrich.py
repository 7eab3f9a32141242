"""Enrich: whose cost is whose in the user's own words. A column is filled, no cent moves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from burn.allocation.lookup import SUBJECT, enriched, subjects_of
from burn.api import (
    AllocationFrame,
    ContractError,
    DimensionsFrame,
    Enricher,
    Enrichment,
    EnrichRequest,
    Scope,
    Window,
    clean,
    dimensions,
    schemas,
)
from burn.plugin.chosen import Chosen
from burn.validation.returned import returned
from burn.work.events import Events

if TYPE_CHECKING:
    import pandas as pd

_NAMED = 5
"""Names that a note lists."""


def enrich(
    enrichers: Sequence[Chosen[Enricher]],
    allocation: AllocationFrame,
    scope: Scope,
    window: Window,
    events: Events,
) -> tuple[AllocationFrame, tuple[str, ...]]:
    """The allocation with what the enrichers say of it, and what they read.

    What a policy took from labels stays; of two enrichers the one named first counts.

    Raises:
        ContractError: an enricher returned a bad frame.
    """
    if not enrichers:
        return allocation, ()
    events.started("enrich")
    number, subjects = subjects_of(allocation)
    said: list[DimensionsFrame] = []
    origin: list[str] = []
    for enricher in enrichers:
        request = EnrichRequest(scope=scope, window=window, subjects=_asked(subjects))
        given = returned(enricher.made.enrich(request), Enrichment, enricher.author, "enrich")
        rows = statements(given, enricher.author)
        for note in (*given.notes, *_unseen(rows, subjects, enricher.name)):
            events.warning(note)
        said.append(rows)
        origin += given.origin
    made = enriched(allocation, number, subjects, said)
    named = dimensions.names(made["dimensions"])
    events.finished("enrich", ", ".join(named) or "nothing is known of what there is")
    return made, tuple(origin)


def statements(given: Enrichment, author: str) -> DimensionsFrame:
    """What an enricher returned, if all of it can be looked up.

    Raises:
        ContractError: names the author and what is wrong.
    """
    rows = schemas.DIMENSIONS.validate(given.rows, author=author)
    _require_names(rows, author)
    _require_subjects(rows, author)
    return rows


def _asked(subjects: pd.DataFrame) -> pd.DataFrame:
    """Each workload, each namespace and each driver of shared cost, once."""
    import pandas as pd

    text = subjects.astype("str")
    spaces = text[text["namespace"] != ""].assign(kind="namespace", workload_kind="", workload="")
    works = text[text["workload"] != ""].assign(kind="workload")
    shared = text[text["name"] != ""].assign(kind="shared")
    return pd.concat([works, spaces, shared])[["kind", *SUBJECT]].drop_duplicates(ignore_index=True)


def _require_names(rows: DimensionsFrame, author: str) -> None:
    for name in rows["dimension"].astype("str").unique():
        if why := dimensions.problem(str(name)):
            raise ContractError(
                f"{author} returned a bad dimension: {why}",
                hint="its author finds the frame in docs/reference/frames.md#dimensions",
            )
    days = rows["valid_from"].dropna()
    if len(odd := days[days != days.dt.normalize()]):
        raise ContractError(
            f"{author} returned a valid_from that is no midnight: {odd.iloc[0]}",
            hint="cost is known by day, so that what changes within one cannot be told apart",
        )


def _require_subjects(rows: DimensionsFrame, author: str) -> None:
    """A row has what its kind is looked up by, and nothing else."""
    kind = rows["kind"].astype("str")
    for word, needs, lacks in (
        ("namespace", ["namespace"], ["workload_kind", "workload", "name"]),
        ("workload", ["namespace", "workload"], ["name"]),
        ("shared", ["name"], ["namespace", "workload_kind", "workload"]),
    ):
        mine = rows[kind == word]
        for names, empty in ((needs, True), (lacks, False)):
            for name in names:
                odd = mine[(mine[name].astype("str") == "") == empty]
                if len(odd):
                    raise ContractError(
                        f"{author} returned {len(odd):,} rows of kind `{word}`"
                        f" with{'out' * empty} `{name}`",
                        hint="its author finds the frame in docs/reference/frames.md#dimensions",
                    )


def _unseen(rows: DimensionsFrame, subjects: pd.DataFrame, enricher: str) -> Iterator[str]:
    """What an enricher names and the window does not have: gone, not there yet, or misspelt."""
    text = rows[["kind", *SUBJECT]].astype("str").drop_duplicates()
    here = subjects.astype("str")
    other = (text["cluster"] != "") & ~text["cluster"].isin(here["cluster"])
    if other.any():
        yield _note(enricher, "cluster", text.loc[other, "cluster"])
    for kind, columns in (
        ("namespace", ["namespace"]),
        ("workload", ["namespace", "workload"]),
        ("shared", ["name"]),
    ):
        mine = text[(text["kind"] == kind) & ~other]
        names, seen = (_joined(one[columns]) for one in (mine, here))
        if len(names := names[~names.isin(seen)]):
            yield _note(enricher, "driver of shared cost" if kind == "shared" else kind, names)


def _joined(columns: pd.DataFrame) -> pd.Series[Any]:
    first, *others = [columns[name] for name in columns]
    for part in others:
        first = first + "/" + part
    return first


def _note(enricher: str, noun: str, found: pd.Series[Any]) -> str:
    names = sorted(dict.fromkeys(map(str, found)))
    listed = ", ".join(clean(name) for name in names[:_NAMED])
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    many = noun if len(names) == 1 else noun.replace("driver", "drivers") + "s" * ("of" not in noun)
    return (
        f"enricher `{enricher}` names {len(names):,} {many} not seen in the window: {listed}{more}"
    )
