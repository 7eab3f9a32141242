"""A table of raw values → the settings dataclass that a plugin (or burn) declared, typed by pydantic."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Generic, TypeVar, Union, get_args, get_origin, get_type_hints

from burn.api import BurnError, PluginError, UsageError
from burn.config import redact
from burn.config.layers import Tree, Value, origin
from burn.text.secrets import HIDDEN, conceal, conceal_in_urls, scrub

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Entry:
    """One setting as `burn config show` lists it; the value is already redacted."""

    key: str
    value: Any
    origin: str
    help: str
    secret: bool


@dataclass(frozen=True, slots=True)
class Table(Generic[T]):
    """A settings object and how each of its values came about.

    Attributes:
        stated: what is set to another value than the default, `key=value`, without secrets and
            without the folder that a file lies in: the same on every machine.
    """

    settings: T
    entries: tuple[Entry, ...]
    stated: tuple[str, ...] = ()


def build(cls: type[T], tree: Tree, path: str) -> Table[T]:
    """Make the settings object.

    Args:
        cls: a dataclass with fields from `burn.api.setting`.
        tree: the merged values under `path`.
        path: the table's name in burn.toml, e.g. `provider.x`.

    Raises:
        UsageError: an unknown key, or a value of the wrong kind: names key, value and origin.
        PluginError: the dataclass itself cannot be used.
    """
    known: dict[str, Field[Any]] = {field.name: field for field in fields(cls)}  # type: ignore[arg-type]
    for key, value in tree.items():
        if key not in known:
            _unknown(f"{path}.{key}", origin(value), path, list(known))
    try:
        hints = get_type_hints(cls)
    except (NameError, TypeError) as error:
        raise PluginError(
            f"settings of `{path}` have a type that cannot be read: {error}"
        ) from error
    values: dict[str, Any] = {}
    for name, field in known.items():
        if name in tree:
            secret = bool(field.metadata.get("secret"))
            values[name] = _coerce(tree[name], hints[name], f"{path}.{name}", field)
            note = conceal if secret else conceal_in_urls
            note(values[name])
        elif field.default is MISSING and field.default_factory is MISSING:
            raise UsageError(f"setting `{path}.{name}` is missing", hint=field.metadata.get("help"))
    try:
        settings = cls(**values)
    except BurnError:
        raise
    except (TypeError, ValueError) as error:
        raise UsageError(f"settings `{path}` do not fit together: {error}") from error
    entries = tuple(
        Entry(
            key=f"{path}.{name}",
            value=redact.shown(getattr(settings, name), secret=bool(field.metadata.get("secret"))),
            origin=origin(tree[name]) if name in tree else "default",
            help=str(field.metadata.get("help", "")),
            secret=bool(field.metadata.get("secret")),
        )
        for name, field in known.items()
    )
    stated = tuple(
        f"{path}.{name}={_as_written(tree[name], getattr(settings, name))}"
        for name, field in sorted(known.items())
        if name in tree and not field.metadata.get("secret")
        if getattr(settings, name) != _default(field)
    )
    return Table(settings, entries, stated)


def _default(field: Field[Any]) -> Any:
    return field.default_factory() if field.default_factory is not MISSING else field.default


def _as_written(value: Value | Tree, made: Any) -> str:
    written = value.written if isinstance(value, Value) else None
    return scrub(repr(made if written is None else written))


def _coerce(value: Value | Tree, hint: Any, key: str, field: Field[Any]) -> Any:
    from pydantic import ConfigDict, PydanticUserError, TypeAdapter, ValidationError

    raw = _raw(value, hint)
    try:
        # `accounts = [123456789012]` in TOML means text to whoever asks for text.
        adapter = TypeAdapter(hint, config=ConfigDict(coerce_numbers_to_str=True))
    except PydanticUserError:  # a dataclass brings its own config
        adapter = TypeAdapter(hint)
    except Exception as error:
        raise PluginError(f"setting `{key}` has a type that cannot be read: {error}") from error
    try:
        return adapter.validate_python(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        secret = bool(field.metadata.get("secret"))
        where = "".join(f"[{part}]" for part in first["loc"])
        shown = HIDDEN if secret else scrub(_plain(first["input"]))
        what = "it is not valid" if secret else first["msg"][:1].lower() + first["msg"][1:]
        raise UsageError(
            f"`{key}{where}` is `{shown}` (from {origin(value)}): {what}",
            hint=f"{field.name}: {field.metadata.get('help', 'see the plugin')}",
        ) from None


def _raw(value: Value | Tree, hint: Any) -> Any:
    if isinstance(value, dict):
        return {key: _raw(item, _inner(hint, key)) for key, item in value.items()}
    if not (value.text and isinstance(value.raw, str)):
        return value.raw
    kind = _container(hint)
    text = value.raw.strip()
    if kind is None:
        return value.raw
    if text[:1] == ("{" if kind is dict else "["):
        try:
            return json.loads(text)
        except json.JSONDecodeError:
            return value.raw  # pydantic says that it is no list
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if kind is dict and all("=" in part for part in parts):
        return {key.strip(): item.strip() for key, _, item in (p.partition("=") for p in parts)}
    return value.raw if kind is dict else parts


def _inner(hint: Any, key: str) -> Any:
    """The type of what a table has under a key: a dataclass's field, or any value of a mapping."""
    if get_origin(hint) in (Union, UnionType):
        hint = next((arg for arg in get_args(hint) if arg is not NoneType), None)
    if is_dataclass(hint):
        return get_type_hints(hint).get(key)
    arguments = get_args(hint)
    return arguments[1] if _container(hint) is dict and len(arguments) == 2 else None


def _container(hint: Any) -> type | None:
    """Dict, list, or None for a plain value; looks through `X | None`."""
    if get_origin(hint) in (Union, UnionType):
        rest = [arg for arg in get_args(hint) if arg is not NoneType]
        return _container(rest[0]) if len(rest) == 1 else None
    base = get_origin(hint) or hint
    if not isinstance(base, type) or issubclass(base, (str, bytes)):
        return None
    if issubclass(base, Mapping):
        return dict
    return list if issubclass(base, Collection) else None


def _plain(value: object) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


def _unknown(key: str, came_from: str, path: str, known: list[str]) -> None:
    import difflib

    close = difflib.get_close_matches(key.rsplit(".", 1)[1], known, n=1)
    listed = f"`{path}` has {', '.join(known)}" if known else f"`{path}` has no settings"
    meant = f"did you mean `{path}.{close[0]}`? " if close else ""
    raise UsageError(f"unknown setting `{key}` (from {came_from})", hint=meant + listed)
