"""Helm, and values as three clouds' users have them."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
CHART = ROOT / "charts" / "burn"
TOOLS = ROOT / ".venv" / "helm"
HELM = shutil.which("helm") or shutil.which("helm", path=TOOLS / "bin")
UNITTEST = shutil.which("helm-unittest") or shutil.which("helm-unittest", path=TOOLS / "bin")
VALIDATE = shutil.which("kubernetes-validate", path=TOOLS / "schemas" / "bin")
Values = dict[str, Any]

IDENTITY = {
    "eks": {"aws": {"roleArn": "arn:aws:iam::123456789012:role/burn"}},
    "gke": {"gcp": {"serviceAccount": "burn@finops.iam.gserviceaccount.com"}},
    "aks": {"azure": {"clientId": "00000000-0000-0000-0000-000000000001", "tenantId": "t"}},
}
BUCKET = {
    "eks": "s3://finops",
    "gke": "gs://finops",
    "aks": "abfss://finops@acme.dfs.core.windows.net",
}
PROVIDER = {
    "eks": {"aws": {"bill": "s3://exports/cur/"}},
    "gke": {"gcp": {"bill": "gs://exports/detailed/"}},
    "aks": {"azure": {"bill": "abfss://exports@acme.dfs.core.windows.net/daily"}},
}


def monday(cloud: str) -> Values:
    """A bucket is filled every night, and read every Monday for a message."""
    return {
        "workloadIdentity": IDENTITY[cloud],
        "config": {
            "run": {
                "provider": next(iter(PROVIDER[cloud])),
                "source": "snapshot",
                "cluster": "prod",
                "label_keys": ["team", "app.kubernetes.io/part-of"],
                "sinks": [{"format": "slack"}, {"format": "html", "output": "/tmp/report.html"}],
            },
            "source": {
                "prometheus": {"url": "http://prometheus.monitoring:9090"},
                "snapshot": {"path": f"{BUCKET[cloud]}/metrics"},
            },
            "provider": PROVIDER[cloud],
            "history": {"path": f"{BUCKET[cloud]}/history"},
        },
        "secretEnv": [
            {"name": "BURN_SINK__SLACK__WEBHOOK", "secret": "burn-slack", "key": "webhook"}
        ],
        "collect": {"enabled": True, "out": f"{BUCKET[cloud]}/metrics", "keepDays": 400},
        "report": {"enabled": True, "timeZone": "Europe/Berlin"},
    }


def everything(cloud: str) -> Values:
    """One volume, all four parts, and what an operator may add."""
    return {
        "workloadIdentity": IDENTITY[cloud],
        "image": {"repository": "registry.example.com/burn", "digest": f"sha256:{'0' * 64}"},
        "imagePullSecrets": [{"name": "registry"}],
        "persistence": {"enabled": True, "storageClass": "fast"},
        "extraConfig": '[sink.strange]\nurl = "http://example.com"\n',
        "extraEnv": [{"name": "HTTPS_PROXY", "value": "http://proxy:3128"}],
        "podLabels": {"team": "finops"},
        "nodeSelector": {"kubernetes.io/arch": "amd64"},
        "tolerations": [{"key": "spot", "operator": "Exists"}],
        **{part: {"enabled": True} for part in ("collect", "report", "slack", "mcp")},
    }


def live(cloud: str) -> Values:
    """No Prometheus: what the API server shows, with the rights for it."""
    return {
        "workloadIdentity": IDENTITY[cloud],
        "rbac": {"create": True},
        "networkPolicy": {"enabled": False},
        "config": {
            "run": {"provider": next(iter(PROVIDER[cloud])), "source": "kubernetes"},
            "source": {"kubernetes": {"in_cluster": True, "page_size": 100}},
            "provider": PROVIDER[cloud],
            "check": {"budgets": {"all": {"amount": 1000.5, "thresholds": [80, 100]}}},
        },
        "report": {"enabled": True, "args": ["analyze"]},
    }


CASES = {
    f"{cloud}-{made.__name__}": made(cloud)
    for cloud in IDENTITY
    for made in (monday, everything, live)
}


def needed(*programs: str | None) -> None:
    """Skip, or fail where they were promised, if a program is not here."""
    if None in programs:
        need = "helm, helm-unittest or kubernetes-validate is not here: `make helm` builds them with Go"
        if os.environ.get("BURN_REQUIRE_HELM") == "1":
            pytest.fail(need)
        pytest.skip(need)


def helm(*args: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run Helm, with no settings of this machine."""
    needed(HELM, VALIDATE)
    assert HELM
    env = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}
    if args[0] == "template":  # a Helm that `go install` made thinks of an old cluster
        args = (*args, "--kube-version", "1.33.0")
    done = subprocess.run([HELM, *args], capture_output=True, text=True, check=False, env=env)
    assert not check or done.returncode == 0, done.stderr
    return done


def render(folder: Path, values: Values, *sets: str) -> list[dict[str, Any]]:
    """The objects that the chart makes of values."""
    file = folder / "values.yaml"
    file.write_text(yaml.safe_dump(values), encoding="utf-8")
    more = [part for text in sets for part in ("--set", text)]
    done = helm("template", "costs", str(CHART), "--namespace", "finops", "-f", str(file), *more)
    return [one for one in yaml.safe_load_all(done.stdout) if one]


def pods(objects: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Name → pod template, of everything that starts pods."""
    found = {}
    for one in objects:
        name, spec = one["metadata"]["name"], one.get("spec", {})
        if one["kind"] == "Pod":
            found[name] = {"metadata": one["metadata"], "spec": spec}
        elif one["kind"] == "CronJob":
            found[name] = spec["jobTemplate"]["spec"]["template"]
        elif one["kind"] == "Deployment":
            found[name] = spec["template"]
    return found
