"""Instances by the hour: spot, then reservations, then savings plans, the rest on demand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.lab.charges import Book, Dim
from tests.lab.money import UNIT, scale, units
from tests.lab.rates import INSTANCES, PREFIX, SPOT_FACTOR
from tests.lab.spans import by_hour, hours_units
from tests.lab.things import Node, SavingsPlan, World

if TYPE_CHECKING:
    import numpy as np

EC2 = "Amazon Elastic Compute Cloud"
PLANS = "Savings Plans for AWS Compute usage"


def node_asset(world: World, node: Node) -> str:
    """The asset a metrics source makes of a node; empty when it never saw it."""
    return f"node/aws:///{node.zone}/{node.instance_id}" if node.seen else ""


def _dim(world: World, node: Node, inside: bool) -> Dim:
    kind = node.instance_type
    rate = INSTANCES[kind].hourly
    return Dim(
        resource=node.instance_id,
        cost_class="node" if inside else "",
        inside=inside,
        code="AmazonEC2",
        service=EC2,
        usage_type=f"{PREFIX[world.region]}BoxUsage:{kind}",
        unit="Hrs",
        rate=units(rate),
        family="Compute Instance",
        operation="RunInstances",
        description=f"${rate} per On Demand Linux {kind} Instance Hour",
        instance_type=kind,
        zone=node.zone,
        asset=node_asset(world, node) if inside else "",
        account=node.account,
        tags=node.tags,
    )


def charge_instances(book: Book, world: World) -> None:
    """All instances of the account, the cluster's first."""
    import numpy as np

    people = [(node, True) for node in world.nodes] + [(node, False) for node in world.strangers]
    grid = np.zeros((len(people), world.hours), "int64")
    for row, (node, _) in enumerate(people):
        hour, filled = by_hour(node.billed, world.hours)
        grid[row, hour] = hours_units(filled)
    dims = [_dim(world, node, inside) for node, inside in people]
    for row, (node, _) in enumerate(people):
        if node.spot:
            _spot(book, world, dims[row], grid[row])
            grid[row] = 0
    _reserve(book, world, dims, grid)
    for plan in world.plans:
        _cover(book, world, plan, dims, grid)
    for row, dim in enumerate(dims):
        hour = np.flatnonzero(grid[row])
        book.used(dim, hour, grid[row, hour])


def _spot(book: Book, world: World, dim: Dim, hours: np.ndarray) -> None:
    import numpy as np

    hour = np.flatnonzero(hours)
    factors = np.array([units(f) for f in SPOT_FACTOR], "int64")
    rates = scale(factors, dim.rate)[(hour // 24) % len(factors)]
    name = dim.usage_type.replace("BoxUsage", "SpotUsage")
    words = f"{dim.instance_type} Linux/UNIX Spot Instance-hour in {world.region}"
    spot = replace(dim, kind="spot", usage_type=name, operation="RunInstances:SV001")
    book.used(replace(spot, description=words), hour, hours[hour], rate=rates)


def _reserve(book: Book, world: World, dims: list[Dim], grid: np.ndarray) -> None:
    """Reservations cover `count` instance-hours an hour, in the order of the instances."""
    import numpy as np

    for one in world.reservations:
        left = np.full(world.hours, one.count * UNIT, "int64")
        recurring, upfront = units(one.recurring_hourly), units(one.upfront_hourly)
        payment = "No Upfront" if not upfront else "Partial Upfront" if recurring else "All Upfront"
        base = Dim(one.arn, "", False, "AmazonEC2", EC2, "", "Hrs", 0, payment=payment)
        base = replace(
            base, commitment=one.arn, instance_type=one.instance_type, operation="RunInstances"
        )
        base = replace(base, usage_type=f"{PREFIX[world.region]}HeavyUsage:{one.instance_type}")
        for row, dim in enumerate(dims):
            if dim.instance_type != one.instance_type:
                continue
            take = np.minimum(grid[row], left)
            hour = np.flatnonzero(take)
            public = scale(take[hour], recurring + upfront)
            words = f"{one.instance_type} reserved instance applied"
            mine = replace(
                dim, kind="reservation", commitment=one.arn, description=words, payment=payment
            )
            book.covered(mine, hour, take[hour], public)
            grid[row] -= take
            left -= take
        _reservation_fee(book, world, base, left, recurring, upfront, one.count)
        if one.bought:
            cash = np.array([units(one.bought)], "int64")
            fee = replace(base, kind="upfront", cost_class="commitment_fee", usage_type="")
            _cash(book, replace(fee, description="Sign up charge for subscription"), [0], cash, 1)


def _reservation_fee(
    book: Book, world: World, base: Dim, left: np.ndarray, recurring: int, upfront: int, count: int
) -> None:
    import numpy as np

    total = np.array([count * world.hours * (recurring + upfront)], "int64")
    unused = scale(np.array([int(left.sum())], "int64"), recurring + upfront)
    cash = np.array([count * world.hours * recurring], "int64")
    words = f"USD per {base.instance_type} reserved instance hour"
    dim = replace(base, kind="reservation_fee", cost_class="unused_commitment", description=words)
    net = book.net(cash)
    book.add(
        dim,
        np.array([0]),
        length=world.hours,
        quantity=count * world.hours * UNIT,
        gross=cash,
        edp=net - cash,
        public=unused,
        effective=book.net(unused),
        billed=net,
        committed=total,
        used=total - unused,
        recurring=cash,
    )


def _cover(book: Book, world: World, plan: SavingsPlan, dims: list[Dim], grid: np.ndarray) -> None:
    """An hour's commitment is spent instance by instance; the last one may be covered in part."""
    import numpy as np

    hourly = units(plan.hourly)
    left = np.full(world.hours, hourly, "int64")
    payment = {0: "No Upfront", 1: "All Upfront"}.get(plan.upfront, "Partial Upfront")
    for row, dim in enumerate(dims):
        rate = int(scale(np.array([units(plan.factor)]), dim.rate)[0])
        afford = np.array([int(v) * UNIT // rate for v in left], "int64")
        take = np.minimum(grid[row], afford)
        hour = np.flatnonzero(take)
        public = np.minimum(scale(take[hour], rate), left[hour])
        words = f"{dim.instance_type} Linux/UNIX instance hour covered by Compute Savings Plans"
        mine = replace(dim, kind="plan", commitment=plan.arn, description=words, payment=payment)
        book.covered(mine, hour, take[hour], public)
        grid[row] -= take
        left[hour] -= public
    hour = np.arange(world.hours)
    cash = scale(np.array([hourly]), units(1 - plan.upfront))[0]
    net = book.net(np.array([cash]))[0]
    words = f"1 year {payment} Compute Savings Plan"
    fee = Dim(
        plan.arn,
        "unused_commitment",
        False,
        "ComputeSavingsPlans",
        PLANS,
        "ComputeSP:1yrNoUpfront",
        "Hrs",
        0,
    )
    fee = replace(fee, kind="plan_fee", commitment=plan.arn, payment=payment, description=words)
    book.add(
        fee,
        hour,
        quantity=UNIT,
        gross=cash,
        edp=net - cash,
        public=left,
        effective=book.net(left),
        billed=net,
        committed=hourly,
        used=hourly - left,
        recurring=cash,
    )


def _cash(book: Book, dim: Dim, hour: list[int], cash: np.ndarray, length: int) -> None:
    import numpy as np

    net = book.net(cash)
    book.add(
        dim, np.array(hour), length=length, quantity=UNIT, gross=cash, edp=net - cash, billed=net
    )
