"""A Kubernetes API on the loopback that lists a made-up cluster: what it costs to read one, and no more.

python -m benchmarks.live_api NODES PODS FOLDER

Writes FOLDER/kubeconfig and serves until it is stopped. Pages are written before the first request, so
that answering takes no time of which the reader might be accused.
"""

from __future__ import annotations

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

PAGE = 500
CREATED = "2026-01-01T00:00:00Z"


def node(number: int) -> dict[str, Any]:
    """An m5.xlarge with what a kubelet says of it."""
    size = {"cpu": "4", "memory": "16Gi", "pods": "58", "ephemeral-storage": "80Gi"}
    kinds = ("Ready", "MemoryPressure", "DiskPressure", "PIDPressure")
    return {
        "metadata": {
            **_meta(f"ip-10-0-{number // 250}-{number % 250}", ""),
            "labels": {
                "node.kubernetes.io/instance-type": "m5.xlarge",
                "topology.kubernetes.io/region": "us-east-1",
                "topology.kubernetes.io/zone": "us-east-1a",
                "kubernetes.io/arch": "amd64",
                "kubernetes.io/os": "linux",
            },
        },
        "spec": {"providerID": f"aws:///us-east-1a/i-{number:017x}"},
        "status": {
            "capacity": size,
            "allocatable": size | {"cpu": "3920m"},
            "conditions": [
                {"type": kind, "status": "False", "reason": "Kubelet"} for kind in kinds
            ],
            "images": [{"names": [f"shop/{at}:1"], "sizeBytes": 10**8} for at in range(40)],
        },
    }


def pod(number: int, nodes: int, workloads: int) -> dict[str, Any]:
    """A pod of two containers, one of a Deployment's; about 3 KiB, as they come."""
    workload = number % workloads
    owner = {"kind": "ReplicaSet", "name": f"web-{workload}-abc", "controller": True}
    asked = {"requests": {"cpu": "250m", "memory": "256Mi"}, "limits": {"memory": "512Mi"}}
    env = [{"name": f"SETTING_{at}", "value": "x" * 20} for at in range(8)]
    mount = {"name": "token", "mountPath": "/var/run/secrets", "readOnly": True}
    managed = {"f:metadata": {"f:labels": {f"f:label-{at}": {} for at in range(8)}}}
    return {
        "metadata": {
            **_meta(f"web-{workload}-abc-{number}", f"shop-{workload % 40}"),
            "labels": {"app": f"web-{workload}", "team": f"t{workload % 9}", "hash": "abc"},
            "ownerReferences": [owner],
            "managedFields": [{"manager": "kubelet", "operation": "Update", "fieldsV1": managed}],
        },
        "spec": {
            "nodeName": node(number % nodes)["metadata"]["name"],
            "containers": [
                {
                    "name": name,
                    "image": "shop:1",
                    "resources": asked,
                    "env": env,
                    "volumeMounts": [mount],
                }
                for name in ("web", "side")
            ],
            "tolerations": [{"key": "node.kubernetes.io/not-ready", "operator": "Exists"}],
        },
        "status": {"phase": "Running", "startTime": CREATED, "podIP": "10.0.0.1"},
    }


def lists(nodes: int, pods: int) -> dict[str, list[dict[str, Any]]]:
    """Path → objects; what is not here is listed as empty."""
    workloads = max(pods // 20, 1)
    sets = [
        {
            "metadata": {
                **_meta(f"web-{at}-abc", f"shop-{at % 40}"),
                "ownerReferences": [
                    {"kind": "Deployment", "name": f"web-{at}", "controller": True}
                ],
            }
        }
        for at in range(workloads)
    ]
    return {
        "/api/v1/nodes": [node(at) for at in range(nodes)],
        "/api/v1/pods": [pod(at, nodes, workloads) for at in range(pods)],
        "/api/v1/namespaces": [{"metadata": _meta(f"shop-{at}", "")} for at in range(40)],
        "/apis/apps/v1/replicasets": sets,
    }


def pages(objects: list[dict[str, Any]]) -> list[bytes]:
    """A list as the API answers it."""
    starts = range(0, max(len(objects), 1), PAGE)
    last = starts[-1]
    return [
        json.dumps(
            {
                "metadata": {"continue": str(at // PAGE + 1)} if at != last else {},
                "items": objects[at : at + PAGE],
            }
        ).encode()
        for at in starts
    ]


def main() -> None:
    """Serve for ever."""
    nodes, pods, folder = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    answers = {path: pages(objects) for path, objects in lists(nodes, pods).items()}
    nothing = pages([])

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            page = int(parse_qs(parts.query).get("continue", ["0"])[0])
            body = answers.get(parts.path, nothing)[page]
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            self.wfile.flush()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kubeconfig = {
        "current-context": "bench",
        "clusters": [
            {"name": "c", "cluster": {"server": f"http://127.0.0.1:{server.server_port}"}}
        ],
        "contexts": [{"name": "bench", "context": {"cluster": "c"}}],
    }
    unfinished = folder / "kubeconfig.new"
    unfinished.write_text(json.dumps(kubeconfig), encoding="utf-8")
    unfinished.rename(folder / "kubeconfig")
    server.serve_forever()


def _meta(name: str, namespace: str) -> dict[str, Any]:
    meta = {"name": name, "uid": f"uid-{name}", "creationTimestamp": CREATED}
    return meta | ({"namespace": namespace} if namespace else {})


if __name__ == "__main__":
    main()
