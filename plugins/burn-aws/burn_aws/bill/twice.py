"""Lines that are on the bill more than once: which are compared, and by what.

Line ids are no help: AWS makes new ones for each version of a month (data dictionary,
identity_line_item_id), and fills in the invoice later. Lines that agree in all other columns are
the same.
"""

from __future__ import annotations

from burn.api import Window
from burn.api.bills.repeats import require_single
from burn.api.bills.sql import literal, quoted
from burn_aws.bill.doubles import doubles_query, require_undoubled
from burn_aws.bill.facts import in_scope
from burn_aws.bill.rules import USAGE
from burn_aws.bill.typed import Table, ask
from burn_aws.scope import AwsScope

FEW = ("start", "resource_id", "usage_type", "unblended", "public", "effective", "usage")
"""What nearly makes a line itself, see `burn.api.bills.repeats`."""
CHANGING = ("line_id", "invoice")
"""What another version of a line has otherwise."""


def twice(table: Table, scope: AwsScope, window: Window) -> list[str]:
    """A note on lines that are there more than once.

    Raises:
        DataError: so many are that a part of the bill is there twice; of files, names the two.
    """
    source = table.source
    if not source.parts:
        require_undoubled(ask(source, doubles_query(table, scope, window)))
        return []
    columns = table.format.columns
    few = [quoted(columns[fact]) for fact in FEW if table.has(fact)]
    changing = {columns[fact] for fact in CHANGING if table.has(fact)}
    line = [quoted(name) for name in source.columns if name not in changing and name != "burn_file"]
    where = f"{in_scope(table, scope, window)} AND ({_counts(table)})"
    return require_single(source, few, line, where)


def _counts(table: Table) -> str:
    """Whether a line is more than free usage, of which many are alike."""
    focus = table.format.family == "focus"
    kind = table.text("category" if focus else "line_type")
    usage = "'Usage'" if focus else ", ".join(map(literal, USAGE))
    amounts = ("list", "effective") if focus else ("public", "unblended")
    some = " OR ".join(f"{table.money(fact)} <> 0" for fact in amounts if table.has(fact))
    return f"{kind} NOT IN ({usage}) OR {some}"
