"""The step `types`: nodes of a pool that give way to fewer or cheaper ones of another type."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from burn.planning.market import SYSTEMS
from burn.planning.nodes import Pool
from burn.planning.pack import Room
from burn.planning.pools import NEW, PoolOf
from burn.planning.step import Row, row

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from burn.api import FindRequest
    from burn.planning.market import Market
    from burn.planning.nodes import Hour

    Numbers = npt.NDArray[np.float64]

WORTH = 0.05
"""Part of what nodes cost that another type must save: no list price is surer than that."""
TRIED = 4
"""Types that are packed, the most promising first."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A type that nodes of a pool may give way to.

    Attributes:
        about: machine, family, cores, hourly, how; see `burn.planning.market`.
        room: by resource, as it may be filled.
        slots: pods that it takes.
        cost: over the window.
    """

    about: dict[Any, Any]
    room: Numbers
    slots: float
    cost: float


@dataclass(frozen=True, slots=True)
class Swap:
    """So many of an offer for the nodes at the positions `out`; what that saves over the window."""

    out: npt.NDArray[np.int64]
    offer: Offer
    many: int
    now: float


def others(of: PoolOf, market: Market, request: FindRequest) -> tuple[list[Row], PoolOf]:
    """One row where another type saves enough, and the pool with its nodes.

    What a commitment paid for the nodes that go is saved later, and counts for nothing before. Of a
    pool that may be spot or not, nothing is said.
    """
    import numpy as np

    about, pool = of.about, of.pool
    may = pool.movable & ((about["gpu"] == 0) & about["os"].isin(SYSTEMS)).to_numpy()
    kind = str(about["capacity_type"].iloc[0]) if len(about) else ""
    if not may.any() or not pool.hours or not kind:
        return [], of
    spent = about[may].groupby("machine")["cost"].sum()
    machine = str(spent.sort_values(kind="stable").index[-1])
    mine = may & (about["machine"] == machine).to_numpy()
    system = str(about.loc[mine, "os"].iloc[0])
    mine &= (about["os"] == system).to_numpy()
    free = mine & (about["committed"] == 0).to_numpy()
    choices = [mine] if (free == mine).all() or not free.any() else [free, mine]
    listed = market.offers(machine, kind, system)
    swaps = [best(of, np.flatnonzero(out), listed, request) for out in choices] if listed else []
    swap = max((one for one in swaps if one), key=lambda one: one.now, default=None)
    if swap is None:
        return [], of
    gone = about.iloc[swap.out]
    offer = swap.offer.about
    why = (
        f"{len(gone)} {machine} of pool {of.name} by {swap.many} {offer['machine']}, which hold its"
        f" busiest hours; {offer['machine']} {offer['how']}"
    )
    made = row(
        "types",
        of.subject,
        why,
        now=swap.now,
        later=float((gone["cost"] * gone["committed"]).sum()),
        x_nodes=float(len(gone)),
        x_to=f"{swap.many} {offer['machine']}",
    )
    return [made], _after(of, swap)


def best(of: PoolOf, out: Any, listed: list[dict[Any, Any]], request: FindRequest) -> Swap | None:
    """What saves the most of all that saves enough, for the nodes at these positions."""
    import numpy as np

    about, pool = of.about.iloc[out], of.pool
    spent = float((about["cost"] * (1 - about["committed"])).sum())
    least = max(WORTH * spent, request.thresholds.min_monthly / request.month)
    kept = np.delete(np.arange(len(pool.names)), out)
    found: Swap | None = None
    offers = [_offer(one, about, float(pool.slots[out].min()), request) for one in listed]
    fewest = _fewest(pool, kept, out, np.array([offer.room for offer in offers]))
    bounds = spent - fewest * np.array([offer.cost for offer in offers])
    for at in np.argsort(-bounds, kind="stable")[:TRIED]:
        offer = offers[at]
        if bounds[at] < max(least, found.now if found else 0.0) or offer.cost <= 0:
            break
        many = _needed(pool, kept, out, offer, int((spent - least) / offer.cost + 1e-9))
        if many is None:
            continue
        now = spent - many * offer.cost
        if found is None or now > found.now:
            found = Swap(out, offer, many, now)
    return found


def _offer(one: dict[Any, Any], about: Any, slots: float, request: FindRequest) -> Offer:
    """As the pool's nodes are filled; a smaller one takes fewer pods in proportion, if nobody says."""
    import numpy as np

    fill = request.thresholds.fill
    scaled = np.floor(slots * min(1.0, one["cores"] / float(about["cores"].iloc[0])))
    known = one["slots"]
    return Offer(
        about=one,
        room=np.array([one["cpu"] * fill, one["memory"] * fill, 0.0]),
        slots=float(scaled if math.isnan(known) else known),
        cost=float(one["hourly"]) * request.hours,
    )


