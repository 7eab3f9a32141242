"""Secrets of this process, so that no message, listing or traceback shows one."""

from __future__ import annotations

import re
from typing import Any

HIDDEN = "<redacted>"
# A container is named like a user in abfss://container@account: no colon, no web address.
_USERINFO = re.compile(
    r"((?:https?://(?=[^\s/@]+@))|(?:[a-z][a-z0-9+.-]*://(?=[^\s/@]*:[^\s/@]*@)))([^\s/@]+)@",
    re.IGNORECASE,
)
# What signs a URL: Azure's SAS, S3's and Google's presigned queries, plain tokens.
_SIGNED = re.compile(
    r"([?&](?:sig|signature|x-(?:amz|goog)-(?:signature|security-token|credential)|"
    r"[a-z_-]*(?:token|secret|password|api[_-]?key))=)([^&\s'\"`]+)",
    re.IGNORECASE,
)
_SHORTEST = 4  # replacing every "a" in a message hides nothing and spoils the message
_known: set[str] = set()


def remember(value: object) -> None:
    """Note every text in a secret setting's value."""
    if isinstance(value, dict):
        for item in value.values():
            remember(item)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for item in value:
            remember(item)
    elif value is not None and len(str(value)) >= _SHORTEST:
        _known.add(str(value))


def remember_urls(value: object) -> None:
    """Note what signs the URLs in a setting that is no secret: a library may quote a part."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple, set, frozenset)):
        for item in value:
            remember_urls(item)
    elif isinstance(value, str):
        for match in _SIGNED.finditer(value):
            remember(match[2])
        for match in _USERINFO.finditer(value):
            remember(match[2].partition(":")[2])


def scrub(text: str) -> str:
    """The text without secrets that are known, and without user info and signatures in URLs."""
    for secret in sorted(_known, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return _SIGNED.sub(rf"\1{HIDDEN}", _USERINFO.sub(rf"\1{HIDDEN}@", text))


def shown(value: Any, *, secret: bool) -> Any:
    """A value as `burn config show` may print it: an unset secret stays visibly unset."""
    if secret and isinstance(value, dict):
        return dict.fromkeys(value, HIDDEN)
    if secret:
        return HIDDEN if value not in (None, "", (), []) else value
    if isinstance(value, dict):
        return {key: shown(item, secret=False) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [shown(item, secret=False) for item in value]
    return scrub(value) if isinstance(value, str) else value
