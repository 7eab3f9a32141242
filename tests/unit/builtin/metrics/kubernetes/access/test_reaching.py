"""The way to the API: whom TLS trusts, by which name, through which proxy."""

from __future__ import annotations

import shutil
import subprocess
from typing import Any

import pytest

from burn.api import AccessError, UsageError
from burn.builtin.metrics.common.proxy import proxy_for
from tests.servers.connect_proxy import connect_proxy
from tests.unit.builtin.metrics.kubernetes.access.conftest import NAME, World

USER = {"token": "t0ken"}
# What golang.org/x/net/http/httpproxy, which kubectl uses, says of each: whether a proxy is asked.
THROUGH = [
    ("https://10.1.2.3:6443", "10.0.0.0/8", False),
    ("https://11.1.2.3:6443", "10.0.0.0/8", True),
    ("https://api.example.com", "example.com", False),
    ("https://example.com", "example.com", False),
    ("https://example.com", ".example.com", True),
    ("https://api.example.com", ".example.com", False),
    ("https://notexample.com", "example.com", True),
    ("https://api.example.com", "*.example.com", False),
    ("https://example.com", "*.example.com", True),
    ("https://api.example.com:6443", "api.example.com:6443", False),
    ("https://api.example.com", "api.example.com:6443", True),
    ("https://api.example.com", "api.example.com:443", False),
    ("https://10.1.2.3", "10.1.2.3", False),
    ("https://10.1.2.3:6443", "10.1.2.3:6443", False),
    ("https://10.1.2.3:6443", "10.1.2.3:443", True),
    ("https://[fd00::9]:6443", "fd00::9", False),
    ("https://[fd00::9]:6443", "[fd00::9]:6443", False),
    ("https://[fd00::9]:6443", "fd00::/8", False),
    ("https://[fd00::9]:6443", "[fd00::9]:443", True),
    ("https://api.example.com", "*", False),
    ("https://api.example.com", " foo , EXAMPLE.com ", False),
    ("https://API.Example.com", "example.com", False),
    ("https://localhost:6443", "", False),
    ("https://127.0.0.9:6443", "", False),
    ("https://[::1]:6443", "", False),
    ("https://api.example.com", "", True),
    ("https://api.example.com", "10.0.0.0/99", True),
    ("https://api.example.com.", "example.com", True),
    ("https://10.1.2.3", "0.1.2.3", True),
    ("https://api.example.com", "com", False),
]


def test_whom_tls_trusts(world: World) -> None:
    file = world.folder / "ca.crt"
    file.write_bytes(world.authority.pem)
    nobody = {"certificate-authority-data": None}
    world.ask(world.kubeconfig(USER, **nobody, **{"certificate-authority": "ca.crt"}))
    world.ask(world.kubeconfig(USER, **nobody, **{"insecure-skip-tls-verify": True}))
    with pytest.raises(AccessError, match=r"no TLS with .*certificate") as caught:
        world.ask(world.kubeconfig(USER, **nobody))
    assert "context `test` of " in (caught.value.hint or "")


def test_by_which_name(world: World) -> None:
    away = world.api.url.replace("127.0.0.1", "localhost")
    with pytest.raises(AccessError, match=r"no TLS with .*: Hostname mismatch"):
        world.ask(world.kubeconfig(USER, server=away))
    world.ask(world.kubeconfig(USER, server=away, **{"tls-server-name": NAME}))
    with pytest.raises(AccessError, match=r"no TLS with .*: Hostname mismatch"):
        world.ask(world.kubeconfig(USER, **{"tls-server-name": "other.example"}))


def test_through_the_proxy_of_the_kubeconfig(world: World) -> None:
    asked: list[tuple[str, str]] = []
    port = int(world.api.url.rpartition(":")[2])
    with connect_proxy(port, asked) as url:
        proxy = url.replace("//", "//jane:pr0xy@")
        cluster = {"server": "https://10.99.0.1:6443", "tls-server-name": NAME, "proxy-url": proxy}
        world.ask(world.kubeconfig(USER, **cluster))
        assert {host for host, _ in asked} == {"10.99.0.1:6443"}
        assert {signed for _, signed in asked} == {"Basic amFuZTpwcjB4eQ=="}


def test_through_the_proxy_of_the_environment(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, str]] = []
    port = int(world.api.url.rpartition(":")[2])
    path = world.kubeconfig(USER, server=f"https://{NAME}")
    with connect_proxy(port, asked) as url:
        monkeypatch.setenv("HTTPS_PROXY", url.removeprefix("http://"))
        assert {caller.authorization for caller in world.ask(path)} == {"Bearer t0ken"}
        assert {host for host, _ in asked} == {f"{NAME}:443"}
        if kubectl := shutil.which("kubectl"):
            command = [kubectl, "get", "--raw", "/api/v1/nodes", f"--kubeconfig={path}"]
            subprocess.run(command, check=True, capture_output=True)
            assert {host for host, _ in asked} == {f"{NAME}:443"}
    with connect_proxy(port, asked, status=407) as url:
        monkeypatch.setenv("HTTPS_PROXY", url.replace("//", "//jane:pr0xy@"))
        with pytest.raises(
            AccessError, match=f"cannot be reached through the proxy {url}: 407"
        ) as caught:
            world.ask(path)
        assert "NO_PROXY" in (caught.value.hint or "")


@pytest.mark.parametrize(("url", "no_proxy", "through"), THROUGH)
def test_which_servers_no_proxy_covers(
    url: str, no_proxy: str, through: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("https_proxy", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("HTTPS_PROXY", "proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", no_proxy)
    assert proxy_for(url) == ("http://proxy.example:3128" if through else "")


@pytest.mark.parametrize(
    ("cluster", "says"),
    [
        ({"server": "10.0.0.1:6443"}, "server of cluster `c`.*is no URL"),
        ({"server": "https://[::1"}, "server of cluster `c`.*is no URL"),
        ({"server": "https://jane:s3cret@h"}, "server of cluster `c`.*has a user in it"),
        ({"proxy-url": "s3cret:1"}, "proxy-url of cluster `c`.*is no proxy's URL"),
        (
            {"proxy-url": "http://:s3cret"},
            "the proxy http://:s3cret cannot be used|is no proxy's URL",
        ),
        ({"proxy-url": "socks5://127.0.0.1:1"}, r"cannot be used|cannot be reached"),
        (
            {"insecure-skip-tls-verify": "yes"},
            "insecure-skip-tls-verify.*is neither true nor false",
        ),
        ({"insecure-skip-tls-verify": True}, "stands beside insecure-skip-tls-verify"),
        (
            {"certificate-authority-data": "c2VjcmV0"},
            "certificate-authority.*no certificate in PEM",
        ),
        ({"extensions": 7}, "extensions of cluster `c`"),
    ],
    ids=str,
)
def test_clusters_that_cannot_be(world: World, cluster: dict[str, Any], says: str) -> None:
    with pytest.raises((UsageError, AccessError), match=says) as caught:
        world.ask(world.kubeconfig(USER, **cluster))
    assert caught.value.hint
