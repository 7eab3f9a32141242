"""What a downloaded copy is a copy of: messages name the object, and not where it is kept."""

from __future__ import annotations

from pathlib import Path

_NAMES: dict[str, str] = {}


def remember(path: Path, name: str) -> Path:
    """The path, of which messages say the name from now on: the object's address."""
    _NAMES[str(path)] = name
    return path


def name_of(path: Path) -> str:
    """What messages call a file."""
    return _NAMES.get(str(path), str(path))


def renamed(text: str) -> str:
    """An engine's message, with the objects' addresses in place of their copies' paths."""
    for path, name in _NAMES.items():
        text = text.replace(path, name)
    return text
