"""Charges as the line items a cost report prints: which lines, which amounts, at which grain.

Still a star: `kinds` describe (one row per dim and line type), `rows` count. Amounts are units.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.lab.ledger import Charged
from tests.lab.money import ratio

if TYPE_CHECKING:
    import pandas as pd

LINE_TYPE = {
    "usage": "Usage",
    "spot": "Usage",
    "plan": "SavingsPlanCoveredUsage",
    "reservation": "DiscountedUsage",
    "plan_fee": "SavingsPlanRecurringFee",
    "reservation_fee": "RIFee",
    "upfront": "Fee",
    "credit": "Credit",
    "refund": "Refund",
    "tax": "Tax",
    "support": "Fee",
    "marketplace": "Fee",
    "odd": "OrbitSurcharge",
}
AMOUNTS = (
    "quantity",
    "list",
    "unblended",
    "net",
    "edp",
    "private",
    "plan_cost",
    "plan_net",
    "plan_total",
    "plan_used",
    "plan_recurring",
    "plan_upfront",
    "ri_cost",
    "ri_net",
    "ri_unused",
    "ri_unused_net",
    "ri_total",
    "ri_recurring",
)


@dataclass(frozen=True)
class Lines:
    """Line items.

    Attributes:
        kinds: what a line is: the fields of `Dim` and `line_type`.
        rows: `kind` (row of kinds), `hour`, `length`, and AMOUNTS.
        net: whether the report has net columns.
    """

    kinds: pd.DataFrame
    rows: pd.DataFrame
    net: bool


def lines(charged: Charged, *, daily: bool = False) -> Lines:
    """Print the charges.

    Args:
        charged: from `ledger.charge`.
        daily: one line per day, as a report of daily granularity has it; else hourly.
    """
    import pandas as pd

    style = charged.world.discounts.style
    dims = pd.DataFrame([vars(dim) for dim in charged.dims])
    dims["line_type"] = dims["kind"].map(LINE_TYPE)
    facts = charged.facts
    kind = dims["kind"].to_numpy()[facts["dim"]]
    rows = _ordinary(facts, kind)
    parts, kinds = [rows], [dims]

    def more(extra: pd.DataFrame, described: pd.DataFrame) -> None:
        offset = sum(len(known) for known in kinds)
        parts.append(extra.assign(kind=extra["kind"] + offset))
        kinds.append(described)

    covered = rows[kind == "plan"]
    negation = _only(covered, unblended=-covered["unblended"], net=-covered["net"])
    more(negation, dims.assign(line_type="SavingsPlanNegation"))
    if style in ("both", "lines"):
        for name, words in (("edp", "EdpDiscount"), ("private", "PrivateRateDiscount")):
            off = rows[rows[name] != 0]
            extra = _only(off, unblended=off[name])
            described = dims.assign(line_type=words, description=f"{words} applied", rate=0)
            if style == "both":  # summed by product, as the discount is computed: no resource
                described = described.assign(resource="", tags=[()] * len(dims), zone="")
            more(extra, described)
    table = pd.concat(parts, ignore_index=True)
    described = pd.concat(kinds, ignore_index=True)
    if style not in ("both", "columns"):
        table[["edp", "private"]] = 0
        table["net"] = table["unblended"]
    if daily:
        table = _by_day(table)
    if style == "both":
        table = _by_product(described, table)
    order = ["hour", "kind", "length"]
    table = table.sort_values(order, kind="stable", ignore_index=True)
    return Lines(described, table, net=style in ("both", "columns"))


def _ordinary(facts: pd.DataFrame, kind: object) -> pd.DataFrame:
    """One line per charge, with the columns its type fills."""
    import numpy as np
    import pandas as pd

    plan, plan_fee = kind == "plan", kind == "plan_fee"
    reserved, reserved_fee = kind == "reservation", kind == "reservation_fee"
    on_demand = np.where(plan, facts["list"], facts["gross"])
    net = np.where(plan, facts["list"], facts["gross"] + facts["edp"] + facts["private"])
    columns = {
        "kind": facts["dim"],
        "hour": facts["hour"],
        "length": facts["length"],
        "quantity": facts["quantity"],
        "list": facts["list"],
        "unblended": on_demand,
        "net": net,
        "edp": facts["edp"],
        "private": facts["private"],
        "plan_cost": np.where(plan, facts["public"], 0),
        "plan_net": np.where(plan, facts["effective"], 0),
        "plan_total": np.where(plan_fee, facts["committed"], 0),
        "plan_used": np.where(plan_fee, facts["used"], 0),
        "plan_recurring": np.where(plan_fee, facts["recurring"], 0),
        "plan_upfront": np.where(plan_fee, facts["committed"] - facts["recurring"], 0),
        "ri_cost": np.where(reserved, facts["public"], 0),
        "ri_net": np.where(reserved, facts["effective"], 0),
        "ri_unused": np.where(reserved_fee, facts["public"], 0),
        "ri_unused_net": np.where(reserved_fee, facts["effective"], 0),
        "ri_total": np.where(reserved_fee, facts["committed"], 0),
        "ri_recurring": np.where(reserved_fee, facts["recurring"], 0),
    }
    return pd.DataFrame(columns)


def _only(rows: pd.DataFrame, **amounts: pd.Series) -> pd.DataFrame:
    """The same lines with these amounts and no others; the quantity stays."""
    return rows.assign(**(dict.fromkeys(AMOUNTS[1:], 0) | amounts))


def _by_day(rows: pd.DataFrame) -> pd.DataFrame:
    """Hourly lines summed to days; longer lines as they are."""
    import pandas as pd

    short = rows["length"] == 1
    days = rows[short].assign(hour=rows["hour"] // 24 * 24, length=24)
    summed = days.groupby(["kind", "hour", "length"], as_index=False)[list(AMOUNTS)].sum()
    return pd.concat([summed, rows[~short]], ignore_index=True)


def _by_product(kinds: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Discount lines of the same product and time become one line."""
    import pandas as pd

    off = kinds["line_type"].isin(["EdpDiscount", "PrivateRateDiscount"])
    same = ["line_type", "account", "code", "usage_type", "operation"]
    first = kinds[off].groupby(same)["line_type"].transform(lambda group: group.index[0])
    is_off = rows["kind"].map(off)
    summed = rows[is_off].assign(kind=rows["kind"].map(first))
    summed = summed.groupby(["kind", "hour", "length"], as_index=False)[list(AMOUNTS)].sum()
    summed["kind"] = summed["kind"].astype("int64")
    return pd.concat([rows[~is_off], summed], ignore_index=True)


def parts(amounts: pd.Series, part: pd.Series, whole: pd.Series) -> pd.Series:
    """amounts × part / whole, row by row, exact; 0 where there is no whole."""
    import numpy as np
    import pandas as pd

    some = (amounts != 0) & (whole != 0)
    triples = zip(amounts[some].tolist(), part[some].tolist(), whole[some].tolist(), strict=True)
    out = pd.Series(0, index=amounts.index, dtype="int64")
    out[some] = np.array([ratio(*triple) for triple in triples], "int64")
    return out
