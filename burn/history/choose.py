"""Which kept report is meant: `latest`, a run, or a window; and which one speaks for each day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from burn.api import UsageError, Window
from burn.history.kept import Kept

LATEST = "latest"
_LISTED = 5
_WHOLE = 24
"""Hours of a day that is whole; a shorter one is in no comparison of days."""
_NO_SUCH = "`burn history` lists what is kept"
_NONE = "`burn run` keeps every report; --sample takes those of the sample"


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose reports are looked at.

    Attributes:
        cluster, provider: empty: any, as long as there is one only.
        as_of: only what was kept by then; None: all.
        bill: only reports with a bill, or only those without; None: both.
    """

    cluster: str = ""
    provider: str = ""
    as_of: datetime | None = None
    bill: bool | None = None

    def of(self, kept: Sequence[Kept]) -> list[Kept]:
        """Those, the newest first.

        Raises:
            UsageError: none is left.
        """
        matching = [
            one
            for one in kept
            if (not self.cluster or self.cluster == one.cluster)
            and (not self.provider or self.provider == one.provider)
            and (self.as_of is None or one.kept_at <= self.as_of)
            and (self.bill is None or one.bill == self.bill)
        ]
        if not matching and self.bill is not None:
            self._require_kind(kept)
        if not matching:
            which = [f"of {name}" for name in (self.cluster, self.provider) if name]
            which += [f"by {self.as_of:%Y-%m-%d %H:%M} UTC"] if self.as_of else []
            what = " ".join(["no report is kept", *which])
            raise UsageError(what, hint=_NO_SUCH if kept else _NONE)
        return matching

    def _require_kind(self, kept: Sequence[Kept]) -> None:
        """Reports of the other kind are no answer, and are told of.

        Raises:
            UsageError: there are only those.
        """
        others = len(replace(self, bill=None).of(kept))
        if self.bill:
            raise UsageError(
                f"no report with a bill is kept, {others:,} without one",
                hint="`burn run` makes them; --no-bill takes those of `burn analyze`",
            )
        raise UsageError(
            f"no report without a bill is kept, {others:,} with one",
            hint="`burn analyze` makes them",
        )


def choose(kept: Sequence[Kept], text: str, asked: Asked, *, now: datetime) -> Kept:
    """The one report that is meant.

    Args:
        kept: all there are, the newest first.
        text: `latest`; a run's id or name, or how its halves begin; or a window.
        asked: whose.
        now: what a relative window is relative to.

    Raises:
        UsageError: no report, or reports of several clusters, answer to it.
    """
    if text == LATEST:
        return asked.of(kept)[0]
    either = replace(asked, bill=None).of(kept)
    named = [one for one in either if text in (one.name, one.run_id)]
    named = named or [one for one in either if _begins(text, one.name)]
    if named:
        if len({one.run_id for one in named}) > 1:
            listed = ", ".join(dict.fromkeys(one.run_id for one in named))
            raise UsageError(f"`{text}` begins several runs: {listed}", hint="give more of its id")
        _require_bill(named[0], asked)
        return named[0]
    try:
        window = Window.parse(text, now=now)
    except UsageError:
        raise UsageError(f"no kept report is called `{text}`", hint=_NO_SUCH) from None
    return of_window(asked.of(kept), window)


def _begins(text: str, name: str) -> bool:
    """Whether both halves of a name begin so: of `0ef453867397.8a41f2` these are `0ef4` and `0ef453.8`."""
    if not re.fullmatch(r"[0-9a-f]{4,}(\.[0-9a-f]*)?", text):
        return False
    halves = zip(name.split("."), text.split("."), strict=False)
    return all(whole.startswith(begin) for whole, begin in halves)


def _require_bill(one: Kept, asked: Asked) -> None:
    if asked.bill is None or asked.bill == one.bill:
        return
    what, hint = ("no bill", "with") if asked.bill else ("a bill", "without")
    raise UsageError(f"report {one.run_id} has {what}", hint=f"ask {hint} --no-bill")


def of_window(mine: Sequence[Kept], window: Window) -> Kept:
    """The newest final report of exactly this window, else the newest provisional one.

    Raises:
        UsageError: there is none, or there are some of several clusters.
    """
    found = [one for one in mine if one.window == window]
    if not found:
        windows = list(dict.fromkeys(str(one.window) for one in mine))
        more = ", …" if len(windows) > _LISTED else ""
        raise UsageError(
            f"no report of {window} is kept",
            hint=f"kept are {', '.join(windows[:_LISTED])}{more}; `burn run --window` makes others",
        )
    one_subject(found)
    with_bill = [one for one in found if one.bill] or found
    return next((one for one in with_bill if one.final), with_bill[0])


def one_subject(found: Sequence[Kept]) -> None:
    """Figures of two clusters are never mixed unasked.

    Raises:
        UsageError: they are of several clusters, or of one on several providers.
    """
    subjects = list(dict.fromkeys(one.subject for one in found))
    if len(subjects) > 1:
        listed = ", ".join(
            f"{cluster or '(no name)'} on {provider}" for cluster, provider in subjects
        )
        raise UsageError(
            f"reports of several clusters are kept: {listed}",
            hint="name one with --cluster and --provider",
        )


def by_day(mine: Sequence[Kept]) -> dict[datetime, Kept]:
    """For each whole day, the report that speaks for it: the newest final, else the newest at all.

    Args:
        mine: of one cluster, the newest first.
    """
    chosen: dict[datetime, Kept] = {}
    for one in mine:
        for day in one.window.days():
            if day.hours < _WHOLE:
                continue
            before = chosen.get(day.start)
            if before is None or (one.final_on(day.start) and not before.final_on(day.start)):
                chosen[day.start] = one
    return dict(sorted(chosen.items()))
