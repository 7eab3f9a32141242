"""`burn init` against real servers: Prometheus, a Kubernetes API, AWS's lists of exports."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from burn.builtin.metrics.prometheus import look
from burn.cli.app import app
from tests.servers import kubernetes
from tests.servers.aws import Answer, Call, answering, json_error
from tests.servers.prometheus import available, backfill, serve
from tests.unit.cli.conftest import BURN

SAMPLE = Path(__file__).parents[3] / "plugins/burn-aws/burn_aws/sample"
EKS = "arn:aws:eks:us-east-1:123456789012:cluster/shop-prod"
HOSTILE = 'te"am\x1b[31m\n[run]\nprovider = "evil"'
IDENTITY = (
    "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::1:user/me</Arn>"
    "</GetCallerIdentityResult></GetCallerIdentityResponse>"
)
ARN = "arn:aws:bcm-data-exports:us-east-1:1:export/"
EXPORTS = {
    "old-focus": ("FOCUS_1_2_AWS", "exports"),
    "shop-cur2": ("COST_AND_USAGE_REPORT", "exports/"),
    "carbon": ("CARBON_EMISSIONS", "exports"),
}


def run(*args: object) -> Result:
    return CliRunner().invoke(app, [str(arg) for arg in args])


def written() -> dict[str, Any]:
    return tomllib.loads(Path("burn.toml").read_text(encoding="utf-8"))


def thing(name: str, **more: Any) -> dict[str, Any]:
    return {
        "metadata": {"name": name, "namespace": "monitoring", **more.pop("metadata", {})},
        **more,
    }


@pytest.fixture(autouse=True)
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing of this machine's own: no cluster, no account, no Prometheus."""
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "none"))
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "none"))
    monkeypatch.setenv("BURN_SOURCE__PROMETHEUS__ATTEMPTS", "1")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    for name in [name for name in os.environ if name.startswith("AWS_") and "METADATA" not in name]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(look, "LOCAL", ("http://127.0.0.1:9",))


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if not available():
        pytest.skip("needs prometheus and promtool")
    at = int(time.time()) - 30
    lines = [
        "# TYPE kube_node_info gauge",
        f'kube_node_info{{node="n1",provider_id="gce://p/z/n1",cluster="shop"}} 1 {at}',
        "# TYPE kube_namespace_labels gauge",
        f'kube_namespace_labels{{namespace="a",label_team="red",label_env="x"}} 1 {at}',
        "# EOF\n",
    ]
    with serve(backfill("\n".join(lines), tmp_path_factory.mktemp("init"))) as url:
        yield url


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[kubernetes.Api]:
    """A cluster on AWS, with a Prometheus that is only in it."""
    ports = [{"name": "web", "port": 9090}]
    api = kubernetes.Api(
        {
            "/api/v1/nodes": [thing("n1", spec={"providerID": "aws:///us-east-1a/i-0abc"})],
            "/api/v1/namespaces": [thing("pay", metadata={"labels": {"example.com/team": "x"}})],
            "/api/v1/pods": [thing("p", metadata={"labels": {"app": "p", HOSTILE: "y"}})],
            "/api/v1/services": [
                thing("prometheus-node-exporter", spec={"ports": ports}),
                thing("prometheus-k8s", spec={"ports": ports}),
            ],
        }
    )
    with kubernetes.serve(api, tmp_path):
        config = json.loads(api.kubeconfig.read_text())
        config["clusters"][0]["name"] = config["contexts"][0]["context"]["cluster"] = EKS
        api.kubeconfig.write_text(json.dumps(config))
        monkeypatch.setenv("KUBECONFIG", str(api.kubeconfig))
        yield api


def exports(call: Call) -> Answer:
    """What an account answers that has three Data Exports, one of them no bill."""
    kind = (("Content-Type", "application/x-amz-json-1.1"),)
    if "GetCallerIdentity" in call.body:
        return Answer(200, IDENTITY, (("Content-Type", "text/xml"),))
    if call.operation == "ListExports":
        listed = [{"ExportArn": f"{ARN}{name}", "ExportName": name} for name in EXPORTS]
        return Answer(200, json.dumps({"Exports": listed}), kind)
    if call.operation == "GetExport":
        name = call.json["ExportArn"].removeprefix(ARN)
        table, prefix = EXPORTS[name]
        export = {
            "Name": name,
            "DataQuery": {"QueryStatement": f"SELECT a FROM {table}"},
            "DestinationConfigurations": {
                "S3Destination": {"S3Bucket": "bills", "S3Prefix": prefix, "S3Region": "eu-west-1"}
            },
        }
        return Answer(200, json.dumps({"Export": export}), kind)
    return json_error("AccessDeniedException", "no")


def test_with_nothing_reachable_it_says_so_and_writes_a_template() -> None:
    result = run("init", "--yes")
    assert result.exit_code == 0, result.output
    for part in ("source prometheus", "source kubernetes", "provider aws", "provider gcp"):
        assert f"none  {part}: " in result.stdout
    assert "next: write whose bill it is to burn.toml" in result.stdout
    assert set(written()) == {"run"}
    text = Path("burn.toml").read_text()
    assert '# provider = ""' in text
    assert "# [source.prometheus]" in text
    assert run("config", "show").exit_code == 0, "what it writes can be read"


