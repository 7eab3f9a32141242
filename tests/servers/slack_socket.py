"""Slack's end of Socket Mode on loopback: sends envelopes, and takes the time until each is acknowledged."""

from __future__ import annotations

import base64
import hashlib
import json
import socket
import struct
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


@dataclass
class SlackSocket:
    """A websocket server for one client after the other.

    Attributes:
        acked: seconds until the answer to an envelope, by its id.
    """

    acked: dict[str, float] = field(default_factory=dict)
    connected: threading.Event = field(default_factory=threading.Event)
    _sent: dict[str, float] = field(default_factory=dict)
    _client: socket.socket | None = None
    _listening: socket.socket = field(
        default_factory=lambda: socket.create_server(("127.0.0.1", 0))
    )

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self._listening.getsockname()[1]}/link"

    def start(self) -> None:
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        if self._client is not None:
            with suppress(OSError):  # it has hung up
                self._client.shutdown(socket.SHUT_RDWR)
            self._client.close()
        self._listening.close()

    def command(self, text: str, response_url: str, **more: str) -> str:
        payload = {
            "command": "/burn", "text": text, "user_id": "U0ANN", "channel_id": "C0SHOP",
            "team_id": "T000", "response_url": response_url, "trigger_id": "1.2", **more,
        }  # fmt: skip
        return self.send("slash_commands", payload)

    def press(self, value: str, action: str, response_url: str, **user: str) -> str:
        payload = {
            "type": "block_actions", "team": {"id": "T000"}, "channel": {"id": "C0SHOP"},
            "user": {"id": "U0ANN", "username": "ann", **user}, "response_url": response_url,
            "actions": [{"type": "button", "action_id": action, "block_id": "b", "value": value}],
        }  # fmt: skip
        return self.send("interactive", payload)

    def send(self, kind: str, payload: dict[str, Any]) -> str:
        name = f"e{len(self._sent)}"
        self._sent[name] = time.monotonic()
        accepts = {"envelope_id": name, "type": kind, "accepts_response_payload": True}
        self._frame(json.dumps({**accepts, "payload": payload}))
        return name

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            head = b""
            while b"\r\n\r\n" not in head:
                head += client.recv(4096)
            lines = head.decode().split("\r\n")[1:]
            headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
            digest = hashlib.sha1((headers["sec-websocket-key"] + _GUID).encode()).digest()
            accept = base64.b64encode(digest).decode()
            client.sendall(
                b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + f"Sec-WebSocket-Accept: {accept}\r\n\r\n".encode()
            )
            self._client = client
            self._frame(json.dumps({"type": "hello", "num_connections": 1}))
            self.connected.set()
            threading.Thread(target=self._read, args=(client,), daemon=True).start()

    def _frame(self, text: str) -> None:
        assert self._client
        data = text.encode()
        size = bytes([len(data)]) if len(data) < 126 else b"\x7e" + struct.pack("!H", len(data))
        self._client.sendall(b"\x81" + size + data)

    def _read(self, client: socket.socket) -> None:
        stream = client.makefile("rb")
        try:
            while head := stream.read(2):
                size = head[1] & 0x7F
                if size == 126:
                    (size,) = struct.unpack("!H", stream.read(2))
                mask, data = stream.read(4), stream.read(size)
                text = bytes(b ^ mask[i % 4] for i, b in enumerate(data))
                if head[0] & 0x0F == 1:
                    name = json.loads(text).get("envelope_id", "")
                    self.acked.setdefault(name, time.monotonic() - self._sent.get(name, 0.0))
        except (OSError, ValueError):
            return
        finally:
            stream.close()
            client.close()
