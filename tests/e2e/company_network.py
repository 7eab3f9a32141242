"""One call of each client that burn makes, to hosts of corp.example. Usage: company_network.py PORT."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from azure.core.pipeline.transport import RequestsTransport
from azure.core.rest import HttpRequest
from azure.identity import ClientSecretCredential
from google.auth.credentials import AnonymousCredentials
from google.auth.transport.requests import AuthorizedSession
from slack_sdk import WebClient

from burn.builtin.metrics.prometheus.api.auth import http_client
from burn.builtin.metrics.prometheus.settings import PrometheusSettings
from burn.builtin.models.openai import _client as model
from burn.builtin.models.settings import OpenAISettings
from burn.builtin.sinks.webhook.post import post
from burn.place import Place
from burn_aws.client.session import AwsSession
from burn_aws.settings import AwsSettings
from burn_azure.client.blob import blob_files
from burn_azure.client.retail import RetailPrices
from burn_azure.settings import AzureSettings
from burn_gcp.client.session import GcpSession
from burn_gcp.settings import GcpSettings

PORT = sys.argv[1]
BLOBS = AzureSettings(storage_url="https://blob.corp.example", storage_key="YWFh")
BLOB = "abfss://bills@corp.dfs.core.windows.net/x"
S3 = f"s3://id:key@bucket/x?region=us-east-1&scheme=https&endpoint_override=127.0.0.1:{PORT}"
LOGIN = ClientSecretCredential(
    "11111111-1111-1111-1111-111111111111", "id", "secret",
    authority="https://login.corp.example", disable_instance_discovery=True,
)  # fmt: skip
GCS = GcpSession(GcpSettings(endpoint_url="https://gcs.corp.example"))
CALLS: tuple[Callable[[], object], ...] = (
    lambda: http_client(PrometheusSettings(url="https://prometheus.corp.example")).get("x"),
    lambda: (
        AwsSession(AwsSettings(endpoint_url="https://aws.corp.example")).client("s3").list_buckets()
    ),
    lambda: GCS.storage("gs://bucket/x", Path("cache")).entries(),
    lambda: AuthorizedSession(AnonymousCredentials()).get("https://google.corp.example/x"),
    lambda: blob_files(BLOB, BLOBS, "bill").entries(),
    lambda: RequestsTransport().send(HttpRequest("GET", "https://azure.corp.example/x")),
    lambda: LOGIN.get_token("https://management.corp.example/.default"),
    lambda: model(OpenAISettings(url="https://model.corp.example/v1")).get("x"),
    lambda: RetailPrices("https://retail.corp.example/x", "USD").check(),
    lambda: post("https://hook.corp.example/x", {}, {}, 5.0),
    lambda: WebClient(base_url="https://slack.corp.example/").api_test(),
    lambda: Place(S3).folders(),
)

for call in CALLS:
    with suppress(Exception):  # the server has nothing: that it was asked is what counts
        call()
