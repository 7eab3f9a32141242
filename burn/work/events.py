"""What a run tells while it works: to a progress bar, a log, or nobody."""

from __future__ import annotations

from typing import Protocol

from burn.text.secrets import scrub


class Events(Protocol):
    """Receives progress; stages call it, the command line shows it. Never raises."""

    def started(self, stage: str, total: int | None = None) -> None:
        """A stage begins; `total` counts its steps (days) when known."""

    def advanced(self, stage: str) -> None:
        """One step of the stage is done."""

    def finished(self, stage: str, summary: str) -> None:
        """A stage is done; `summary` is a short count, e.g. `31 days, 84 assets`."""

    def warning(self, text: str) -> None:
        """Something a reader must see now; it is also in the report's notes."""


class Silent:
    """Tells nobody."""

    def started(self, stage: str, total: int | None = None) -> None:
        """Ignore."""

    def advanced(self, stage: str) -> None:
        """Ignore."""

    def finished(self, stage: str, summary: str) -> None:
        """Ignore."""

    def warning(self, text: str) -> None:
        """Ignore."""


class Remembered:
    """Passes everything on, and keeps the warnings for the report's notes."""

    def __init__(self, events: Events) -> None:
        self._events = events
        self.warnings: list[str] = []

    def started(self, stage: str, total: int | None = None) -> None:
        """Pass on."""
        self._events.started(stage, total)

    def advanced(self, stage: str) -> None:
        """Pass on."""
        self._events.advanced(stage)

    def finished(self, stage: str, summary: str) -> None:
        """Pass on."""
        self._events.finished(stage, summary)

    def warning(self, text: str) -> None:
        """Keep, once, and pass on; a server's words may quote a secret."""
        text = scrub(text)
        if text not in self.warnings:
            self.warnings.append(text)
            self._events.warning(text)
