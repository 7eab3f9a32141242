"""Half-open windows of time, in UTC, on hour borders."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from burn.api.errors import UsageError

_FORMS = "7d, last-month, 2026-10 or 2026-10-01..2026-11-01"
_MOST_HOURS = 24 * 3660  # ten years


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """`start` (included) to `end` (not included), both UTC and on the hour."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        for at in (self.start, self.end):
            if at.tzinfo is None or at.utcoffset() != timedelta(0):
                raise UsageError(f"window border {at.isoformat()} is not UTC")
            if at.minute or at.second or at.microsecond:
                raise UsageError(f"window border {at.isoformat()} is not on the hour")
        if self.end <= self.start:
            raise UsageError(
                f"window {self.start:%Y-%m-%dT%H}..{self.end:%Y-%m-%dT%H} is empty",
                hint="the end is not included; use a later end",
            )
        if self.hours > _MOST_HOURS:
            raise UsageError(
                f"window {self} spans {self.hours // 24:,} days",
                hint=f"a run covers {_MOST_HOURS // 24:,} days at the most; is a year mistyped?",
            )

    @property
    def hours(self) -> int:
        """Length in hours."""
        return int((self.end - self.start) / timedelta(hours=1))

    def days(self) -> Iterator[Window]:
        """The window cut at UTC midnights, in order; the first and last piece may be short."""
        at = self.start
        while at < self.end:
            midnight = datetime(at.year, at.month, at.day, tzinfo=UTC) + timedelta(days=1)
            stop = min(midnight, self.end)
            yield Window(at, stop)
            at = stop

    def overlaps(self, start: datetime, end: datetime) -> bool:
        """Whether any instant of [start, end) lies in the window."""
        return start < self.end and end > self.start

    def __str__(self) -> str:
        def short(at: datetime) -> str:
            return f"{at:%Y-%m-%d}" if at.hour == 0 else f"{at:%Y-%m-%dT%H:00}"

        return f"{short(self.start)}..{short(self.end)}"

    @classmethod
    def month(cls, year: int, month: int) -> Window:
        """One calendar month."""
        start = datetime(year, month, 1, tzinfo=UTC)
        return cls(start, datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC))

    @classmethod
    def parse(cls, text: str, *, now: datetime) -> Window:
        """Read what a user types: `7d`, `36h`, `last-month`, `2026-10`, `A..B` (dates or hours).

        Args:
            text: the window as typed.
            now: where relative windows end, cut to the hour; for `Nd`, to midnight.

        Raises:
            UsageError: the text is no window, or an empty one.
        """
        text = text.strip()
        now = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        if found := re.fullmatch(r"(\d{1,4})([dh])", text):
            count = int(found[1])
            if found[2] == "d":
                end = now.replace(hour=0)
                return cls(end - timedelta(days=count), end)
            return cls(now - timedelta(hours=count), now)
        if text == "last-month":
            last = now.replace(day=1, hour=0) - timedelta(days=1)
            return cls.month(last.year, last.month)
        if text == "this-month":
            return cls(now.replace(day=1, hour=0), now)
        try:
            if found := re.fullmatch(r"(\d{4})-(\d{2})", text):
                return cls.month(int(found[1]), int(found[2]))
            if ".." in text:
                first, last_ = text.split("..", 1)
                return cls(_instant(first), _instant(last_))
            if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
                start = _instant(text)
                return cls(start, start + timedelta(days=1))
        except ValueError as error:
            raise UsageError(f"`{text}` is not a window: {error}", hint=f"use {_FORMS}") from error
        raise UsageError(f"`{text}` is not a window", hint=f"use {_FORMS}")


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
