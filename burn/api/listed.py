"""What price lists ask for a machine bought other than on demand, as a frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from burn.api.frames import ListedFrame
from burn.api.schema import Column, Schema

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

LISTED: Schema[ListedFrame] = Schema(
    "listed",
    key=("machine", "region", "gpus", "covers", "months", "upfront"),
    about="What a provider's price list asks for machines on Linux that are bought other than on demand: as spot, or under a commitment. A row each way.",
    columns=(
        Column("machine", "string", doc="its type"),
        Column("region", "string"),
        Column("gpus", "float", unit="GPUs", doc="of a node of it, as it was asked for"),
        Column(
            "covers",
            "string",
            one_of=("spot", "type", "family", "any"),
            doc="a commitment to this type in this region, to its family there, or to any machine; or spot",
        ),
        Column("months", "float", unit="months", null=True, doc="of a commitment, its term"),
        Column("upfront", "string", one_of=("none", "partial", "all", ""), doc="empty: spot"),
        Column(
            "rate",
            "float",
            unit="currency an hour",
            doc="of the machine; what is paid upfront is spread over the term",
        ),
        Column("on_demand", "float", unit="currency an hour", doc="what the same list asks for it"),
        Column("source", "string", doc="the list and its day: `Azure retail prices, 2026-11-26`"),
    ),
)


class SoldMachine(NamedTuple):
    """A machine type in a region, and how many GPUs its nodes have."""

    machine: str
    region: str
    gpus: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRequest:
    """What price lists ask for machines on Linux.

    Attributes:
        machines: each once.
        currency: the bill's; a list in another currency says nothing.
        day: on which is asked.
    """

    machines: Sequence[SoldMachine]
    currency: str
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What price lists say.

    Attributes:
        rows: schema `listed`; of machines that no list has, none.
        notes: sentences without a full stop on what could not be asked.
    """

    rows: ListedFrame
    notes: Sequence[str] = ()
