"""A commented burn.toml: tables of lines, each with why it is there."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from burn.text.clean import clean

_HEAD = """\
# Written by `burn init`. Lines that begin with # change nothing.
# `burn config show` lists every setting and where its value is from.
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One setting.

    Attributes:
        value: text, number, flag, or a list or table of text.
        why: where the value is from, or what it is for.
        on: False: written as a comment.
    """

    key: str
    value: Any
    why: str = ""
    on: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """`[name]` and its lines; a comment as a whole if none of them is on."""

    name: str
    lines: Sequence[Line]


def toml(tables: Sequence[Table]) -> str:
    """The file's text; it reads back as it was meant.

    Raises:
        ValueError: it would not be TOML.
    """
    text = "\n".join([_HEAD, *(_table(one) for one in tables)])
    tomllib.loads(text)
    return text


def _table(table: Table) -> str:
    head = f"[{table.name}]"
    lines = [head if any(line.on for line in table.lines) else f"# {head}"]
    for line in table.lines:
        said = f"{line.key} = {_value(line.value)}"
        lines += [f"# {clean(line.why)}"] if line.why else []
        lines.append(said if line.on else f"# {said}")
    return "\n".join(lines) + "\n"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_value(one) for one in value)}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{_value(str(k))} = {_value(v)}' for k, v in value.items())} }}"
    # JSON's escapes are TOML's; DEL alone is one that JSON leaves as it is.
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
