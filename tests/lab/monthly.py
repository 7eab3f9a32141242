"""Lines that span the billing month: credit, refund, tax, support, marketplace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.lab.charges import Book, Dim
from tests.lab.compute import EC2
from tests.lab.money import UNIT, units
from tests.lab.things import World

if TYPE_CHECKING:
    from decimal import Decimal

SUPPORT = "AWS Support (Business)"
MARKET = "Log Shipper Pro"


def charge_monthly(book: Book, world: World) -> None:
    """One line each, from the first of the month to the first of the next, in cash."""
    import numpy as np

    first, after = world.month
    begin = -int((world.start - first).total_seconds() // 3600)
    length = int((after - first).total_seconds() // 3600)

    def line(amount: Decimal, **what: str) -> None:
        if amount:
            dim = Dim(resource="", inside=False, unit="", rate=0, **what)  # type: ignore[arg-type]
            cash = units(amount)
            book.add(dim, np.array([begin]), length=length, quantity=UNIT, gross=cash, billed=cash)

    month = world.monthly
    ec2 = {"code": "AmazonEC2", "service": EC2, "usage_type": ""}
    line(-month.credit, kind="credit", cost_class="credit", description="Promotional credit", **ec2)
    line(-month.refund, kind="refund", cost_class="refund", description="Refund for usage", **ec2)
    line(
        month.tax, kind="tax", cost_class="tax", description="Tax for product code AmazonEC2", **ec2
    )
    line(
        month.support,
        kind="support",
        cost_class="support",
        code="AWSSupportBusiness",
        service=SUPPORT,
        usage_type="Dollar",
        description="Monthly AWS Support (Business) charges",
    )
    line(
        month.marketplace,
        kind="marketplace",
        cost_class="marketplace",
        code="6njl1pau431dv1qxipg63mvah",
        service=MARKET,
        usage_type="SoftwareUsage:month",
        entity="AWS Marketplace",
        description="AWS Marketplace software usage",
    )
    line(month.odd, kind="odd", cost_class="unknown", description="Something new", **ec2)
