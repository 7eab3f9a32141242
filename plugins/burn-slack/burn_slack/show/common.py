"""What all messages have alike: the head, the small print, buttons that every answer has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from burn_slack.show.figures import Answer
from burn_slack.show.message import FILES, SHARE, Button, Line

_NOTES = 3


def title(about: Answer, what: str = "") -> str:
    """`shop-prod · 2026-10 · what it is about`."""
    return " · ".join(
        filter(None, (about["cluster"] or about["provider"], window(about["window"]), what))
    )


def window(text: str) -> str:
    """`2026-10` for a whole month."""
    first, _, last = text.partition("..")
    try:
        start, end = datetime.fromisoformat(first), datetime.fromisoformat(last)
    except ValueError:
        return text
    following = start.replace(year=start.year + start.month // 12, month=start.month % 12 + 1)
    return first[:7] if start.day == 1 and end == following else text


def doubt(about: Answer) -> list[Line]:
    """That the bill can still change, where it can."""
    if about["state"] == "final":
        return []
    since = about["state"].removeprefix("provisional from ")
    return [Line(f"The bill can still change from {since} on.", "Provisional.")]


def notes(texts: Iterable[str], omitted: int = 0) -> list[Line]:
    """The first notes, and how many more there are."""
    every = list(texts)
    more = len(every[_NOTES:]) + omitted
    lines = [Line(f"• {text}") for text in every[:_NOTES]]
    return lines + ([Line(f"• {more:,} more notes: `burn show` has them")] if more else [])


def small(about: Answer) -> tuple[str, ...]:
    """Which run an answer is of."""
    return (
        f"{about['provider']}, {about['state']}",
        f"run {about['run']}",
        f"kept {about['kept'][:16].replace('T', ' ')} UTC",
    )


def pinned(about: Answer, **params: Any) -> dict[str, Any]:
    """Parameters of a question about the same report."""
    return {"run": about["run"], **params}


def always(view: str, params: Mapping[str, Any], about: Answer | None = None) -> tuple[Button, ...]:
    """Share what is shown; and of an answer about a report, its files."""
    share = Button("Share in channel", view, params, SHARE)
    if about is None:
        return (share,)
    return (share, Button("CSV and page", "files", {"run": about["run"]}, FILES))
