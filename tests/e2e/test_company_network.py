"""docs/how-to/company-network.md: an authority of one's own and a proxy, to every client of burn at once."""

from __future__ import annotations

import os
import subprocess
import sys
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from tests.servers.connect_proxy import connect_proxy
from tests.servers.loopback import listening

Authority = pytest.importorskip("tests.servers.authority").Authority
NAMES = [
    "prometheus",
    "aws",
    "gcs",
    "google",
    "blob",
    "azure",
    "login",
    "model",
    "retail",
    "hook",
    "slack",
]
PROXIED = {f"{name}.corp.example" for name in NAMES}


def test_the_authority_is_trusted_and_the_proxy_asked(tmp_path: Path) -> None:
    """Whoever does not trust a server sends it no request; S3 as Arrow reads it takes no proxy."""
    hosts: set[str] = set()

    class Nothing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            hosts.add(self.headers["host"].partition(":")[0])
            self.send_response(404)
            self.send_header("content-length", "0")
            self.end_headers()

        do_POST = do_HEAD = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    authority, asked = Authority(), []
    (tmp_path / "company.pem").write_bytes(authority.pem)
    tls = authority.server(tmp_path, "127.0.0.1", *PROXIED)
    with listening(Nothing, tls) as url, connect_proxy(int(url.rpartition(":")[2]), asked) as proxy:
        env = {
            "PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path),
            "SSL_CERT_FILE": "company.pem", "REQUESTS_CA_BUNDLE": "company.pem",
            "HTTPS_PROXY": proxy,
            "AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "key", "AWS_MAX_ATTEMPTS": "1",
            "AWS_EC2_METADATA_DISABLED": "true", "AWS_DEFAULT_REGION": "us-east-1",
        }  # fmt: skip
        script = Path(__file__).with_name("company_network.py")
        command = [sys.executable, str(script), url.rpartition(":")[2]]
        subprocess.run(command, cwd=tmp_path, env=env, check=True, timeout=60)
    assert {name.partition(":")[0] for name, _ in asked} == PROXIED
    assert hosts == {*PROXIED, "127.0.0.1"}
