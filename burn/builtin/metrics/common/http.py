"""What the HTTP clients of the sources have in common: failed handshakes, Retry-After, headers."""

from __future__ import annotations

import math
import ssl
import time

from burn.api import UsageError

LONGEST_WAIT = 60.0
"""Seconds: the most that a Retry-After is obeyed, so that a run cannot be parked for hours."""


def tls_failure(error: BaseException | None) -> ssl.SSLError | None:
    """The failed handshake behind an error of the HTTP client; another try would fail alike."""
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return error
        error = error.__cause__ or error.__context__
    return None


def wait(after: str | None, tried: int) -> float:
    """Seconds until the next try: what the server asks for, else twice as long each time.

    Args:
        after: its Retry-After, in seconds or as a date.
        tried: how often it was tried, 1 or more.
    """
    asked = _seconds(after)
    return min(max(asked if asked is not None else 0.5 * 2.0 ** (tried - 1), 0.0), LONGEST_WAIT)


def sendable(value: str, name: str) -> str:
    """A header's value without the line break that files and secrets often end in.

    Raises:
        UsageError: it holds what no header may; the value is not shown, it may be a secret.
    """
    value = value.strip()
    odd = next((at for at, char in enumerate(value) if not "\x20" <= char <= "\x7e"), None)
    if odd is not None:
        raise UsageError(
            f"{name} cannot be sent in a header: its character {odd + 1} is"
            f" {'a line break' if value[odd] in chr(10) + chr(13) else 'not printable ASCII'}",
            hint="a token or header is one line of ASCII",
        )
    return value


def _seconds(text: str | None) -> float | None:
    from email.utils import parsedate_to_datetime

    if text is None:
        return None
    try:
        seconds = float(text)
        return seconds if math.isfinite(seconds) else None
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(text).timestamp() - time.time()
    except (ValueError, OverflowError):
        return None
