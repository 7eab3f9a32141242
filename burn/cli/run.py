"""`burn run`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api import BurnError
from burn.cli import combined, console
from burn.cli.providers import open_sessions
from burn.cli.report_store import keep
from burn.cli.write_requests import Requests
from burn.run.observers import tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from burn.api import OutputSink
    from burn.cli.options import Flags
    from burn.plugin.chosen import Chosen


def run(flags: Flags, providers: Sequence[str], *, quiet: bool) -> None:
    """Everything from the metrics to the report: a pipeline per provider, then one report."""
    sessions = open_sessions(flags, providers)
    first = sessions[0]
    sinks = first.sinks()
    with console.work(quiet=quiet) as events:
        plans, note = combined.plans(sessions, shared=flags.sample)
        report = combined.report(plans, first.run, events, note)
        refused = None
        stated = tuple(dict.fromkeys(text for plan in plans for text in plan.stated))
        if first.config.history.keep and not flags.no_keep:
            refused = keep(report, first.config.history, stated, first.sample)
        tell(report, first.registry.reporters(first.run.observers), events, stated)
    with Requests(report, first, sample=flags.sample) as requests:
        write(sinks, requests, refused)


def write(
    sinks: Sequence[tuple[Chosen[OutputSink], str | None]],
    requests: Requests,
    refused: BurnError | None,
) -> None:
    """Write to every sink; what failed is told when all the others have written.

    Args:
        sinks: and where each writes.
        requests: for what they write.
        refused: why the report could not be kept, if so.

    Raises:
        BurnError: the first that failed.
    """
    failed = [error for sink, target in sinks if (error := _write(sink, requests, target))]
    if refused:
        failed.append(refused)
    for error in failed[1:]:
        console.warn(error.message)
    if failed:
        raise failed[0]


def _write(sink: Chosen[OutputSink], requests: Requests, target: str | None) -> BurnError | None:
    """Write to one sink; what went wrong is told when the others have written too."""
    try:
        sink.made.write(requests.to(target))
    except BurnError as error:
        return error
    return None
