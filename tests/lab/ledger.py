"""The true ledger of a world, posted from its events; it never looks at a bill line."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from tests.lab.charges import Book, Dim
from tests.lab.compute import charge_instances, node_asset
from tests.lab.money import UNIT, units
from tests.lab.monthly import charge_monthly
from tests.lab.network import balancer_asset, charge_network
from tests.lab.rates import BALANCER, DISK, INSTANCES
from tests.lab.spans import HOUR, cut, observed
from tests.lab.storage import charge_disks, volume_asset
from tests.lab.things import Interval, World

if TYPE_CHECKING:
    import pandas as pd

ACCOUNTING = ("credit", "refund", "tax", "support", "marketplace", "unknown")
MODELLED = ("node", "volume", "load_balancer")
ONE = Fraction(1)


@dataclass(frozen=True)
class Charged:
    """A world and all its charges; what is late is not in it."""

    world: World
    dims: list[Dim]
    facts: pd.DataFrame


def charge(world: World) -> Charged:
    """Play the world's month and write down every charge."""
    book = Book(world.discounts)
    charge_instances(book, world)
    charge_disks(book, world)
    charge_network(book, world)
    charge_monthly(book, world)
    facts = book.frame()
    if world.late_hours:
        facts = facts[facts["hour"] < world.hours - world.late_hours].reset_index(drop=True)
    return Charged(world, book.dims, facts)


@dataclass(frozen=True)
class Piece:
    """A stretch of an asset's life at one rate, in money per second."""

    asset: str
    billed: Interval
    seen: Interval | None
    per_second: Fraction
    """What a report says."""
    public: Fraction
    """What the provider's public price list says."""


def pieces(world: World, nodes: Fraction = ONE) -> list[Piece]:
    """Every asset of the cluster, as a report prices it: public rate × size.

    Args:
        world: whose assets.
        nodes: what a report charges for nodes, as a multiple of their public rate.
    """
    month = world.month_hours * HOUR
    out = []
    for node in world.nodes:
        rate = Fraction(units(INSTANCES[node.instance_type].hourly), HOUR)
        out.append(Piece(node_asset(world, node), node.billed, node.seen, rate * nodes, rate))
    for volume in world.volumes:
        for start, end, gib in volume.sizes:
            rate = Fraction(units(DISK[volume.disk]) * gib, month)
            seen = cut(volume.seen, (start, end)) if volume.seen else None
            out.append(Piece(volume_asset(volume), (start, end), seen, rate, rate))
    for one in world.balancers:
        rate = Fraction(units(BALANCER[one.kind]), HOUR)
        out.append(Piece(balancer_asset(one), one.billed, one.seen, rate, rate))
    return out


def ledger(
    charged: Charged, window: Interval | None = None, *, nodes: Fraction = ONE
) -> dict[tuple[str, str], Fraction]:
    """The truth, by (group, driver), in money units; `outside` is by service.

    Args:
        charged: from `charge`.
        window: hours from the world's start; the whole world when None.
        nodes: see `pieces`.
    """
    world = charged.world
    first, last = window or (0, world.hours)
    rows = within(charged, first, last)
    out: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    here = (first * HOUR, last * HOUR)
    known = (first * HOUR, min(last, world.hours - world.late_hours) * HOUR)

    # A discount that is a line of its own is a rate driver of its own, whatever it was given on.
    own_lines = world.discounts.style == "lines"
    on_bill = {row["asset"] for row in rows if row["asset"] and row["cost_class"] in MODELLED}
    seen_here: set[str] = set()
    for piece in pieces(world, nodes):
        seconds = sum(b - a for a, b in observed(world, piece.seen, here))
        if not seconds:
            continue
        seen_here.add(piece.asset)
        out["report", "report"] += seconds * piece.per_second
    for piece in pieces(world, nodes):
        if piece.asset not in seen_here:
            continue
        seconds = sum(b - a for a, b in observed(world, piece.seen, here))
        if piece.asset in on_bill:
            span = cut(piece.billed, known)
            billed = span[1] - span[0] if span else 0
            out["observation", "uptime"] += (billed - seconds) * piece.per_second
            out["rate", "list_price"] += billed * (piece.public - piece.per_second)
        else:
            out["observation", "unbilled"] -= seconds * piece.per_second

    for row in rows:
        kind = row["cost_class"]
        if kind in ACCOUNTING:
            out["accounting", kind] += row["billed"]
            continue
        out["accounting", "amortisation"] += row["billed"] - row["effective"]
        if kind in ("unused_commitment", "commitment_fee"):
            continue
        off = row["edp"] + row["private"] if own_lines else 0
        row["effective"] -= off
        out["rate", "negotiated"] += off if row["inside"] else 0
        if not row["inside"]:
            out["outside", row["service"]] += row["effective"] + off
        elif kind not in MODELLED:
            out["unmodelled", kind] += row["effective"]
        elif row["asset"] in seen_here:
            rate = {"spot": "spot", "plan": "commitment", "reservation": "commitment"}
            out["rate", rate.get(row["kind"], "negotiated")] += row["public"] - row["list"]
            out["rate", "negotiated"] += row["effective"] - row["public"]
        else:
            out["observation", "unseen"] += row["effective"]
    _waste(charged, first, last, out)
    return {key: value for key, value in out.items() if value}


