"""Which dataset a table is, told by its lines."""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see bill/lines/table.py)
from __future__ import annotations

from burn_azure.bill.charges.costs import amounts
from burn_azure.bill.lines.facts import UNUSED, names
from burn_azure.bill.lines.table import Table


def kind_of_lines(table: Table) -> str:
    """Only amortised cost spreads commitments over usage and has unused ones; FOCUS has both."""
    if table.format.family == "focus":
        return "focus"
    facts = names(table)
    unused = ", ".join(f"'{kind}'" for kind in UNUSED)
    spread = f"charge IN ({unused}) OR (charge = 'Usage' AND model = 'Committed' AND c <> 0)"
    found = table.source.engine.query(
        f"SELECT COUNT(*) AS lines FROM (SELECT {facts['charge']} AS charge, {facts['model']} AS model, "
        f"{amounts(table)['c']} AS c FROM {table.source.relation}) AS lines WHERE {spread}"
    ).to_pylist()
    return "amortized" if found[0]["lines"] else "actual"
