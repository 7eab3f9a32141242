"""Names come from tags, pods and labels, where anyone can write anything: make them harmless."""

from __future__ import annotations

import unicodedata

_JOINERS = "\u200c\u200d"  # needed inside words of some scripts and in emoji


def clean(text: str) -> str:
    r"""The text with control and invisible characters written out, e.g. `\x1b`.

    Escape sequences could otherwise recolour or rewrite a terminal, line breaks forge rows of a
    table, and bidirectional overrides show a name that is not there. Other Unicode stays.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_visible, text))


def _visible(char: str) -> str:
    if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") and char not in _JOINERS:
        return char.encode("unicode_escape", "backslashreplace").decode("ascii")
    return char
