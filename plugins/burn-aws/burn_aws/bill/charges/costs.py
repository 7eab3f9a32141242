"""What each CUR line type costs: list, public, contracted, effective, billed. One rule a type.

The words in a rule are columns of the `lines` query (exact decimals):
    u      unblended cost                      nu      net unblended cost, else NULL
    p      public on-demand cost, NULL if 0    basis   what the line puts on the invoice
    spe    Savings Plan effective cost         net_spe its net, else spe
    rie    reservation effective cost          net_rie its net, else rie
    sp_unused, ri_unused                       the commitment's unused part, net where it exists
    spot   whether the usage is spot

`discounted` is the cost of a discount line: nothing where net columns exist in its month, since
the lines it discounts are net already; its own amount otherwise. So each discount counts once.
docs/reference/aws-bill.md gives the AWS page behind each rule. A new line type is a rule here, and a line
there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from burn.api.bills.queries.sql import literal

NOTHING = "0"


@dataclass(frozen=True, slots=True)
class Rule:
    """SQL over the words above; `category` and `pricing` are FOCUS values.

    `cost_class` is that of all lines of the type; empty: what was used decides (see `classes`).
    """

    list: str
    public: str
    contracted: str
    effective: str
    category: str
    pricing: str = ""
    billed: str = "basis"
    cost_class: str = ""


_OWN = "u"
_PLAIN = Rule(_OWN, _OWN, _OWN, "COALESCE(nu, u)", "Purchase", "Standard")
_CASH = Rule(_OWN, _OWN, _OWN, "basis", "Adjustment")
_DISCOUNT = Rule(NOTHING, NOTHING, NOTHING, "discounted", "Adjustment", cost_class="negotiated")
_FEE = Rule(
    NOTHING, NOTHING, NOTHING, NOTHING, "Purchase", "Committed", cost_class="commitment_fee"
)

RULES: dict[str, Rule] = {
    "Usage": Rule(
        "COALESCE(p, u)",
        "CASE WHEN spot THEN u ELSE COALESCE(p, u) END",
        "u",
        "COALESCE(nu, u)",
        "Usage",
        "CASE WHEN spot THEN 'Dynamic' WHEN commitment <> '' THEN 'Committed' ELSE 'Standard' END",
    ),
    "DiscountedUsage": Rule(
        "COALESCE(p, rie)", "rie", "COALESCE(p, rie)", "net_rie", "Usage", "Committed"
    ),
    "SavingsPlanCoveredUsage": Rule("COALESCE(p, u)", "spe", "u", "net_spe", "Usage", "Committed"),
    "SavingsPlanNegation": Rule(
        NOTHING, NOTHING, NOTHING, NOTHING, "Adjustment", "Committed", cost_class="commitment_fee"
    ),
    "SavingsPlanRecurringFee": Rule(
        "sp_unused", "sp_unused", "sp_unused", "sp_unused", "Purchase", "Committed"
    ),
    "SavingsPlanUpfrontFee": _FEE,
    "RIFee": Rule("ri_unused", "ri_unused", "ri_unused", "ri_unused", "Purchase", "Committed"),
    "Fee": _PLAIN,
    "Credit": Rule(_OWN, _OWN, _OWN, "basis", "Credit", cost_class="credit"),
    "Refund": replace(_CASH, cost_class="refund"),
    "Tax": Rule(_OWN, _OWN, _OWN, "basis", "Tax", cost_class="tax"),
    "EdpDiscount": _DISCOUNT,
    "PrivateRateDiscount": _DISCOUNT,
    "BundledDiscount": _DISCOUNT,
    "SppDiscount": _DISCOUNT,
    "RiVolumeDiscount": _DISCOUNT,
    "Discount": _DISCOUNT,
}
UPFRONT_FEE = _FEE
"""A `Fee` that names a reservation: it buys future usage, which carries it amortised."""
UNKNOWN = _CASH
"""A type AWS added since: cash, in its own driver, with a note."""
DISCOUNTS = tuple(kind for kind, rule in RULES.items() if rule is _DISCOUNT)
USAGE = tuple(kind for kind, rule in RULES.items() if rule.category == "Usage")


def case(field: str, line_types: frozenset[str]) -> str:
    """One cost (or category, or pricing) of any line, as a CASE over the types that occur."""
    groups: dict[str, list[str]] = {}
    for kind in sorted(line_types):
        groups.setdefault(_value(RULES.get(kind, UNKNOWN), field), []).append(kind)
    fee = _value(UPFRONT_FEE, field)
    arms = (
        [f"WHEN line_type = 'Fee' AND commitment <> '' THEN {fee}"] if "Fee" in line_types else []
    )
    if len(groups) == 1 and (not arms or fee in groups):
        return next(iter(groups))
    # The most common kinds come last, as the ELSE: most lines are plain usage.
    last = max(groups, key=lambda value: ("Usage" in groups[value], value))
    for value, kinds in groups.items():
        if value != last:
            arms.append(f"WHEN line_type IN ({', '.join(map(literal, kinds))}) THEN {value}")
    return f"CASE {' '.join(arms)} ELSE {last} END" if arms else last


def _value(rule: Rule, field: str) -> str:
    value = str(getattr(rule, field))
    if field == "category" or (field == "pricing" and not value.startswith("CASE")):
        return literal(value)
    return value
