"""A program that signs in: run as the kubeconfig says, never through a shell, as kubectl runs it."""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from burn.api import AccessError, conceal
from burn.builtin.metrics.kubernetes.access.credentials import Signature, bearer
from burn.builtin.metrics.kubernetes.access.endpoint import Endpoint
from burn.builtin.metrics.kubernetes.access.entry import Entry
from burn.builtin.metrics.kubernetes.access.tls import Certificate

_GROUP = "client.authentication.k8s.io/"
_VERSIONS = ("v1", "v1beta1", "v1alpha1")
_MODES = ("Never", "IfAvailable", "Always")


class ExecPlugin:
    """See `Credential`. The program runs when its credential is first needed, has expired or was refused.

    What it prints is not shown: it may hold the credential. Only at a terminal, when it may ask a person
    something, its standard error goes to that terminal, and nowhere else.
    """

    def __init__(self, plugin: Entry, endpoint: Endpoint, timeout: float) -> None:
        self._plugin = plugin
        self._endpoint = endpoint
        self._timeout = timeout
        self._version = plugin.text("apiVersion")
        if self._version not in [_GROUP + version for version in _VERSIONS]:
            hint = f"write {_GROUP}v1, if the program knows it"
            raise plugin.wrong("apiVersion", "is not one that burn knows", hint)
        self._mode = plugin.text("interactiveMode")
        if not self._mode and not self._version.endswith("/v1"):
            self._mode = "IfAvailable"
        if self._mode not in _MODES:
            raise plugin.wrong(
                "interactiveMode", f"is none of {', '.join(_MODES)}", "write one of them"
            )
        self._command = _command(plugin)
        self._env = dict(_env(plugin))
        self._status: dict[str, Any] = {}
        self._expires: datetime | None = None

    def signature(self) -> Signature:
        """See `Credential`."""
        status = self._credential()
        token, key = status.get("token"), status.get("clientKeyData")
        what = self._plugin.what
        return Signature(
            bearer(token, f"token of {what}") if token else "",
            Certificate(
                f"certificate of {what}", status["clientCertificateData"].encode(), key.encode()
            )
            if key
            else None,
        )

    def renew(self) -> bool:
        """See `Credential`."""
        before, self._status = self._status, {}
        return self._credential() != before

    def _credential(self) -> dict[str, Any]:
        if not self._status or (self._expires and datetime.now(UTC) > self._expires):
            self._status, self._expires = self._read(self._run())
        return self._status

    def _run(self) -> bytes:
        """What the program writes to its standard output.

        Raises:
            AccessError: it cannot be started, fails, or takes too long.
        """
        interactive = self._interactive()
        # A program that asks nobody has a group of its own, so that it ends with all it started.
        process = self._started(interactive)
        try:
            said, _ = process.communicate(timeout=None if interactive else self._timeout)
        except subprocess.TimeoutExpired:
            raise self._failed(
                f"does not answer within {self._timeout:g} s", "raise source.kubernetes.timeout"
            ) from None
        finally:
            if process.poll() is None:
                _end(process, group=not interactive)
        if process.returncode:
            raise self._failed(f"ends with exit code {process.returncode}", self._by_hand)
        return said

    def _started(self, interactive: bool) -> subprocess.Popen[bytes]:
        spec: dict[str, Any] = {"interactive": interactive}
        if self._plugin.flag("provideClusterInfo"):
            spec["cluster"] = _cluster(self._endpoint)
        info = {"apiVersion": self._version, "kind": "ExecCredential", "spec": spec}
        try:
            return subprocess.Popen(  # noqa: S603
                self._command,
                env={**os.environ, **self._env, "KUBERNETES_EXEC_INFO": json.dumps(info)},
                stdin=None if interactive else subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=None if interactive else subprocess.DEVNULL,
                start_new_session=not interactive,
            )
        except (OSError, ValueError) as error:
            cause = getattr(error, "strerror", None) or "its arguments cannot be passed on"
            raise self._failed(f"cannot be started: {cause.lower()}", self._install) from None

    def _interactive(self) -> bool:
        """Whether a person is there whom the program may ask."""
        streams = (sys.__stdin__, sys.__stderr__)
        person = all(one is not None and not one.closed and one.isatty() for one in streams)
        if self._mode == "Always" and not person:
            raise self._failed(
                "asks a person, and there is no terminal", "sign in at a terminal first"
            )
        return person and self._mode != "Never"

    def _read(self, said: bytes) -> tuple[dict[str, Any], datetime | None]:
        """Its answer: the credential, and when that expires."""
        try:
            answer = json.loads(said)
            version, status = answer["apiVersion"], dict(answer["status"])
        except (ValueError, KeyError, TypeError, RecursionError):
            raise self._failed("answers with no ExecCredential", self._by_hand) from None
        if version != self._version:
            raise self._failed(f"answers in another version than {self._version}", self._by_hand)
        names = ("token", "clientCertificateData", "clientKeyData")
        known = {name: status[name] for name in names if status.get(name)}
        conceal(list(known.values()))
        if not all(isinstance(value, str) for value in known.values()):
            raise self._failed("answers with a credential that is no text", self._by_hand)
        if not known or ("clientKeyData" in known) != ("clientCertificateData" in known):
            cause = "answers with neither a token nor a certificate and its key"
            raise self._failed(cause, self._by_hand)
        return known, self._moment(status.get("expirationTimestamp"))

    def _moment(self, text: Any) -> datetime | None:
        if not text:
            return None
        try:
            moment = datetime.fromisoformat(text)
        except (TypeError, ValueError):
            raise self._failed(
                "answers with an expirationTimestamp that is none", self._by_hand
            ) from None
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    @property
    def _by_hand(self) -> str:
        return (
            f"run it by hand as {self._plugin.what} in {self._plugin.file} says: burn does not show"
            " what it prints, which may hold credentials"
        )

    @property
    def _install(self) -> str:
        told = self._plugin.text("installHint")
        return (
            told or f"install it, or correct command of {self._plugin.what} in {self._plugin.file}"
        )

    def _failed(self, cause: str, hint: str) -> AccessError:
        name = self._plugin.text("command")
        return AccessError(
            f"the exec plugin `{name}` for {self._endpoint.server} {cause}", hint=hint
        )


