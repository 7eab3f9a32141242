"""Bars of characters beside amounts."""

from __future__ import annotations

EIGHTHS = ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")


def bar(cents: int, largest: int, width: int, *, blocks: bool, fine: bool = False) -> str:
    """An amount against the largest one; minus has another pattern, not only another colour.

    Args:
        cents: the amount.
        largest: what fills the width, without its sign.
        width: in characters.
        blocks: the output can show block characters.
        fine: draw what is added to an eighth of a character, where there are blocks.
    """
    if not largest or not cents:
        return ""
    length = width * abs(cents) / largest
    if fine and blocks and cents > 0:
        whole, eighths = divmod(max(1, round(8 * length)), 8)
        return "█" * whole + EIGHTHS[eighths]
    up, down = ("█", "░") if blocks else ("#", "-")
    return (up if cents > 0 else down) * max(1, round(length))
