"""A small Google Cloud on loopback: BigQuery's REST over DuckDB, and the Billing Catalog.

Serves what the real SDKs ask, in the documented wire format: jobs.insert (dry run and query),
jobs.get, jobs.getQueryResults, jobs.cancel, tables.get; services.skus.list.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.lab.gcp_autopilot import CLASSES
from tests.lab.gcp_lines import shares
from tests.lab.gcp_names import DISK, MACHINES, PLACE
from tests.lab.rates import BALANCER, INSTANCES
from tests.lab.rates import DISK as DISK_RATES
from tests.servers.loopback import listening

Answer = tuple[int, dict[str, Any]]
Route = Callable[[str, str, dict[str, str], dict[str, Any]], Answer | None]


@contextmanager
def serving(*routes: Route) -> Iterator[str]:
    """Serve the routes, first answer wins; yields the URL."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            split = urlsplit(self.path)
            size = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(size) or b"{}") if size else {}
            query = {key: values[-1] for key, values in parse_qs(split.query).items()}
            for route in routes:
                try:
                    found = route(self.command, split.path, query, body)
                except Exception as error:  # the SDK would repeat a broken connection for minutes
                    found = 400, failure(400, "invalid", f"{type(error).__name__}: {error}")
                if found:
                    return self.send(*found)
            return self.send(404, failure(404, "notFound", f"no such path {split.path}"))

        do_GET = do_POST = do_DELETE = answer  # noqa: N815 (http.server looks them up)

        def send(self, status: int, content: dict[str, Any]) -> None:
            text = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=UTF-8")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: Any) -> None:
            pass

    with listening(Handler) as url:
        yield url


def failure(status: int, reason: str, message: str) -> dict[str, Any]:
    """Google's error body."""
    return {
        "error": {
            "code": status,
            "message": message,
            "status": reason,
            "errors": [{"reason": reason, "message": message, "domain": "global"}],
        }
    }


def catalog(method: str, path: str, query: dict[str, str], body: dict[str, Any]) -> Answer | None:
    """The lab's list prices as the Billing Catalog gives them, two pages a service."""
    if not path.endswith("/skus"):
        return None
    services = {"6F81-5844-456A": _skus, "CCD8-9BF1-090E": _pods}
    skus = next((made for one, made in services.items() if one in path), _balancers)()
    half = len(skus) // 2
    if query.get("pageToken"):
        return 200, {"skus": skus[half:], "nextPageToken": ""}
    return 200, {"skus": skus[:half], "nextPageToken": "2"}


def _skus() -> list[dict[str, Any]]:
    from tests.lab.money import UNIT, number, units

    out: dict[str, dict[str, Any]] = {}
    for kind in MACHINES:
        for name, unit, share, size in shares(kind):
            hourly = units(INSTANCES[kind].hourly) * units(share) // UNIT
            for region, place in PLACE.items():
                told = f"{name} running in {place}"
                out[told] = _sku(told, region, float(number(hourly)) / size, unit)
    for disk, name in DISK.items():
        for region, place in PLACE.items():
            out[f"{name} in {place}"] = _sku(
                f"{name} in {place}", region, float(DISK_RATES[disk]), "GiBy.mo"
            )
    return list(out.values())


def _balancers() -> list[dict[str, Any]]:
    rate = float(BALANCER["network"])
    name = "Cloud Load Balancer Forwarding Rule Minimum in Americas"
    return [_sku(name, region, rate, "h") for region in PLACE]


def _pods() -> list[dict[str, Any]]:
    """Autopilot's requests: a thousandth of a core, a GiB; Spot Pods are listed by usage type too."""
    out = []
    for region in PLACE:
        for one in {kind.sku: kind for kind in CLASSES.values()}.values():
            for spot, core, gib in (
                ("", one.core, one.gib),
                ("Spot ", one.spot_core, one.spot_gib),
            ):
                name = f"Autopilot {one.sku}{spot}Pod"
                out.append(_sku(f"{name} mCPU Requests ({region})", region, float(core) / 1e3, "h"))
                out.append(_sku(f"{name} Memory Requests ({region})", region, float(gib), "GiBy.h"))
                if float(one.gpu):
                    told = f"{name} GPU Requests ({region})"
                    out.append(_sku(told, region, float(one.gpu), "h"))
    return out


def _sku(name: str, region: str, rate: float, unit: str) -> dict[str, Any]:
    whole, nanos = int(rate), round(rate % 1 * 1e9)
    price = {"currencyCode": "USD", "units": str(whole), "nanos": nanos}
    return {
        "name": f"services/x/skus/{abs(hash(name)) % 10**8}",
        "description": name,
        "category": {"usageType": "OnDemand", "resourceFamily": "Compute"},
        "serviceRegions": [region],
        "pricingInfo": [
            {
                "pricingExpression": {
                    "usageUnit": unit,
                    "tieredRates": [{"startUsageAmount": 0, "unitPrice": price}],
                }
            }
        ],
    }
