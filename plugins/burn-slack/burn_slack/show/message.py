"""A message that Slack takes: whatever is put in, it is within the limits and pings nobody."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from burn_slack.show import limits
from burn_slack.show.limits import cut, escape, fitted
from burn_slack.show.table import Table

ASK = "burn_ask"
SHARE = "burn_share"
FILES = "burn_files"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text; `strong` stands before it in bold. Neither is escaped yet."""

    text: str
    strong: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """A button that asks a question.

    Attributes:
        action: `burn_ask`, `burn_share` or `burn_files`.
    """

    label: str
    question: str
    params: Mapping[str, Any] = field(default_factory=dict)
    action: str = ASK

    @property
    def value(self) -> str:
        """What Slack gives back when it is pressed."""
        return json.dumps([self.question, dict(self.params)], separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Message:
    """What is shown, in plain text, of any length.

    Attributes:
        summary: one line: notifications and screen readers have nothing else.
        title: the head.
        context: small print at the end.
    """

    summary: str
    title: str
    lines: tuple[Line, ...] = ()
    table: Table | None = None
    buttons: tuple[Button, ...] = ()
    context: tuple[str, ...] = ()

    def payload(self, *, tables: bool = True) -> dict[str, Any]:
        """Arguments of Slack's methods and hooks: `text` and `blocks`.

        Args:
            tables: whether Slack is to draw the table; else it is text in columns.
        """
        head = _header(self.title)
        small = _context(self.context)
        actions = _actions(self.buttons)
        room = limits.MESSAGE - _letters([*head, *small, *actions])
        share = min(limits.CELLS, room // 2) if self.table else 0
        sections = _sections(self.lines, room - share, limits.BLOCKS - 6)
        drawn: list[dict[str, Any]] = []
        if self.table and tables:
            drawn = [self.table.block(share)]
        elif self.table:
            drawn = _columns(self.table, share)
        # Slack draws a table after everything else, wherever it stands.
        blocks = [*head, *sections, *([] if tables else drawn), *actions, *small]
        blocks += drawn if tables else []
        return {"text": fitted(self.summary, limits.FALLBACK), "blocks": blocks}


def _header(title: str) -> list[dict[str, Any]]:
    # Plain text is not read as markup, but `&` escapes are undone in it, too.
    text = {"type": "plain_text", "text": fitted(title, limits.HEADER) or "burn", "emoji": False}
    return [{"type": "header", "text": text}]


def _mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _sections(lines: Sequence[Line], room: int, most: int) -> list[dict[str, Any]]:
    """Lines, as many as fit; a line that no longer does ends with `…`, and the rest is left out."""
    texts: list[str] = []
    for line in lines:
        text = _marked(line, min(limits.SECTION, room))
        if not text:
            break
        room -= len(text) + 1
        if texts and len(texts[-1]) + len(text) < limits.SECTION:
            texts[-1] += f"\n{text}"
        elif len(texts) < most:
            texts.append(text)
        else:
            break
    return [{"type": "section", "text": _mrkdwn(text)} for text in texts]


def _marked(line: Line, most: int) -> str:
    least = 40
    if most < least:
        return ""
    if not line.strong:
        return fitted(line.text, most)
    # A `*` within bold text would end it.
    strong = fitted(line.strong.replace("*", "∗"), most // 2)
    rest = fitted(line.text, most - len(strong) - 4)
    return f"*{strong}*  {rest}".rstrip()


def _columns(table: Table, room: int) -> list[dict[str, Any]]:
    """The table as text. A fence within would end it."""
    room = min(room, limits.SECTION - 10)
    for part in (room, room // 2, room // 4, room // 8):
        text = escape(table.text(part).replace("`", "'"))
        if len(text) <= room:
            return [{"type": "section", "text": _mrkdwn(f"```{text}```")}]
    return []


def _actions(buttons: Sequence[Button]) -> list[dict[str, Any]]:
    fit = [one for one in buttons if len(one.value) <= limits.VALUE][: limits.BUTTONS]
    if not fit:
        return []
    elements = [
        {
            "type": "button",
            "action_id": f"{one.action}:{number}",
            "text": {"type": "plain_text", "text": fitted(one.label, limits.LABEL), "emoji": False},
            "value": one.value,
        }
        for number, one in enumerate(fit)
    ]
    return [{"type": "actions", "elements": elements}]


def _context(texts: Sequence[str]) -> list[dict[str, Any]]:
    text = cut(" · ".join(filter(None, texts)), limits.CONTEXT // 2)
    if not text:
        return []
    return [{"type": "context", "elements": [_mrkdwn(fitted(text, limits.CONTEXT))]}]


def _letters(blocks: Sequence[Any]) -> int:
    """Characters of all text in blocks."""
    total = 0
    for block in blocks:
        if isinstance(block, dict):
            total += sum(len(v) for k, v in block.items() if k == "text" and isinstance(v, str))
            total += _letters([v for v in block.values() if isinstance(v, (dict, list))])
        elif isinstance(block, list):
            total += _letters(block)
    return total
