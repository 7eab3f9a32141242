"""What is new to somebody who was sent digests before. What was sent is noted beside the kept reports."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from burn.api import AccessError, News, TellSettings, Window
from burn.api.money import cents, figure, percent
from burn.history.alerts import alert
from burn.history.check import crossings, tell
from burn.text.clean import clean

if TYPE_CHECKING:
    from burn.history.budget import CheckSettings
    from burn.history.check import Crossing
    from burn.history.kept import Kept
    from burn.history.upto import Upto

SENT = "sent/v1"
_LANDINGS = {
    "report": ("report", "the Kubernetes report"),
    "cluster": ("cluster_effective", "the cluster's effective cost"),
    "account": ("account_effective", "the account's effective cost"),
    "billed": ("billed", "what was billed"),
}


@dataclass(frozen=True, slots=True)
class Sent:
    """A digest that was sent: of which window, and the totals it had."""

    window: Window
    totals: dict[str, float]


class Newsroom:
    """Says what is new in the latest report of a history.

    Args:
        history: the report, and what was kept before.
        check: budgets and the gap.
        warn: told why a limit could not be looked at, or that nothing could be noted.
        now: the time.
    """

    def __init__(
        self,
        history: Upto,
        check: CheckSettings,
        warn: Callable[[str], None],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._history, self._check, self._warn, self._now = history, check, warn, now

    def news(self, receiver: str, settings: TellSettings) -> News:
        """What is new to a receiver.

        Args:
            receiver: whatever names it apart from others, a secret, too: only its digest is noted.
            settings: when it wants to be told.
        """
        kept, key = self._history.kept, sha256(receiver.encode()).hexdigest()[:24]
        before = self._before(key)
        totals = self._totals()
        reached = self._reached(key)
        moved, change = _moved(before, kept, totals, settings) if before else (True, "")
        due = settings.when == "always" or bool(reached) or (settings.when == "change" and moved)

        def sent() -> None:
            try:
                self._note(key, totals)
                tell(self._history, [kept], reached, self._now(), to=key)
            except AccessError as error:
                if settings.when != "always":
                    raise
                self._warn(f"that this was sent is not noted: {error.message}")

        return News(due=due, change=change, reached=tuple(map(alert, reached)), sent=sent)

    def _totals(self) -> dict[str, float]:
        totals = self._history.facts(self._history.kept).totals
        return {name: float(getattr(totals, field)) for name, (field, _) in _LANDINGS.items()}

    def _reached(self, key: str) -> list[Crossing]:
        limits = self._check
        if not (limits.budgets or limits.gap_percent or limits.anomaly_amount):
            return []
        found = crossings(self._history, self._history.all(), limits, self._warn, to=key)
        return [one for one in found if one.told is None]

    def _folder(self, key: str) -> str:
        whose = sha256("/".join(self._history.kept.subject).encode()).hexdigest()[:24]
        return f"{SENT}/{key}/{whose}/"

    def _before(self, key: str) -> Sent | None:
        place = self._history.place
        for name in sorted(place.files(), reverse=True):
            if name.startswith(self._folder(key)) and name.endswith(".json"):
                try:
                    return _read(json.loads(place.read(name)))
                except (ValueError, KeyError, TypeError, FileNotFoundError):
                    continue  # sent once more is better than never
        return None

    def _note(self, key: str, totals: dict[str, float]) -> None:
        place, folder = self._history.place, self._folder(key)
        window = self._history.kept.window
        event = {
            "run": self._history.kept.name,
            "start": window.start.isoformat(),
            "end": window.end.isoformat(),
            "totals": totals,
        }
        older = [name for name in place.files() if name.startswith(folder)]
        name = f"{folder}{self._now():%Y%m%dT%H%M%S.%f}.json"
        place.write(name, (json.dumps(event) + "\n").encode())
        for one in older:
            place.remove(one)


def _read(event: dict[str, Any]) -> Sent:
    start, end = (datetime.fromisoformat(event[at]).astimezone(UTC) for at in ("start", "end"))
    return Sent(Window(start, end), {name: float(event["totals"][name]) for name in _LANDINGS})


def _moved(
    before: Sent, kept: Kept, totals: dict[str, float], settings: TellSettings
) -> tuple[bool, str]:
    """Whether a total moved far enough, and the sentence; of windows of different length, by the hour."""
    ratio = kept.window.hours / before.window.hours
    a, b = cents(before.totals[settings.of] * ratio), cents(totals[settings.of])
    far = abs(b - a) >= settings.floor * 100 and abs(b - a) * 100 >= settings.percent * abs(a)
    by = f"{figure(b - a, sign=True)} {clean(kept.currency)}"
    part = percent(b - a, abs(a))
    words = f"Since the digest of {before.window}, {_LANDINGS[settings.of][1]} moved by {by}"
    words += f" ({part})" if part else ""
    words += "" if ratio == 1 else ", that one taken at the length of this window"
    return far and a != b, words + "."
