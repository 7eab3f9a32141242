"""What a provider builds a bill reader from: files, an engine, SQL by words, checks, the frame.

Nothing here knows a cloud. What is in `__all__` is stable, as all of `burn.api` is, and
docs/reference/bills.md has it; what else the modules below hold may change in a minor version.
"""

from burn.api.bills.checks.census import census, table_census
from burn.api.bills.checks.gaps import Gap
from burn.api.bills.checks.repeats import Facts, require_single
from burn.api.bills.checks.settled import accounted, invoices
from burn.api.bills.checks.uneven import uneven
from burn.api.bills.doctor import looked, price_list
from burn.api.bills.engine.dialect import to_dialect
from burn.api.bills.engine.duck import DuckDbEngine
from burn.api.bills.engine.layout import Layout, Raw
from burn.api.bills.engine.source import Engine, Source
from burn.api.bills.engine.unite import Part
from burn.api.bills.files.heads import Heads
from burn.api.bills.files.local import Entry, Files, LocalFiles, unread
from burn.api.bills.files.places import place, places, require_disjoint
from burn.api.bills.files.remote import ArrowFiles
from burn.api.bills.files.scratch import Scratch
from burn.api.bills.hosts import carried
from burn.api.bills.last import Last
from burn.api.bills.learned import taught
from burn.api.bills.months import complete_until, months_near
from burn.api.bills.queries.keyset import KeySet
from burn.api.bills.queries.rows import bill_frame
from burn.api.bills.queries.sql import amount, literal, moment, quoted

__all__ = [
    "ArrowFiles",
    "DuckDbEngine",
    "Engine",
    "Entry",
    "Facts",
    "Files",
    "Gap",
    "Heads",
    "KeySet",
    "Last",
    "Layout",
    "LocalFiles",
    "Part",
    "Raw",
    "Scratch",
    "Source",
    "accounted",
    "amount",
    "bill_frame",
    "carried",
    "census",
    "complete_until",
    "invoices",
    "literal",
    "looked",
    "moment",
    "months_near",
    "place",
    "places",
    "price_list",
    "quoted",
    "require_disjoint",
    "require_single",
    "table_census",
    "taught",
    "to_dialect",
    "uneven",
    "unread",
]
