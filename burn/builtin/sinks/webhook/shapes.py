"""The same digest as Microsoft Teams, Google Chat, a template or a program of one's own takes it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import fields
from typing import Any

from burn.api import UsageError
from burn.builtin.sinks.webhook.digest import Digest

_LONGEST = 4_000
"""Characters of a text: Google Chat takes 4,096 in all, a card of Teams some more."""
_HOLE = re.compile(r"\$\{([^}]*)\}")


def shaped(digest: Digest, shape: str, template: str) -> Any:
    """The body to post.

    Raises:
        UsageError: the template is no JSON, or names what there is not.
    """
    return filled(template, digest) if template else SHAPES[shape](digest)


def filled(template: str, digest: Digest) -> Any:
    """A template with each `${name}` in its texts replaced; what is put in stays text.

    The template is read as JSON before anything is put in, so that no name can end a string.
    """
    values = {name: _text(value) for name, value in digest.plain.items()}

    def fill(node: Any) -> Any:
        if isinstance(node, dict):
            return {key: fill(value) for key, value in node.items()}
        if isinstance(node, list):
            return [fill(value) for value in node]
        return _HOLE.sub(lambda hole: values[hole[1]], node) if isinstance(node, str) else node

    return fill(parsed(template))


def parsed(template: str) -> Any:
    """A template as JSON.

    Raises:
        UsageError: it is none, or names what there is not.
    """
    known = [field.name for field in fields(Digest)]
    try:
        found = json.loads(template)
    except ValueError as error:
        raise UsageError(
            f"sink.webhook.template is no JSON: {error}", hint='e.g. \'{"content": "${text}"}\''
        ) from None
    for name in _HOLE.findall(template):
        if name not in known:
            raise UsageError(
                f"sink.webhook.template has `${{{name[:40]}}}`, which there is not",
                hint=f"there are {', '.join(known)}",
            )
    return found


def _json(digest: Digest) -> Any:
    return digest.plain


def _teams(digest: Digest) -> Any:
    """A message with an Adaptive Card; runs of text, in which no Markdown is read."""
    lines = [
        {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": line}]}
        for line in _short(digest.text).splitlines()
    ]
    head = {"type": "TextRun", "text": digest.title, "weight": "Bolder", "size": "Large"}
    body: list[dict[str, Any]] = [{"type": "RichTextBlock", "inlines": [head]}, *lines]
    if digest.facts:
        facts = [{"title": name, "value": value} for name, value in digest.facts]
        body.append({"type": "FactSet", "facts": facts})
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
    }
    kind = "application/vnd.microsoft.card.adaptive"
    return {
        "type": "message",
        "attachments": [{"contentType": kind, "contentUrl": None, "content": card}],
    }


def _google_chat(digest: Digest) -> Any:
    """Text; `<users/all>` would be a mention there and `<address|text>` a link."""
    text = _short(f"{digest.title}\n{digest.text}")
    return {"text": text.replace("<", "‹").replace(">", "›")}


def _text(value: Any) -> str:
    return "\n".join(value) if isinstance(value, (list, tuple)) else str(value)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


SHAPES: dict[str, Callable[[Digest], Any]] = {
    "json": _json,
    "teams": _teams,
    "google-chat": _google_chat,
}
