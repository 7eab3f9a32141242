"""Cloud Storage's JSON API over a folder, as much as pyarrow asks of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from json import dumps
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.servers.loopback import listening

READER = frozenset({"storage.objects.get", "storage.objects.list"})


@contextmanager
def storage(
    folder: Path, bucket: str = "billing", *, refuse: int = 0, allowed: Collection[str] = READER
) -> Iterator[str]:
    """Serve the files below a folder as a bucket; yields the URL.

    Args:
        folder: what is in the bucket.
        bucket: its name.
        refuse: the HTTP status that every call gets; 0: none.
        allowed: permissions of whoever calls; to write over an object takes `delete`, too.
    """
    uploads: dict[str, str] = {}

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
            if self.refused("list" if rest == "/o" else "get"):
                return None
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
                return self.send_part(path.read_bytes())
            return self.send(200, dumps(described(path)).encode())

        def send_part(self, content: bytes) -> None:
            """All of it, or the range that is asked for."""
            asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range") or "")
            if asked is None:
                return self.send(200, content)
            first, last = int(asked[1]), min(int(asked[2] or len(content)), len(content) - 1)
            if first > last:
                return self.send(416, b"{}")
            where = f"bytes {first}-{last}/{len(content)}"
            return self.send(206, content[first : last + 1], ("Content-Range", where))

        def do_POST(self) -> None:
            """Begin an upload that is sent in pieces."""
            self.body()
            name = parse_qs(urlsplit(self.path).query)["name"][-1]
            over = {"delete"} if (folder / name).exists() else set()
            if self.refused("create", *over):
                return
            uploads[str(len(uploads))] = name
            host, number = self.headers["Host"], len(uploads) - 1
            where = f"http://{host}/upload/storage/v1/b/{bucket}/o?upload_id={number}"
            self.send(200, b"", ("Location", where))

        def do_PUT(self) -> None:
            """The last piece of an upload; pyarrow sends small files in one."""
            name = uploads[parse_qs(urlsplit(self.path).query)["upload_id"][-1]]
            content = self.body()
            sent = re.fullmatch(r"bytes (?:\*|(\d+)-\d+)/(\d+)", self.headers["Content-Range"])
            assert sent, f"in one piece: {self.headers['Content-Range']}"
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            self.send(200, dumps(described(path)).encode())

        def do_DELETE(self) -> None:
            path = folder / unquote(urlsplit(self.path).path.partition(f"/b/{bucket}/o/")[2])
            if self.refused("delete"):
                return
            there = path.is_file()
            path.unlink(missing_ok=True)
            self.send(204 if there else 404, b"" if there else b"{}")

        def body(self) -> bytes:
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))

        def refused(self, *verbs: str) -> bool:
            lacking = [
                f"storage.objects.{v}" for v in verbs if f"storage.objects.{v}" not in allowed
            ]
            if lacking:
                no = {"error": {"code": 403, "message": f"no {', '.join(lacking)} access"}}
                self.send(403, dumps(no).encode())
            return bool(lacking)

        def send(self, status: int, content: bytes, *headers: tuple[str, str]) -> None:
            self.send_response(status)
            for header in headers:
                self.send_header(*header)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    with listening(Handler) as url:
        yield url
