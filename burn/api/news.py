"""Whether a digest of a report is worth sending: on a change, or on a limit that is reached."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from burn.api.alerts import Alert
from burn.api.errors import UsageError
from burn.api.settings import setting


@dataclass(frozen=True, slots=True)
class TellSettings:
    """When a sink tells people of a report; the settings of such a sink inherit it."""

    when: Literal["always", "change", "limit"] = setting(
        "always",
        help="always; change: where cost has moved by both `percent` and `floor` since what was last sent,"
        " or a limit of `burn check` is reached; limit: only the latter. Each limit is told once",
    )
    of: Literal["report", "cluster", "account", "billed"] = setting(
        "cluster", help="which total must have moved"
    )
    percent: float = setting(5.0, help="by how much it must have moved, in percent")
    floor: float = setting(0.0, help="by how much it must have moved, in the report's currency")

    def __post_init__(self) -> None:
        for name in ("percent", "floor"):
            value = getattr(self, name)
            if not 0 <= value < float("inf"):
                raise UsageError(f"a sink's `{name}` is {value}; it must be 0 or more")


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What is new in a report to one receiver.

    Attributes:
        due: whether to send anything.
        change: how the total moved since what was last sent, a sentence; empty: nothing was sent yet.
        reached: what `burn check` finds now and this receiver was not told.
        sent: to be called when it was sent: writes down that the receiver knows.
            Raises AccessError where the kept reports cannot be written.
    """

    due: bool
    change: str = ""
    reached: tuple[Alert, ...] = ()
    sent: Callable[[], None] = lambda: None
