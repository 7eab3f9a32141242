"""What Slack refuses, and text that it does not read as anything else."""

from __future__ import annotations

from burn.api import clean

BLOCKS = 50
SECTION = 3_000
HEADER = 150
CONTEXT = 2_000
BUTTONS = 25
LABEL = 75
VALUE = 2_000
MESSAGE = 12_000
"""Characters of text of a whole message: Slack says `msg_blocks_too_long` somewhat above 13,000."""
CELLS = 8_000
"""Characters of all cells of a table; Slack takes 10,000."""
ROWS = 100
FALLBACK = 1_500
_ELLIPSIS = "…"


def escape(text: str) -> str:
    """Text that Slack shows as it is: `<!channel>` in a name is no mention, `<http…>` no link."""
    return clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def fitted(text: str, most: int) -> str:
    """Escaped text of at most so many characters, never cut within an escape."""
    whole = escape(text)
    if len(whole) <= most:
        return whole
    room, out = most - len(_ELLIPSIS), []
    for char in clean(text):
        piece = escape(char)
        room -= len(piece)
        if room < 0:
            break
        out.append(piece)
    return "".join(out) + _ELLIPSIS


def cut(text: str, most: int) -> str:
    """Plain text of at most so many characters."""
    shown = clean(text)
    return shown if len(shown) <= most else shown[: most - 1] + _ELLIPSIS