def _command(plugin: Entry) -> list[str]:
    """The program and its arguments; one with a slash in it is beside the kubeconfig."""
    command = plugin.text("command")
    if not command:
        raise plugin.wrong("command", "is missing", "name the program that signs in")
    if os.sep in command:
        command = str(plugin.path("command"))
    # Looked up in our own PATH, as kubectl does, whatever PATH the program is given.
    return [shutil.which(command) or command, *plugin.texts("args")]


def _env(plugin: Entry) -> list[tuple[str, str]]:
    rows = plugin.values.get("env") or []
    try:
        pairs = [(row["name"], row["value"]) for row in rows]
    except (KeyError, TypeError):
        pairs = [("", "")]
    if not all(isinstance(name, str) and name and isinstance(value, str) for name, value in pairs):
        raise plugin.wrong("env", "has an entry without a name or value", "put values in quotes")
    return pairs


def _cluster(endpoint: Endpoint) -> dict[str, Any]:
    """What a program is told of the cluster; what is not so is left out."""
    told = {
        "server": endpoint.server,
        "tls-server-name": endpoint.server_name,
        "insecure-skip-tls-verify": endpoint.insecure,
        "certificate-authority-data": base64.b64encode(endpoint.authority).decode(),
        "proxy-url": endpoint.proxy,
        "disable-compression": not endpoint.compress,
        "config": endpoint.for_plugins,
    }
    return {key: value for key, value in told.items() if value}


def _end(process: subprocess.Popen[bytes], *, group: bool) -> None:
    if group and hasattr(os, "killpg"):
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    if process.stdout:
        process.stdout.close()
    process.wait()
