"""One value of a kubeconfig after another, each with the words for what is wrong with it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from burn.api import UsageError


def unusable(cause: str, hint: str = "") -> UsageError:
    """No way to the API can be made out."""
    return UsageError(
        f"no usable Kubernetes configuration: {cause}",
        hint=hint or "set source.kubernetes.kubeconfig and .context, or .in_cluster",
    )


@dataclass(frozen=True)
class Entry:
    """A cluster, context or user, or a table in one. Values are never shown: they may be secrets.

    Attributes:
        what: how errors call it, such as "user `admin`".
        file: the kubeconfig it stands in; its relative paths begin there.
        name: its own, if it has one.
    """

    what: str
    file: Path
    values: Mapping[str, Any] = field(repr=False)
    name: str = ""

    def text(self, key: str) -> str:
        """A string; empty if there is none.

        Raises:
            UsageError: something else stands there, here and in all that follow.
        """
        value = self.values.get(key)
        if value is None or isinstance(value, str):
            return value or ""
        raise self.wrong(key, "is not text", "put the value in quotes")

    def flag(self, key: str) -> bool:
        """A yes or no; no if there is none."""
        value = self.values.get(key)
        if value is None or isinstance(value, bool):
            return bool(value)
        raise self.wrong(key, "is neither true nor false", "write true or false, without quotes")

    def path(self, key: str) -> Path | None:
        """A file; a relative one is beside the kubeconfig."""
        value = self.text(key)
        return self.file.absolute().parent / value if value else None

    def data(self, key: str) -> bytes:
        """What `key`-data holds in base64, else the file that `key` names, else nothing."""
        value = self.text(f"{key}-data")
        if value:
            try:
                return base64.b64decode("".join(value.split()), validate=True)
            except (binascii.Error, ValueError):
                raise self.wrong(f"{key}-data", "is not base64", "copy it again") from None
        path = self.path(key)
        return read(path, f"{key} of {self.what}") if path else b""

    def table(self, key: str) -> Entry | None:
        """A table below this one."""
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, Mapping):
            raise self.wrong(key, "is no table", "see `kubectl config view`")
        return Entry(f"{key} of {self.what}", self.file, value)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings."""
        value = self.values.get(key) or []
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.wrong(key, "is no list of texts", "put each value in quotes")
        return tuple(value)

    def wrong(self, key: str, cause: str, hint: str) -> UsageError:
        """An error about one value, which names the place and not the value."""
        return unusable(f"{key} of {self.what} in {self.file} {cause}", hint)


def read(path: Path, what: str) -> bytes:
    """A file that a kubeconfig names.

    Raises:
        UsageError: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise unusable(
            f"{what}: {path}: {(error.strerror or 'cannot be read').lower()}",
            "see that the file is there and may be read",
        ) from error
