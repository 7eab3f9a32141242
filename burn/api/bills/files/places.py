"""A bill in several places: exports of different accounts, subscriptions or projects are added.

A place is a folder, a bucket or whatever else a provider reads. What two places both hold would
be counted twice, so it is refused; which of them is right, only the user knows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from burn.api.bills.files.local import Files, LocalFiles
from burn.api.errors import DataError, UsageError

if TYPE_CHECKING:
    from burn.api.bills.files.scratch import Scratch


def places(setting: str | Sequence[str], name: str) -> tuple[str, ...]:
    """The places that a setting names, in its order.

    Args:
        setting: one place, several with commas between them, a JSON array, or a list. A text that
            is a path here is one place, whatever commas it has.
        name: the setting's name, for messages.

    Raises:
        UsageError: a place is named twice, or the array cannot be read.
    """
    if isinstance(setting, str):
        text = setting.strip()
        if text.startswith("["):
            try:
                found = [str(place) for place in json.loads(text)]
            except (ValueError, RecursionError) as error:
                raise UsageError(
                    f"{name} is no array: {error}", hint='write ["first", "second"]'
                ) from error
        elif "," in text and not Path(text).expanduser().exists():
            found = text.split(",")
        else:
            found = [text]
    else:
        found = list(setting)
    listed = tuple(place.strip() for place in found if place.strip())
    twice = sorted({place for place in listed if listed.count(place) > 1})
    if twice:
        raise UsageError(f"{name} names {twice[0]} twice", hint="name each place once")
    return listed


def place(
    url: str,
    setting: str,
    scratch: Scratch,
    remote: Mapping[str, Callable[[str], Files]],
    schemes: str,
) -> Files:
    """The files of one place.

    Args:
        url: a path, a `file://` address, or a remote place.
        setting: that names it, for messages.
        scratch: for what has to be unpacked.
        remote: what a remote place begins with → how its files are opened.
        schemes: how the message goes on after "a path": `, s3://bucket/prefix/`.

    Raises:
        UsageError: it is of no kind that the provider reads.
    """
    for begins, opened in remote.items():
        if url.startswith(begins):
            return opened(url)
    if "://" in url and not url.startswith("file://"):
        raise UsageError(
            f"{setting} is `{url}`, which is no place burn knows", hint=f"use a path{schemes}"
        )
    return LocalFiles(Path(url.removeprefix("file://")).expanduser(), scratch, setting)


def require_disjoint(held: Mapping[str, Iterable[tuple[str, str]]], name: str) -> None:
    """Stop when two places hold the same account's bill of the same month.

    Args:
        held: place → (month as `YYYY-MM`, account, subscription or project) of its lines.
        name: the setting that names the places.

    Raises:
        DataError: names the first such account, the month, both places, and how many there are.
    """
    first: dict[tuple[str, str], str] = {}
    twice: list[tuple[str, str, str, str]] = []
    for place, pairs in held.items():
        for pair in sorted(set(pairs)):
            if pair in first:
                twice.append((*pair, first[pair], place))
            else:
                first[pair] = place
    if twice:
        month, account, one, other = min(twice)
        more = f" ({len(twice)} such accounts and months)" if len(twice) > 1 else ""
        raise DataError(
            f"{account or 'an account without a name'} in {month} is in {one} and in {other}{more}:"
            " read together, it would be counted twice",
            hint=f"leave one of them out of {name}; places that are added hold different accounts",
        )
