"""Documents that a service hands out: a kept report as burn's own sinks write it, with their settings."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from burn.api import WriteRequest
from burn.api.temporary import temporary

if TYPE_CHECKING:
    from collections.abc import Callable

    from burn.api import Report
    from burn.cli.session import Session


def written(session: Session) -> Callable[[Report, str], str]:
    """Writes a report as `KIND.FORMAT`: one table of it where the format has many."""

    def write(report: Report, name: str) -> str:
        sink = Path(name).suffix.removeprefix(".")
        with TemporaryDirectory(prefix="burn-", dir=temporary()) as folder:
            whole = sink != "csv"
            target = str(Path(folder) / name) if whole else folder
            session.sink(sink, target).made.write(WriteRequest(report=report, target=target))
            return (Path(folder) / name).read_text(encoding="utf-8")

    return write
