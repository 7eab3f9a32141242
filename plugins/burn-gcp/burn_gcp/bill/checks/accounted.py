"""The files' own counts, and what became of each file's lines, as the control query says."""

from __future__ import annotations

from burn.api import FileCount, Window
from burn.api.bills.checks.census import census, table_census
from burn.api.bills.queries import span
from burn.api.bills.queries.sql import literal
from burn_gcp.bill.lines.facts import loaded
from burn_gcp.bill.lines.layouts import recognise
from burn_gcp.bill.lines.table import Table
from burn_gcp.scope import GcpScope


def counts(table: Table, window: Window) -> tuple[FileCount, ...]:
    """The files, or the partitions of a table that are read, counted by themselves."""
    source = table.source
    if source.parts:
        return census(source)
    where = " AND ".join(f"({test})" for test in loaded(table, window)) or "TRUE"
    name = source.relation.replace('"', "")
    return table_census(source.engine, source.relation, recognise(source.columns).raw, name, where)


def fate(table: Table, scope: GcpScope, window: Window) -> str:
    """What becomes of a line, one of `schemas.FATES`.

    Written out beside `facts.in_scope`, not made of it: the counts by fate check what that
    leaves out.
    """
    cases = []
    if scope.projects:
        listed = ", ".join(literal(project) for project in scope.projects)
        cases.append(f"WHEN {table.text('account')} NOT IN ({listed}) THEN 'out of scope'")
    if scope.ancestors:
        above = table.text("ancestry")
        none = " AND ".join(f"{above} NOT LIKE {literal(f'%/{one}/%')}" for one in scope.ancestors)
        cases.append(f"WHEN {none} THEN 'out of scope'")
    start, end = table.at("start"), table.at("end")
    first, last = span.instant(window.start), span.instant(window.end)
    cases.append(f"WHEN {start} >= {last} THEN 'other period'")
    cases.append(f"WHEN {start} < {first} AND {end} <= {first} THEN 'other period'")
    return f"CASE {' '.join(cases)} ELSE 'window' END"
