"""The chart without a cluster: what it renders is valid, restricted, and what burn understands."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from burn.builtin.metrics.common.meter import Meter
from burn.builtin.metrics.kubernetes.client import LISTS, KubernetesClient
from burn.builtin.metrics.kubernetes.settings import KubernetesSettings
from burn.config.load import load
from tests.chart.renders import (
    CASES,
    CHART,
    ROOT,
    UNITTEST,
    VALIDATE,
    Values,
    helm,
    monday,
    needed,
    pods,
    render,
)
from tests.servers.kubernetes import Api, serve

EACH = pytest.mark.parametrize("values", CASES.values(), ids=CASES.keys())
KUBERNETES = ("1.29", "1.33", "1.37")


@EACH
def test_it_lints_without_a_warning(values: Values, tmp_path: Path) -> None:
    file = tmp_path / "values.yaml"
    file.write_text(yaml.safe_dump(values), encoding="utf-8")
    helm("lint", "--strict", str(CHART), "-f", str(file))


@EACH
def test_what_it_renders_is_valid_in_three_versions(values: Values, tmp_path: Path) -> None:
    objects = render(tmp_path, values)
    file = tmp_path / "objects.yaml"
    file.write_text(yaml.safe_dump_all(objects), encoding="utf-8")
    assert VALIDATE is not None
    for version in KUBERNETES:
        command = [VALIDATE, "--strict", "--kubernetes-version", version, str(file)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{version}: {done.stdout}{done.stderr}"


@EACH
def test_every_pod_is_restricted(values: Values, tmp_path: Path) -> None:
    """Kubernetes' Pod Security Standards, `restricted`, and a root that cannot be written."""
    found = pods(render(tmp_path, values))
    assert found
    for template in found.values():
        spec = template["spec"]
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["securityContext"]["runAsUser"] == 65532
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert not {"hostNetwork", "hostPID", "hostIPC"} & set(spec)
        assert all(not {"hostPath"} & set(volume) for volume in spec["volumes"])
        for container in spec["containers"]:
            security = container["securityContext"]
            assert security["allowPrivilegeEscalation"] is False
            assert security["capabilities"] == {"drop": ["ALL"]}
            assert security["readOnlyRootFilesystem"] is True
            assert container["resources"]["requests"]
            assert container["resources"]["limits"]["memory"]


def test_nothing_runs_until_it_is_switched_on(tmp_path: Path) -> None:
    assert set(pods(render(tmp_path, {}))) == {"costs-burn-doctor"}, "for `helm test`"