def _waste(charged: Charged, first: int, last: int, out: dict[tuple[str, str], Fraction]) -> None:
    """Unused commitment goes to whom the commitment served that day, by what it covered for each.

    When it served nobody that day, all that it served in the window decides.
    """
    served: dict[object, list[Fraction]] = defaultdict(lambda: [Fraction(0), Fraction(0)])
    days = _midnights(charged.world, first, last)
    rows = [(day, row) for day in days for row in within(charged, *day)]
    for day, row in rows:
        if row["kind"] in ("plan", "reservation"):
            for key in (row["commitment"], (row["commitment"], day)):
                served[key][0 if row["inside"] else 1] += row["effective"]
    for day, row in rows:
        if row["cost_class"] == "unused_commitment":
            mine, other = served[row["commitment"], day]
            if not mine + other:
                mine, other = served[row["commitment"]]
            share = mine / (mine + other) if mine + other else Fraction(0)
            out["waste", "unused_commitment"] += row["effective"] * share
            out["outside", row["service"]] += row["effective"] * (1 - share)


def _midnights(world: World, first: int, last: int) -> list[Interval]:
    """The hours from first to last, cut at UTC midnights."""
    cuts = range(-world.start.hour, last, 24)
    borders = [first, *(at for at in cuts if first < at < last), last]
    return list(pairwise(borders))


def within(charged: Charged, first: int, last: int) -> list[dict]:
    """Charges in a window, summed by dim; lines that cross the border count in proportion."""
    facts = charged.facts
    amounts = ["list", "public", "effective", "billed", "edp", "private"]
    start, stop = facts["hour"], facts["hour"] + facts["length"]
    overlap = (stop.clip(upper=last) - start.clip(lower=first)).clip(lower=0)
    whole = facts[overlap == facts["length"]].groupby("dim")[amounts].sum()
    rows = [
        _row(charged.dims[dim], dict(zip(amounts, map(Fraction, map(int, values)), strict=True)))
        for dim, values in zip(whole.index, whole.to_numpy().tolist(), strict=True)
    ]
    part = (overlap > 0) & (overlap < facts["length"])
    for (_, fact), hours in zip(facts[part].iterrows(), overlap[part], strict=True):
        share = Fraction(int(hours), int(fact["length"]))
        rows.append(_row(charged.dims[fact["dim"]], {a: int(fact[a]) * share for a in amounts}))
    return rows


def _row(dim: Dim, amounts: dict[str, Fraction]) -> dict:
    names = ("asset", "cost_class", "inside", "service", "kind", "commitment")
    return {name: getattr(dim, name) for name in names} | amounts


def dollars(truth: dict[tuple[str, str], Fraction]) -> dict[tuple[str, str], float]:
    """Money units as dollars, for comparison to the cent."""
    return {key: float(value / UNIT) for key, value in truth.items()}
