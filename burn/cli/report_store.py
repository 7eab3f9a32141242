"""From the configuration to the place where reports are kept, and what a run keeps there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from burn.api import AccessError
from burn.cli import console

if TYPE_CHECKING:
    from pathlib import Path

    from burn.api import Report
    from burn.cli.options import Flags
    from burn.config.model import HistorySettings
    from burn.history.choose import Asked
    from burn.history.kept import Kept
    from burn.history.store import History


def keep(
    report: Report, settings: HistorySettings, stated: Iterable[str], sample: Path | None = None
) -> AccessError | None:
    """Keep the report of a run; what went wrong, if the user named the place.

    Without a place of their own (a container without a writable home) a warning is enough.

    Args:
        report: of the run.
        settings: where.
        stated: settings of the run.
        sample: the folder of the sample it was about; the months it brings are kept first.
    """
    history = opened(settings, sample=sample is not None)
    try:
        if sample is not None and (sample / "history").is_dir():
            _adopt(history, sample / "history")
        history.keep(report, tuple(dict.fromkeys(stated)))
        if history.place.local:
            history.sweep()
    except AccessError as error:
        if settings.path:
            return error
        console.warn(f"this report is not kept: {error.message}")
    return None


def _adopt(history: History, months: Path) -> None:
    from datetime import UTC, datetime

    from burn.history.place import Place
    from burn.history.store import History

    history.adopt(History(Place(str(months))), datetime.now(UTC))


def opened(settings: HistorySettings, *, sample: bool) -> History:
    """The history at `history.path`, else in the user's data folder; a sample's lies apart."""
    from burn.history.place import Place, default_path
    from burn.history.store import History

    return History(Place(settings.path or default_path(sample=sample)))


def has_samples() -> bool:
    """Whether a run of the sample kept a report on this machine."""
    from burn.history.place import Place, default_path
    from burn.history.store import History

    return bool(History(Place(default_path(sample=True))).all())


def configured(flags: Flags) -> History:
    """The history of a command that only reads it."""
    from burn.config.load import load

    config = load({}, flags.sets, file=flags.config, files=not flags.sample)
    return opened(config.history, sample=flags.sample)


def listed(history: History) -> list[Kept]:
    """All that is kept, the newest first; of what cannot be read, a warning."""
    return history.all(console.warn)


def asked(flags: Flags, as_of: str | None = None) -> Asked:
    """Whose reports, and kept by when."""
    from datetime import UTC, datetime

    from burn.api import Window
    from burn.history.choose import Asked

    until = Window.parse(as_of, now=datetime.now(UTC)).end if as_of else None
    return Asked(flags.cluster or "", flags.provider or "", until, flags.bill)
