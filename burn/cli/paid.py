"""Which kept run's effective prices a report without a bill may use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from burn.api import UsageError
from burn.cli import report_store
from burn.ledger.paid import Paid

if TYPE_CHECKING:
    from burn.cli.session import Session
    from burn.history.kept import Kept


def paid_by(sessions: Sequence[Session], *, sample: bool) -> Paid:
    """What the newest kept run of this cluster paid; a final one before one that can still change.

    Args:
        sessions: of one cluster; the run is of the first of its providers that has a bill.
        sample: whether to look among a sample's reports.

    Raises:
        UsageError: no kept run of the cluster knows what was paid.
    """
    first = sessions[0]
    store = report_store.opened(first.config.history, sample=sample)
    names = [session.run.provider for session in sessions]
    cluster = first.run.cluster
    mine = [
        one
        for one in report_store.listed(store)
        if one.billed_by in names and (not cluster or one.cluster == cluster)
    ]
    with_prices = [one for one in mine if "assets.parquet" in one.files]
    if not with_prices:
        old = "; those that are kept are of a burn that did not write it down" if mine else ""
        raise UsageError(
            f"no kept run of {cluster or 'this cluster'} on {' or '.join(names)} says what was"
            f" paid{old}",
            hint="`burn run` reads the bill and keeps it; or use --prices list",
        )
    _one_cluster(with_prices)
    chosen = next((one for one in with_prices if one.final), with_prices[0])
    return Paid(
        run_id=chosen.run_id,
        window=str(chosen.window),
        assets=store.frame(chosen, "assets"),
        currency=chosen.currency,
    )


def _one_cluster(known: Sequence[Kept]) -> None:
    from burn.history.choose import one_subject

    one_subject(known)
