"""A tiny Kubernetes API: JSON lists in pages, over real HTTP or HTTPS on the loopback."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.servers.loopback import listening

TOKEN = "kube-t0ken"


@dataclass(frozen=True)
class Caller:
    """Who asked: headers in the order they came, and the name in the certificate."""

    authorization: str
    acting_as: tuple[tuple[str, str], ...]
    certificate: str


Fault = Callable[[str, Mapping[str, str]], tuple[int, dict[str, str]] | None]


@dataclass
class Api:
    """Path → items. `refuse` holds path → status for lists that may not be read.

    `lets_in` decides who may ask; `fault` may answer a path and its query with a status and headers.
    """

    lists: dict[str, list[dict[str, Any]]]
    refuse: dict[str, int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    callers: list[Caller] = field(default_factory=list)
    kubeconfig: Path = Path()
    url: str = ""
    lets_in: Callable[[Caller], bool] = lambda caller: caller.authorization == f"Bearer {TOKEN}"
    fault: Fault = lambda _path, _query: None


@contextmanager
def serve(api: Api, folder: Path, tls: ssl.SSLContext | None = None) -> Iterator[Api]:
    """Run it, with a kubeconfig in `folder` that points there."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # one packet an answer, not one a header

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {key: values[0] for key, values in parse_qs(parts.query).items()}
            caller = self._caller()
            api.asked.append(self.path)
            api.callers.append(caller)
            status, headers = api.fault(parts.path, query) or (200, {})
            status = status if api.lets_in(caller) else 401
            status = api.refuse.get(parts.path, status)
            start, limit = int(query.get("continue", "0")), int(query.get("limit", "500"))
            items = api.lists.get(parts.path, [])
            rest = len(items) - start - limit
            meta = {"continue": str(start + limit), "remainingItemCount": rest} if rest > 0 else {}
            page = {"metadata": meta, "items": items[start : start + limit]}
            body = json.dumps(
                page if status == 200 else {"kind": "Status", "code": status}
            ).encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            self.wfile.flush()

        def _caller(self) -> Caller:
            shown = (
                self.connection.getpeercert() if isinstance(self.connection, ssl.SSLSocket) else {}
            )
            names: Any = [pair for group in (shown or {}).get("subject", ()) for pair in group]
            return Caller(
                self.headers.get("authorization", ""),
                tuple(pair for pair in self.headers.items() if pair[0].startswith("Impersonate")),
                dict(names).get("commonName", ""),
            )

        def log_message(self, *_: object) -> None:
            pass

    with listening(Handler, tls) as api.url:
        api.kubeconfig = folder / "kubeconfig"
        api.kubeconfig.write_text(config(api.url), encoding="utf-8")
        yield api


def config(
    url: str, cluster: Mapping[str, Any] | None = None, user: Mapping[str, Any] | None = None
) -> str:
    """A kubeconfig that points to a server, with a token unless a user is given."""
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "test",
            "clusters": [{"name": "c", "cluster": {"server": url, **(cluster or {})}}],
            "users": [{"name": "u", "user": {"token": TOKEN} if user is None else user}],
            "contexts": [{"name": "test", "context": {"cluster": "c", "user": "u"}}],
        }
    )
