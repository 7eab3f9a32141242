"""Secrets of this process: what was told here is shown nowhere, in no form that libraries print.

A plugin whose secret is no setting marked `secret` (a token read from a file, credentials of an
SDK) tells burn of it with `conceal`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

HIDDEN = "<redacted>"
_SHORTEST = 4  # replacing every "a" in a message hides nothing and spoils the message
_SHORTEST_BASE64 = 8
# A container is named like a user in abfss://container@account: no colon, no web address.
_USERINFO = re.compile(
    r"((?:https?://(?=[^\s/@]+@))|(?:[a-z][a-z0-9+.-]*://(?=[^\s/@]*:[^\s/@]*@)))([^\s/@]+)@",
    re.IGNORECASE,
)
# What signs a URL: Azure's SAS, S3's and Google's presigned queries, plain tokens and keys.
_SIGNED = re.compile(
    r"([?&](?:sig|signature|x-(?:amz|goog)-(?:signature|security-token|credential)|"
    r"key|auth|authorization|access|pass|pwd|code|"
    r"[a-z_-]*(?:token|secret|passwd|password|api[_-]?key|access[_-]?key))=)([^&\s'\"`]+)",
    re.IGNORECASE,
)
# A token has a digit or padding in it; the word in "basic authentication" has none.
_BEARER = re.compile(
    r"\b(bearer|basic)(\s+)(?=[^\s]*[0-9=])([A-Za-z0-9._~+/=-]{8,})", re.IGNORECASE
)
_WEB_USER = re.compile(
    r"^(?:https?://)?[^\s/@:]*:(?!//)(?P<password>[^@\s]*(?:@[^@\s]*)*)@[^@\s]*$"
)
_known: dict[str, None] = {}


def conceal(value: object) -> None:
    """Never show this text again, nor any text in this container."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple, set, frozenset)):
        for item in value:
            conceal(item)
    elif isinstance(value, bytes):
        conceal(value.decode("utf-8", "replace"))
    elif value is not None:
        _known.update(dict.fromkeys(_forms(str(value))))


def conceal_in_urls(value: object) -> None:
    """Never show what signs the URLs in a setting that is no secret: a library may quote a part."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple, set, frozenset)):
        for item in value:
            conceal_in_urls(item)
    elif isinstance(value, str):
        for match in _SIGNED.finditer(value):
            conceal(match[2])
        for match in _USERINFO.finditer(value):
            conceal(match[2].partition(":")[2])
        # A password with a slash in it, and an address without its scheme, are no URL to a parser.
        if user := _WEB_USER.match(value.strip()):
            conceal(user["password"])
            conceal(re.split("[/?#]", user["password"]))


def scrub(text: str) -> str:
    """The text without secrets that are known, and without what signs in or signs a URL."""
    for secret in sorted(_known, key=len, reverse=True):
        if secret in text:
            text = text.replace(secret, HIDDEN)
    text = _SIGNED.sub(rf"\1{HIDDEN}", _USERINFO.sub(rf"\1{HIDDEN}@", text))
    return _BEARER.sub(rf"\1\2{HIDDEN}", text)


def _forms(secret: str) -> Iterator[str]:
    """A secret as it is, without its line breaks, quoted, escaped and in base64."""
    import json
    from urllib.parse import quote, quote_plus

    for piece in dict.fromkeys([secret, secret.strip(), *map(str.strip, secret.splitlines())]):
        if len(piece) < _SHORTEST:
            continue
        yield piece
        yield repr(piece)[1:-1]
        yield json.dumps(piece)[1:-1]
        yield quote(piece)
        yield quote(piece, safe="")
        yield quote_plus(piece)
        yield piece.encode().hex()
        yield from _in_base64(piece.encode())


def _in_base64(secret: bytes) -> Iterator[str]:
    """How base64 of any text spells a secret in the middle of it: each of three alignments."""
    from base64 import b64encode, urlsafe_b64encode

    for before, cut in ((0, 0), (1, 2), (2, 3)):
        for encode in (b64encode, urlsafe_b64encode):
            text = encode(b"\0" * before + secret).decode().rstrip("=")
            whole = (before + len(secret)) * 8 // 6  # later digits depend on what follows
            middle = text[cut:whole]
            if len(middle) >= _SHORTEST_BASE64:
                yield middle
