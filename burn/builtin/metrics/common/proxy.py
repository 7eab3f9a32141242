"""Which proxy leads to a server, by the rules of kubectl and Go's other programs.

NO_PROXY may name networks (10.0.0.0/8), ports and domains; the HTTP client by itself knows no networks.
"""

from __future__ import annotations

import ipaddress
import os
from urllib.parse import urlsplit

_PORTS = {"http": 80, "https": 443}


def proxy_for(server: str, *, otherwise: str = "") -> str:
    """What HTTPS_PROXY, HTTP_PROXY and NO_PROXY say of a URL; empty: go there directly.

    Args:
        server: a URL.
        otherwise: a variable that names the proxy where those of the URL's scheme do not.
    """
    parts = urlsplit(server)
    host = parts.hostname or ""
    proxy = _said(f"{parts.scheme}_proxy") or (_said(otherwise) if otherwise else "")
    if not proxy or _direct(host, parts.port or _PORTS.get(parts.scheme, 0)):
        return ""
    return proxy if "://" in proxy else f"http://{proxy}"


def _said(name: str) -> str:
    return os.environ.get(name.upper()) or os.environ.get(name) or ""


def _direct(host: str, port: int) -> bool:
    """Whether a host is this machine, or NO_PROXY has it."""
    address = _address(host)
    if host == "localhost" or (address is not None and address.is_loopback):
        return True
    entries = (one.strip().lower() for one in _said("no_proxy").split(","))
    return any(_covers(entry, host, port, address) for entry in entries if entry)


def _covers(
    entry: str, host: str, port: int, address: ipaddress.IPv4Address | ipaddress.IPv6Address | None
) -> bool:
    if entry == "*":
        return True
    if "/" in entry:
        try:
            return address is not None and address in ipaddress.ip_network(entry, strict=False)
        except ValueError:
            return False
    if _address(entry) is None:
        name, colon, only = entry.rpartition(":")
        if colon and only.isdecimal():
            if int(only) != port:
                return False
            entry = name
    if (wanted := _address(entry.strip("[]"))) is not None:
        return wanted == address
    entry = entry.removeprefix("*")
    return host.endswith(entry) if entry.startswith(".") else f".{host}".endswith(f".{entry}")


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
