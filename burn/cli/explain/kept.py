"""`burn explain NAME --run RUN`: a namespace, workload or resource of a kept report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.cli import answers, console

if TYPE_CHECKING:
    from burn.cli.options import Flags


def explain_kept(flags: Flags, name: str, run: str, limit: int, *, as_json: bool) -> None:
    """Answer the question `explain`, as every interface does.

    Raises:
        UsageError: the report has nothing of this name.
    """
    from burn.questions.paging import MOST
    from burn.questions.told import told

    params = {"of": name, "run": run, "cluster": flags.cluster or "", "limit": min(limit, MOST)}
    answer = answers.desk(flags).ask("explain", params)
    if as_json:
        console.data_json(answer)
    else:
        answers.show([told("explain", answer)])