def test_the_charts_own_suites_pass() -> None:
    """charts/burn/tests: what is refused, and what happens after the first install."""
    needed(UNITTEST)
    assert UNITTEST
    command = [UNITTEST, "--strict", "--color=false", str(CHART)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    suites = len(list(CHART.glob("tests/*_test.yaml")))
    assert f"{suites} passed, {suites} total" in done.stdout, (
        "a file that it does not see tests nothing"
    )


def test_burn_reads_the_settings_that_were_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for values in CASES.values():
        objects = render(tmp_path, values)
        (text,) = (one["data"]["burn.toml"] for one in objects if one["kind"] == "ConfigMap")
        file = tmp_path / "burn.toml"
        file.write_text(text, encoding="utf-8")
        config = load({}, [], file=file)
        meant = values.get("config", {})
        for name, value in meant.get("run", {}).items():
            seen = getattr(config.run, name)
            assert (list(seen) if isinstance(value, list) else seen) == value
        if "history" in meant:
            assert config.history.path == meant["history"]["path"]
        elif values.get("persistence"):
            assert config.history.path == "/data/history"
        if "kubernetes" in meant.get("source", {}):
            table = config.plugin("source", "kubernetes", KubernetesSettings).settings
            assert (table.in_cluster, table.page_size) == (True, 100)


def test_the_role_is_what_the_source_asks_for(tmp_path: Path) -> None:
    """Every list of the client, recorded by a server."""
    with serve(Api({path: [] for path in LISTS.values()}), tmp_path) as api:
        settings = KubernetesSettings(kubeconfig=str(api.kubeconfig))
        with KubernetesClient(settings, Meter()) as client:
            for kind in LISTS:
                list(client.objects(kind))
                client.count(kind)
        asked = {_resource(path) for path in api.asked}
    (role,) = (one for one in render(tmp_path, CASES["eks-live"]) if one["kind"] == "ClusterRole")
    granted = {
        (group, resource, verb)
        for rule in role["rules"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
    }
    assert granted == asked


def _resource(path: str) -> tuple[str, str, str]:
    """Kubernetes' own rule: /api/v1/KIND is of the core group, /apis/GROUP/VERSION/KIND of another."""
    parts = path.partition("?")[0].strip("/").split("/")
    group = "" if parts[0] == "api" else parts[1]
    return group, parts[-1], "list"


def test_each_cloud_knows_who_the_pods_are(tmp_path: Path) -> None:
    def account(cloud: str) -> Any:
        objects = render(tmp_path, monday(cloud))
        (found,) = (one for one in objects if one["kind"] == "ServiceAccount")
        labels = [one["metadata"]["labels"] for one in pods(objects).values()]
        return found["metadata"]["annotations"], labels

    role, _ = account("eks")
    assert role == {"eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/burn"}
    person, _ = account("gke")
    assert person == {"iam.gke.io/gcp-service-account": "burn@finops.iam.gserviceaccount.com"}
    client, labels = account("aks")
    assert client["azure.workload.identity/client-id"].endswith("1")
    assert all(one["azure.workload.identity/use"] == "true" for one in labels)


def test_a_monday_has_what_it_needs(tmp_path: Path) -> None:
    objects = render(tmp_path, monday("eks"))
    jobs = {one["metadata"]["name"]: one["spec"] for one in objects if one["kind"] == "CronJob"}
    assert set(jobs) == {"costs-burn-collect", "costs-burn-report"}
    assert {job["concurrencyPolicy"] for job in jobs.values()} == {"Forbid"}
    assert jobs["costs-burn-report"]["timeZone"] == "Europe/Berlin"
    found = pods(objects)
    doctors = {
        name: one["spec"]["containers"][0]["args"]
        for name, one in found.items()
        if (one["metadata"]["annotations"]).get("helm.sh/hook") == "test"
    }
    assert doctors == {
        "costs-burn-doctor": ["doctor"],
        "costs-burn-doctor-collect": ["doctor", "--source", "prometheus"],
    }, "what the report reads, and what fills the bucket"
    (collect,) = found["costs-burn-collect"]["spec"]["containers"]
    assert collect["args"] == [
        *("collect", "--source", "prometheus", "--out", "s3://finops/metrics"),
        *("--catch-up", "--keep-days", "400"),
    ]
    (report,) = found["costs-burn-report"]["spec"]["containers"]
    secret = {"secretKeyRef": {"name": "burn-slack", "key": "webhook"}}
    assert {"name": "BURN_SINK__SLACK__WEBHOOK", "valueFrom": secret} in report["env"]
    assert found["costs-burn-report"]["spec"]["automountServiceAccountToken"] is False
    assert not [one for one in objects if one["kind"] in ("Secret", "ClusterRole")]


def test_the_page_renders_as_it_says(tmp_path: Path) -> None:
    """docs/how-to/every-monday.md: its values, by its command."""
    page = (ROOT / "docs/how-to/every-monday.md").read_text(encoding="utf-8")
    values = page.partition("```yaml\n")[2].partition("```")[0]
    words = page.partition("```text\n")[2].partition("```")[0].split()
    file = tmp_path / "values.yaml"
    file.write_text(values, encoding="utf-8")
    assert words[0] == "helm"
    told = {"charts/burn": str(CHART), "values.yaml": str(file)}
    done = helm(*(told.get(word, word) for word in words[1:]))
    objects = [one for one in yaml.safe_load_all(done.stdout) if one]
    jobs = {one["metadata"]["name"] for one in objects if one["kind"] == "CronJob"}
    assert jobs == {"costs-burn-collect", "costs-burn-report"}
    (account,) = (one for one in objects if one["kind"] == "ServiceAccount")
    assert f"`{account['metadata']['name']}`" in page
    assert f"{len(LISTS)}" == "14", "the page says fourteen lists"


def test_the_judge_refuses_what_is_wrong(tmp_path: Path) -> None:
    helm("version")
    objects = render(tmp_path, CASES["eks-monday"])
    next(iter(pods(objects).values()))["spec"]["runAsRoot"] = True
    file = tmp_path / "objects.yaml"
    file.write_text(yaml.safe_dump_all(objects), encoding="utf-8")
    command = [str(VALIDATE), "--strict", "--kubernetes-version", "1.33", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "runAsRoot" in done.stdout + done.stderr
