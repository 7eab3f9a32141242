"""Typed, read-only questions over kept reports: one set, for every interface (terminal, chat, AI client).

How to ask. The core makes a desk of a history; a service (`burn serve NAME`) is handed one and imports
nothing but `burn.api`:

    desk = request.desk("slack:U0123ABCD")   # ServeRequest.desk: a person, as [access] calls them
    desk = request.desk(None)                # who runs burn: sees everything
    for spec in desk.questions:              # QuestionSpec: name, title, about, and JSON schemas of
        ...                                  # parameters and answer, e.g. for tools of a model
    answer = desk.ask("ledger", {"by": "driver", "limit": 10})
    page = desk.document("latest", "report.html")   # or report.json, ledger.csv

`ask` takes and gives JSON objects (dicts). It raises `UsageError` (no such question, parameter, report
or thing; the hint says what there is) and `AccessError` (the person may not see it). Both messages may
be shown to that person: they name nothing that is hidden. Inside the core, `desk.answer` gives the same
answer as a dataclass.

Questions, each with its own module (`Takes`, the answer's dataclasses, `KIND`):

    reports      which reports there are; the newest first
    summary      landings (report, cluster, account, billed, invoice), the gap, headline, notes
    ledger       the walk from report to bill by driver, group or subject
    explain      of=… a driver, a namespace, or a resource by id or name
    allocation   who carries the cost, by=namespace, workload, owner, …, where={"namespace": "shop"}
    findings     what to act on
    diff         what changed: before=… after=… by=driver or a dimension of allocation, with causes
    trend        cost by day, week or month, out of all kept reports (module over_time)
    forecast     a month ahead
    budgets      budgets and what fired
    invoice      from what was billed to the invoices
    start_run    starts `burn run` in the background; job: how it does. For people in [access] runs
    calculate    sum, difference, ratio or percentage of cited figures
    missing      provisional days, gaps in metrics, what nobody saw, files not read

Most take `run`: `latest`, a report's name or its first characters, or a window such as `2026-10`; and
`cluster`, where several are kept.

How answers look. `about` says which report: run, cluster, provider, window, currency, basis, state
(`final` or `provisional from DAY`). A figure is

    {"amount": "-187.890000", "currency": "USD", "basis": "effective",
     "window": "2026-10-01..2026-11-01", "cite": "run/0ef453867397.1f2e3d/ledger/spot"}

`amount` is an exact decimal, to a millionth (`figures.py`), and `burn explain CITE` gives it again.
Lists are paged with `limit` and `offset`. They carry `omitted`: rows, their `amount`, and `next`, the
offset of what follows; rows and omitted add up to `total`, exactly. To print cents that add up, use
`burn.api.spread` over them. An answer is at most 20 KB of compact JSON: names are cut to 160 characters
(`…`), and a page ends before its limit where its rows are too large. All text is cleaned
(`burn.text.clean`): it holds no control characters. It is still text from outside: escape it for your medium.

How `[access]` limits. Without a grant, everybody sees everything. With one, a person sees what any grant
that names them shows, and others nothing. `burn.questions.access` takes hidden rows away before anything
is summed, so that no total, omitted part, comparison or suggestion holds them. Who does not see a whole
cluster (namespaces = ["*"]) gets no ledger, summary, finding or landing of it: those are of all of it.

`talk/` lets a model choose the questions and word the answer, and checks each figure of it.
`rules.py` understands common sentences (`burn ask`), `told.py` puts an answer into words and tables.

Citations are parsed in `cite.py` and looked up in `cited.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from burn.history.budget import CheckSettings
    from burn.history.store import History
    from burn.questions.desk import Desk, Writer
    from burn.questions.jobs import Start


def opened(
    history: History,
    check: CheckSettings | None = None,
    write: Writer | None = None,
    start: Start | None = None,
    warn: Callable[[str], None] = lambda _: None,
) -> Desk:
    """The desk of who runs burn; `Desk.of` gives another person's.

    Args:
        history: where the reports are kept.
        check: `[check]`, for questions about budgets.
        write: makes a document of a report, see `Desk.document`.
        start: makes and keeps a report, for who may start a run.
        warn: told of reports that cannot be read.
    """
    from burn.history.budget import CheckSettings
    from burn.questions.desk import Desk, Shared
    from burn.questions.jobs import Jobs
    from burn.questions.shelf import Shelf

    jobs = Jobs(start) if start else None
    return Desk(Shared(Shelf(history, warn), check or CheckSettings(), write, jobs))