def _empty(hour: Hour, out: Any, offer: Offer) -> tuple[Numbers, float]:
    """Room and slots of a new node, with the most that daemons took of one that it stands in for."""
    return offer.room - hour.fixed[out].max(axis=0), offer.slots - float(hour.daemons[out].max())


def _fewest(pool: Pool, kept: Any, out: Any, rooms: Numbers) -> Numbers:
    """Of each offer (offer × resource), how many it takes at least, whatever the packing."""
    import numpy as np

    most = np.full(len(rooms), 0.0 if len(kept) else 1.0)
    for hour in pool.hours:
        lacking = hour.moving.total - (pool.room - hour.fixed)[kept].clip(min=0.0).sum(axis=0)
        free = (rooms - hour.fixed[out].max(axis=0)).clip(min=0.0)
        short = np.broadcast_to(lacking > 1e-9, free.shape)
        many = np.where(short, np.inf, 0.0)
        np.divide(lacking, free, out=many, where=short & (free > 0))
        most = np.maximum(most, np.ceil(many.max(axis=1, initial=0.0) - 1e-9))
    return most


def _needed(pool: Pool, kept: Any, out: Any, offer: Offer, limit: int) -> int | None:
    """How many hold every hour beside the nodes that stay; None: more than the limit."""
    import numpy as np

    most = 0 if len(kept) else 1
    for hour in pool.hours:
        stays = hour.room(pool, kept)
        free, slots = _empty(hour, out, offer)
        room = Room(
            np.concatenate([stays.free, np.tile(free, (limit, 1))]),
            np.concatenate([stays.slots, np.full(limit, slots)]),
        )
        if not room.place(hour.moving):
            return None
        most = max(most, room.used - len(kept))
    return most if most <= limit else None


def _after(of: PoolOf, swap: Swap) -> PoolOf:
    """The pool with the new nodes."""
    import numpy as np
    import pandas as pd

    left, offer, many = of.without(swap.out.tolist()), swap.offer, swap.many
    one = offer.about
    first = of.about.iloc[int(swap.out[0])].to_dict()
    names = [f"{NEW}{of.subject}/{one['machine']}/{number + 1}" for number in range(many)]
    alike = {"machine": one["machine"], "family": one["family"], "cores": one["cores"]}
    money = {
        "cost": offer.cost,
        "committed": 0.0,
        "standard": float(first["capacity_type"] == "on_demand"),
    }
    about = pd.DataFrame([first | alike | money | {"asset_id": a, "name": a} for a in names])
    hours = []
    for hour, before in zip(left.pool.hours, of.pool.hours, strict=True):
        fixed = before.fixed[swap.out].max(axis=0)
        daemons = float(before.daemons[swap.out].max())
        hours.append(
            replace(
                hour,
                fixed=np.concatenate([hour.fixed, np.tile(fixed, (many, 1))]),
                daemons=np.concatenate([hour.daemons, np.full(many, daemons)]),
            )
        )
    pool = Pool(
        names=[*left.pool.names, *names],
        room=np.concatenate([left.pool.room, np.tile(offer.room, (many, 1))]),
        slots=np.concatenate([left.pool.slots, np.full(many, offer.slots)]),
        cost=np.concatenate([left.pool.cost, np.full(many, offer.cost)]),
        movable=np.concatenate([left.pool.movable, np.ones(many, dtype=bool)]),
        hours=hours,
    )
    return replace(left, about=pd.concat([left.about, about], ignore_index=True), pool=pool)
