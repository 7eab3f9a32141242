"""The only file that touches the Kubernetes client: lists, page by page, as plain JSON objects."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Self

from burn.api import AccessError, UsageError

if TYPE_CHECKING:
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
}
"""Kind → where its list over all namespaces is."""


OK = 200


class KubernetesClient:
    """Reads lists; never writes."""

    def __init__(self, settings: KubernetesSettings, meter: Meter) -> None:
        self._api = _connect(settings)
        self._settings = settings
        self._meter = meter
        self.host = str(self._api.configuration.host)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._api.close()
        self._api.rest_client.pool_manager.clear()

    def objects(self, kind: str) -> Iterator[dict[str, Any]]:
        """All objects of a kind in LISTS, over all pages.

        A list that expires between two pages is begun again by the caller's next run: half a list
        is never returned.

        Raises:
            AccessError: the server cannot be reached, or the list may not be read.
        """
        page = self._page(kind, "")
        while True:
            yield from page.get("items") or ()
            more = (page.get("metadata") or {}).get("continue", "")
            if not more:
                return
            page = self._page(kind, more)

    def count(self, kind: str) -> int:
        """About how many there are, from one object."""
        page = self._page(kind, "", limit=1)
        rest = (page.get("metadata") or {}).get("remainingItemCount") or 0
        return len(page.get("items") or ()) + int(rest)

    def _page(self, kind: str, more: str, limit: int | None = None) -> dict[str, Any]:
        from urllib3.exceptions import HTTPError

        options = {"limit": str(limit or self._settings.page_size)}
        if more:
            options["continue"] = more
        self._meter.queries += 1
        try:
            response = self._get(LISTS[kind], options)
            if response.status != OK:
                response.close()
                raise _refused(kind, self.host, response.status)
            body = self._read(response, kind)
        except HTTPError as error:
            raise _unreachable(self.host, error) from error
        self._meter.bytes_read += len(body)
        try:
            page = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise AccessError(
                f"{self.host} does not answer the list of {kind} with JSON",
                hint="is the kubeconfig's server a Kubernetes API?",
            ) from error
        if not _is_list(page):
            raise AccessError(
                f"{self.host} answers the list of {kind} with something that is no list",
                hint="is the kubeconfig's server a Kubernetes API?",
            )
        self._meter.samples += len(page.get("items") or ())
        return dict(page)

    def _get(self, path: str, options: dict[str, str]) -> Any:
        """The answer, through the client's own pool: its models would cost a second to import."""
        configuration = self._api.configuration
        auth = configuration.auth_settings().values()
        told = {one["key"]: one["value"] for one in auth if one["in"] == "header"}
        return self._api.rest_client.pool_manager.request(
            "GET",
            f"{self.host}{path}",
            fields=options,
            headers={**self._api.default_headers, **told, "accept": "application/json"},
            preload_content=False,
            redirect=False,
            timeout=self._settings.timeout,
        )

    def _read(self, response: Any, kind: str) -> bytes:
        """The body, in the time and of the size that one answer may have."""
        begun, limit = time.monotonic(), self._settings.largest_answer * 2**20
        chunks, size = [], 0
        while chunk := response.read1(2**16):
            chunks.append(chunk)
            size += len(chunk)
            late = time.monotonic() - begun > self._settings.timeout
            if late or size > limit:
                response.close()
                cause = (
                    f"takes longer than {self._settings.timeout:g} s"
                    if late
                    else f"is larger than {self._settings.largest_answer} MiB"
                )
                raise AccessError(
                    f"the list of {kind} from {self.host} {cause}",
                    hint="lower source.kubernetes.page_size, or raise .timeout or .largest_answer",
                )
        return b"".join(chunks)


def _connect(settings: KubernetesSettings) -> Any:
    from kubernetes import client, config

    try:
        if settings.in_cluster:
            configuration = client.Configuration()
            config.load_incluster_config(client_configuration=configuration)  # type: ignore[no-untyped-call]
            return client.ApiClient(configuration)
        return config.new_client_from_config(  # type: ignore[no-untyped-call]
            config_file=settings.kubeconfig or None, context=settings.context or None
        )
    except (config.ConfigException, OSError) as error:
        raise UsageError(
            f"no usable Kubernetes configuration: {error}",
            hint="set source.kubernetes.kubeconfig and .context, or .in_cluster",
        ) from error


def _is_list(page: Any) -> bool:
    if not isinstance(page, dict) or not isinstance(page.get("metadata") or {}, dict):
        return False
    items = page.get("items")
    return items is None or (isinstance(items, list) and all(isinstance(i, dict) for i in items))


def _unreachable(host: str, error: Any) -> AccessError:
    """Why there is no connection: the client wraps the cause in a count of its tries."""
    from urllib3.exceptions import SSLError

    cause = getattr(error, "reason", None) or error
    if isinstance(cause, SSLError):
        said = cause.args[0] if cause.args else cause
        words = getattr(said, "verify_message", "") or getattr(said, "reason", "") or str(said)
        return AccessError(
            f"no TLS with the Kubernetes API at {host}: {words}",
            hint="check certificate-authority-data of the kubeconfig's cluster, and that its server"
            " is the name in the certificate",
        )
    return AccessError(
        f"the Kubernetes API at {host} cannot be reached: {type(cause).__name__}",
        hint="check the kubeconfig's server and your network",
    )


def _refused(kind: str, host: str, status: int) -> AccessError:
    if status in (401, 403):
        return AccessError(
            f"the Kubernetes API at {host} does not let us list {kind} (HTTP {status})",
            hint=f"grant `list` on {kind} to this user, cluster-wide",
        )
    if status == 410:
        return AccessError(
            f"the list of {kind} changed faster than it could be read (HTTP 410)",
            hint="run again, or raise source.kubernetes.page_size",
        )
    return AccessError(
        f"the Kubernetes API at {host} answers the list of {kind} with HTTP {status}",
        hint="see that the API server is up, then run again",
    )