def test_a_cluster_and_an_account(cluster: kubernetes.Api, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with answering(exports) as (url, _):
        result = run("init", "--yes", "--set", f"provider.aws.endpoint_url={url}")
        print(result.output)
    assert result.exit_code == 0, result.output
    assert "next: kubectl port-forward -n monitoring svc/prometheus-k8s 9090:9090" in result.stdout
    assert "found provider aws: a CUR 2.0 export at s3://bills/exports/shop-cur2/" in result.stdout
    made = written()
    assert made["run"]["provider"] == "aws"
    assert made["run"]["cluster"] == "shop-prod"
    assert made["run"]["policies"] == ["share-max", "owners"]
    assert made["provider"]["aws"] == {
        "endpoint_url": url,
        "bill": "s3://bills/exports/shop-cur2/",
    }
    assert made["policy"]["owners"]["keys"] == ["example.com/team", "namespace"]
    assert '# bill = "s3://bills/exports/old-focus/"' in Path("burn.toml").read_text()
    assert "FAIL  provider aws" in result.stdout, "doctor looks at the new file"
    assert "next: mend what failed in burn.toml, then burn doctor" in result.stdout
    assert not any(path.startswith("/apis") for path in cluster.asked), "only what it needs"


def test_names_from_outside_are_neither_toml_nor_terminal(cluster: kubernetes.Api) -> None:
    cluster.lists["/api/v1/nodes"][0]["metadata"]["labels"] = {
        "alpha.eksctl.io/cluster-name": HOSTILE
    }
    cluster.lists["/api/v1/pods"][0]["metadata"]["labels"] = {f"{HOSTILE}/team": "z"}
    del cluster.lists["/api/v1/namespaces"][0]["metadata"]["labels"]
    result = run("init", "--yes")
    assert result.exit_code == 0, result.output
    assert "\x1b" not in result.output
    assert "\x1b" not in Path("burn.toml").read_text()
    assert written()["run"]["cluster"] == HOSTILE
    assert written()["run"]["provider"] == "aws"
    assert written()["policy"]["owners"]["keys"][0] == f"{HOSTILE}/team"


def test_a_prometheus_on_localhost(prometheus: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(look, "LOCAL", (prometheus,))
    result = run("init", "--yes", "--source", "prometheus")
    assert result.exit_code == 0, result.output
    made = written()
    assert made["source"]["prometheus"] == {"url": prometheus}
    assert (made["run"]["provider"], made["run"]["cluster"]) == ("gcp", "shop")
    assert made["policy"]["owners"]["keys"] == ["team", "namespace"]


def test_what_is_written_runs() -> None:
    places = (f"source.snapshot.path={SAMPLE / 'metrics'}", f"provider.aws.bill={SAMPLE / 'bill'}")
    given = [word for one in places for word in ("--set", one)]
    result = run(
        "init",
        "--yes",
        "--provider",
        "aws",
        "--cluster",
        "shop-prod",
        "--source",
        "snapshot",
        *given,
    )
    assert result.exit_code == 0, result.output
    assert result.stdout.rstrip().endswith("next: burn run")
    done = run("run", "--no-keep")
    assert done.exit_code == 0, done.output
    assert "6,081.88" in done.stdout


def test_a_file_that_is_there_stays() -> None:
    Path("burn.toml").write_text("# mine, and broken = [\n", encoding="utf-8")
    result = run("init", "--yes")
    assert result.exit_code == 2
    assert Path("burn.toml").read_text() == "# mine, and broken = [\n"
    assert "burn.toml is there already; nothing was changed" in result.stderr
    result = run("init", "--yes", "--force")
    assert "wrote burn.toml, over the one that was there" in result.stdout
    assert written()["run"]["source"] == "prometheus"


def test_a_secret_is_not_written() -> None:
    secret = "provider.azure.storage_key=c2VjcmV0LWtleQ=="
    result = run("init", "--yes", "--provider", "azure", "--set", secret)
    assert result.exit_code == 0, result.output
    assert "BURN_PROVIDER__AZURE__STORAGE_KEY" in result.stderr
    assert "c2VjcmV0" not in Path("burn.toml").read_text() + result.output


def test_a_person_is_asked(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    asked = subprocess.Popen(
        [*BURN, "init"],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )
    answers = ("aws", "mine", "http://127.0.0.1:9", "", "squad")
    os.write(ours, "".join(f"{one}\n" for one in answers).encode())
    output, _ = asked.communicate(timeout=120)
    os.close(ours)
    os.close(theirs)
    assert asked.returncode == 0, output
    made = written()
    assert (made["run"]["provider"], made["run"]["cluster"]) == ("aws", "mine")
    assert made["source"]["prometheus"]["url"] == "http://127.0.0.1:9"
    assert "provider" not in made
    assert made["policy"]["owners"]["keys"] == ["squad", "namespace"]


def test_burn_alone_points_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    result = run()
    assert result.exit_code == 2
    assert "burn init" in result.stderr
    assert "--sample" in result.stderr
    Path("burn.toml").write_text("", encoding="utf-8")
    assert "Usage:" in run().stderr
