"""Cloud Storage's JSON API over a folder, as much as pyarrow asks of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from json import dumps
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


@contextmanager
def storage(folder: Path, bucket: str = "billing", *, refuse: int = 0) -> Iterator[str]:
    """Serve the files below a folder as a bucket; yields the URL.

    Args:
        folder: what is in the bucket.
        bucket: its name.
        refuse: the HTTP status that every call gets; 0: none.
    """

    def described(path: Path) -> dict[str, Any]:
        name = path.relative_to(folder).as_posix()
        stat = path.stat()
        return {
            "kind": "storage#object",
            "bucket": bucket,
            "name": name,
            "size": str(stat.st_size),
            "generation": str(stat.st_mtime_ns // 1000),
            "updated": "2026-11-01T00:00:00.000Z",
        }

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            split = urlsplit(self.path)
            query = {key: values[-1] for key, values in parse_qs(split.query).items()}
            if refuse:
                no = {"error": {"code": refuse, "message": "no"}}
                return self.send(refuse, dumps(no).encode())
            _, _, rest = split.path.partition(f"/b/{bucket}")
            if rest == "/o":
                found = [p for p in sorted(folder.rglob("*")) if p.is_file()]
                items = [described(p) for p in found]
                items = [one for one in items if one["name"].startswith(query.get("prefix", ""))]
                return self.send(200, dumps({"kind": "storage#objects", "items": items}).encode())
            name = unquote(rest.removeprefix("/o/")) if rest else unquote(split.path)
            name = name.removeprefix(f"/{bucket}/")
            path = folder / name
            if not path.is_file():
                return self.send(404, dumps({"error": {"code": 404, "message": "gone"}}).encode())
            if query.get("alt") == "media" or not rest:
                return self.send(200, path.read_bytes())
            return self.send(200, dumps(described(path)).encode())

        def send(self, status: int, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
