"""Lists of the Kubernetes API, page by page, as plain JSON objects."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self

from burn.api import AccessError
from burn.builtin.metrics.common.http import tls_failure, wait
from burn.builtin.metrics.kubernetes.access.connection import Connection

if TYPE_CHECKING:
    import httpx

    from burn.builtin.metrics.common.meter import Meter
    from burn.builtin.metrics.kubernetes.settings import KubernetesSettings

LISTS = {
    "nodes": "/api/v1/nodes",
    "pods": "/api/v1/pods",
    "persistentvolumes": "/api/v1/persistentvolumes",
    "services": "/api/v1/services",
    "namespaces": "/api/v1/namespaces",
    "ingresses": "/apis/networking.k8s.io/v1/ingresses",
    "replicasets": "/apis/apps/v1/replicasets",
    "jobs": "/apis/batch/v1/jobs",
    "deployments": "/apis/apps/v1/deployments",
    "statefulsets": "/apis/apps/v1/statefulsets",
    "daemonsets": "/apis/apps/v1/daemonsets",
    "poddisruptionbudgets": "/apis/policy/v1/poddisruptionbudgets",
    "horizontalpodautoscalers": "/apis/autoscaling/v2/horizontalpodautoscalers",
    "gateways": "/apis/gateway.networking.k8s.io/v1/gateways",
}
"""Kind → where its list over all namespaces is."""
ADDED = ("gateways",)
"""Kinds that a cluster has only where somebody installed them: without its list there is none."""

ATTEMPTS = 5
"""How often a page is asked for, and how often a list is begun."""

_OK, _ABSENT, _EXPIRED = 200, 404, 410
_BUSY = (429, 502, 503, 504)


class _ExpiredError(AccessError):
    """The pages of a list no longer belong together."""


class AbsentError(AccessError):
    """The API has no such list: the kind is not installed."""


class KubernetesClient:
    """Reads lists; never writes. `sleep` is how it waits between tries."""

    def __init__(
        self,
        settings: KubernetesSettings,
        meter: Meter,
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._connection = Connection(settings)
        self._settings = settings
        self._meter = meter
        self._sleep = sleep
        self.host = self._connection.endpoint.server

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def objects(self, kind: str) -> list[dict[str, Any]]:
        """All objects of a kind in LISTS, as they were at one moment.

        A list that expires between two pages is begun again, in larger pages: half a list, or two
        halves of two moments, are never returned.

        Raises:
            AccessError: the server cannot be reached, or the list may not be read.
            AbsentError: a kind in ADDED is not installed.
        """
        size = self._settings.page_size
        for _ in range(ATTEMPTS - 1):
            try:
                return self._whole(kind, size)
            except _ExpiredError:
                size *= 4
        return self._whole(kind, size)

    def first(self, kind: str, limit: int) -> list[dict[str, Any]]:
        """The first objects of a kind, at most `limit`.

        Raises:
            AccessError: as `objects`.
        """
        return list(self._page(kind, "", limit).get("items") or ())

    def count(self, kind: str) -> int:
        """About how many there are, from one object."""
        page = self._page(kind, "", 1)
        rest = (page.get("metadata") or {}).get("remainingItemCount") or 0
        return len(page.get("items") or ()) + int(rest)

    def _whole(self, kind: str, size: int) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        more = ""
        while True:
            page = self._page(kind, more, size)
            found += page.get("items") or ()
            more = (page.get("metadata") or {}).get("continue") or ""
            if not more:
                return found

    def _page(self, kind: str, more: str, limit: int) -> dict[str, Any]:
        query = {"limit": str(limit), **({"continue": more} if more else {})}
        body = self._answered(kind, query)
        try:
            page = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise AccessError(
                f"{self.host} does not answer the list of {kind} with JSON", hint=self._is_it_one
            ) from error
        if not _is_list(page):
            raise AccessError(
                f"{self.host} answers the list of {kind} with something that is no list",
                hint=self._is_it_one,
            )
        self._meter.samples += len(page.get("items") or ())
        return dict(page)

    def _answered(self, kind: str, query: dict[str, str]) -> bytes:
        """The body of a list, tried again where the server is busy or drops the connection."""
        import httpx

        for tried in range(1, ATTEMPTS + 1):
            self._meter.queries += 1
            try:
                with self._connection.get(LISTS[kind], query) as answer:
                    status, after = answer.status_code, answer.headers.get("retry-after")
                    if status == _OK:
                        return self._read(answer, kind)
            except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError) as error:
                if self._connection.deadline.passed:
                    raise self._late(kind) from None
                if tried == ATTEMPTS or tls_failure(error):
                    raise self._connection.failure(error) from None
                status, after = 0, None
            except httpx.ReadTimeout:
                raise self._late(kind) from None
            except (httpx.RequestError, httpx.InvalidURL) as error:
                raise self._connection.failure(error) from None
            pause = wait(after, tried)
            if not (status in (0, *_BUSY) or (status >= 500 and after)) or (
                pause > self._settings.timeout
            ):
                break
            if tried < ATTEMPTS:
                self._sleep(pause)
        raise self._refused(kind, status)

    def _read(self, answer: httpx.Response, kind: str) -> bytes:
        """The body, in the time and of the size that one answer may have."""
        chunks, size = [], 0
        for chunk in answer.iter_bytes():
            chunks.append(chunk)
            size += len(chunk)
            if size > self._settings.largest_answer * 2**20:
                raise self._too_much(kind, f"is larger than {self._settings.largest_answer} MiB")
        if self._connection.deadline.passed:  # an answer without a length ends where it was cut
            raise self._late(kind)
        self._meter.bytes_read += size
        return b"".join(chunks)

    def _late(self, kind: str) -> AccessError:
        return self._too_much(kind, f"takes longer than {self._settings.timeout:g} s")

    def _too_much(self, kind: str, cause: str) -> AccessError:
        return AccessError(
            f"the list of {kind} from {self.host} {cause}",
            hint="lower source.kubernetes.page_size, or raise .timeout or .largest_answer",
        )

    @property
    def _is_it_one(self) -> str:
        return f"is the server of {self._connection.endpoint.named} a Kubernetes API?"

    def _refused(self, kind: str, status: int) -> AccessError:
        named = self._connection.endpoint.named
        if status in (401, 403):
            says = f"the Kubernetes API at {self.host} does not let us list {kind} (HTTP {status})"
            if status == 401 and not self._connection.endpoint.private:
                return AccessError(
                    says, hint=f"{named} is http: credentials are sent over https only"
                )
            return AccessError(
                says, hint=f"grant `list` on {kind} to the user of {named}, cluster-wide"
            )
        if status == _ABSENT and kind in ADDED:
            return AbsentError(f"the Kubernetes API at {self.host} has no {kind}")
        if status == _EXPIRED:
            return _ExpiredError(
                f"the list of {kind} changed faster than it could be read (HTTP 410)",
                hint="run again, or raise source.kubernetes.page_size",
            )
        return AccessError(
            f"the Kubernetes API at {self.host} answers the list of {kind} with HTTP {status}",
            hint="see that the API server is up, then run again",
        )


def _is_list(page: Any) -> bool:
    if not isinstance(page, dict) or not isinstance(page.get("metadata") or {}, dict):
        return False
    items = page.get("items")
    return items is None or (isinstance(items, list) and all(isinstance(i, dict) for i in items))
