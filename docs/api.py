"""docs/reference/api.md and bills.md: everything a plugin may import, from the docstrings of burn.api."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
from textwrap import dedent, indent
from typing import Any

SECTIONS = (
    ("What a plugin offers", "Spec"),
    ("What burn calls", "Protocol"),
    ("What it is asked", "Request"),
    ("Values", "value"),
    ("Errors", "error"),
    ("Functions", "function"),
)


def page() -> str:
    """The page, without its note."""
    from burn import api

    out = (
        "# API\n\n"
        "What a plugin may import from `burn.api`. [Hooks](hooks.md) say how it offers things,\n"
        "[frames](frames.md) what the frames hold, and [compatibility](../explanation/compatibility.md) what\n"
        "stays as it is. Values are made with keywords: `Check(name=…, ok=True, detail=…)`.\n"
    )
    things = {name: getattr(api, name) for name in api.__all__}
    mine = ("names", "values", "text", "problem")
    things |= {f"dimensions.{name}": getattr(api.dimensions, name) for name in mine}
    return out + _sections(things)


def bills() -> str:
    """The page of what bill readers share, without its note."""
    from burn.api import bills as shared

    out = (
        "# Reading large bills\n\n"
        "What burn's own providers build their bill readers from. A provider of yours may import all of it\n"
        "from `burn.api.bills`; it is as stable as [the rest of the API](api.md), see\n"
        "[compatibility](../explanation/compatibility.md). A bill that fits in memory needs none of it:\n"
        "[write a billing provider](../how-to/write-a-billing-provider.md) shows how.\n"
    )
    return out + _sections({name: getattr(shared, name) for name in shared.__all__})


def _sections(things: dict[str, Any]) -> str:
    out = ""
    for title, kind in SECTIONS:
        mine = [(name, thing) for name, thing in things.items() if _kind(name, thing) == kind]
        if mine:
            out += f"\n## {title}\n" + "".join(_entry(name, thing) for name, thing in mine)
    return out


def _kind(name: str, thing: Any) -> str:
    if name in ("hookimpl", "hookspec", "schemas") or not hasattr(thing, "__mro__"):
        return "function" if inspect.isfunction(thing) else ""
    if issubclass(thing, BaseException) or name == "ExitCode":
        return "error"
    if getattr(thing, "_is_protocol", False):
        return "Protocol"
    if name.endswith("Request"):
        return "Request"
    return "Spec" if name.endswith("Spec") or name == "PodBilling" else "value"


def _entry(name: str, thing: Any) -> str:
    head = f"\n### {name}\n\n"
    if inspect.isfunction(thing):
        return f"{head}```python\ndef {name}{_signature(thing)}\n```\n\n{_about(thing)}\n"
    code = _fields(thing) + _methods(thing)
    shown = f"\n\n```python\nclass {name}:\n{code.rstrip()}\n```" if code else ""
    return f"{head}{_about(thing)}{shown}\n"


def _fields(thing: Any) -> str:
    """Fields as they are written in a class; those of an error or a protocol are none."""
    if not dataclasses.is_dataclass(thing):
        return ""
    notes = _notes(thing)
    out = ""
    for field in dataclasses.fields(thing):
        if field.name.startswith("_"):
            continue
        default = ""
        if field.default is not dataclasses.MISSING:
            default = f" = {field.default!r}"
        elif field.default_factory is not dataclasses.MISSING:
            default = " = …"
        if len(default) > 40 or " at 0x" in default:
            default = " = …"
        help_ = field.metadata.get("help", "")
        note = notes.get(field.name, "") or help_
        out += f"    {field.name}: {field.type}{default}\n"
        out += indent("".join(f"# {line}\n" for line in note.splitlines()), "    " * 2)
    return out


def _methods(thing: Any) -> str:
    out = ""
    for name, method in vars(thing).items():
        made = method.__func__ if isinstance(method, classmethod) else method
        if name.startswith("_") or not inspect.isfunction(made):
            continue
        about = indent(inspect.cleandoc(made.__doc__ or ""), " " * 8 + "# ", lambda _: True)
        about = re.sub(r"# $", "#", about, flags=re.M)
        out += f"\n    def {name}{_signature(made)}\n{about}\n"
    return out


def _signature(function: Any) -> str:
    text = str(inspect.signature(function)).replace("'", "")
    return re.sub(r"<function (\w+) at 0x\w+>", r"\1", text)


def _about(thing: Any) -> str:
    """The docstring; what follows a heading with a colon is shown as it is written."""
    text = inspect.cleandoc(thing.__doc__ or "")
    parts = re.split(r"^(?=(?:Attributes|Args|Returns|Raises):)", text, maxsplit=1, flags=re.M)
    first, rest = parts[0], "".join(parts[1:])
    first = re.sub(
        r"\n\n((?: {4}.*\n?)+)", lambda m: f"\n\n```text\n{dedent(m[1]).rstrip()}\n```\n", first
    )
    return first.strip() + (f"\n\n```text\n{rest.strip()}\n```" if rest else "")


def _notes(thing: Any) -> dict[str, str]:
    """Field → the string that stands below it."""
    body = ast.parse(dedent(inspect.getsource(thing))).body[0]
    assert isinstance(body, ast.ClassDef)  # noqa: S101
    found: dict[str, str] = {}
    for before, after in zip(body.body, body.body[1:], strict=False):
        text = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
        if text and isinstance(before, ast.AnnAssign) and isinstance(before.target, ast.Name):
            found[before.target.id] = inspect.cleandoc(str(after.value.value))  # type: ignore[attr-defined]
    return found
