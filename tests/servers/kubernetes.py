"""A tiny Kubernetes API: JSON lists in pages, over real HTTP on the loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.servers.loopback import listening

TOKEN = "kube-t0ken"


@dataclass
class Api:
    """Path → items. `refuse` holds path → status for lists that may not be read."""

    lists: dict[str, list[dict[str, Any]]]
    refuse: dict[str, int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    kubeconfig: Path = Path()


@contextmanager
def serve(api: Api, folder: Path) -> Iterator[Api]:
    """Run it, with a kubeconfig in `folder` that points there."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = parse_qs(parts.query)
            api.asked.append(self.path)
            status = 200 if self.headers.get("authorization") == f"Bearer {TOKEN}" else 401
            status = api.refuse.get(parts.path, status)
            start, limit = int(query.get("continue", ["0"])[0]), int(query["limit"][0])
            items = api.lists.get(parts.path, [])
            rest = len(items) - start - limit
            meta = {"continue": str(start + limit), "remainingItemCount": rest} if rest > 0 else {}
            page = {"metadata": meta, "items": items[start : start + limit]}
            body = json.dumps(
                page if status == 200 else {"kind": "Status", "code": status}
            ).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with listening(Handler) as url:
        api.kubeconfig = folder / "kubeconfig"
        api.kubeconfig.write_text(config(url), encoding="utf-8")
        yield api


def config(url: str) -> str:
    """A kubeconfig that points to a server."""
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "test",
            "clusters": [{"name": "c", "cluster": {"server": url}}],
            "users": [{"name": "u", "user": {"token": TOKEN}}],
            "contexts": [{"name": "test", "context": {"cluster": "c", "user": "u"}}],
        }
    )
