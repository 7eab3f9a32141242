"""The kit that every billing provider passes, on each way AWS bills can be read."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import boto3
import pytest

from burn.testing import (
    NO_COPY,
    NO_CREDENTIALS,
    NO_FILES,
    BillingProviderConformance,
    ProviderCase,
    files_below,
    never,
)
from burn_aws.provider import AwsProvider
from burn_aws.settings import AwsSettings
from tests.lab.cur2 import write_cur2
from tests.lab.cur_legacy import write_legacy
from tests.lab.focus import write_focus
from tests.servers.athena import athena
from tests.servers.aws import REGION, moto
from tests.servers.aws_world import inventory, parquet_of, scope, window, world


def case_of(
    settings: AwsSettings,
    *,
    url: str = "",
    short: AwsSettings | None = None,
    files: Path | None = None,
    amount: str = "line_item_unblended_cost",
) -> ProviderCase:
    """The settings' provider; where `url` refuses everybody; on a bill that is cut off.

    `files` is the folder of what is read, or of what was uploaded.
    """
    refused = replace(settings, endpoint_url=url, cache="")
    return ProviderCase(
        provider=AwsProvider(settings),
        inventory=inventory(),
        window=window(),
        scope=scope(),
        denied=(lambda: AwsProvider(refused)) if url else None,
        truncated=(lambda: AwsProvider(short)) if short else None,
        files=files_below(files) if files else (),
        amount=amount,
        again=lambda: AwsProvider(settings),
    )


def cut(folder: Path, to: Path) -> Path:
    """A copy of a bill whose largest file ends half way."""
    shutil.copytree(folder, to)
    files = [p for p in to.rglob("*") if p.is_file() and p.suffix not in (".json", ".yml")]
    longest = max(files, key=lambda path: path.stat().st_size)
    longest.write_bytes(longest.read_bytes()[: longest.stat().st_size // 2])
    return to


@pytest.fixture(scope="module", autouse=True)
def credentials() -> Iterator[None]:
    """Made-up ones, in time for what is read once a class (`aws_environment` is once a test)."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", REGION)
        patch.setenv("AWS_ACCESS_KEY_ID", "testing")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        yield


@pytest.fixture(scope="module")
def refusing() -> Iterator[str]:
    """An endpoint that answers 403 to whatever it is asked."""

    class Refuse(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("content-length") or 0))
            xml = "x-amz-target" not in self.headers
            body = DENIED_XML if xml else DENIED_JSON
            if xml and "/s3/" not in self.headers.get("authorization", "/s3/"):
                body = b"<ErrorResponse>" + body + b"</ErrorResponse>"
            self.send_response(403)
            self.send_header("content-length", str(len(body)))
            self.send_header("content-type", "application/xml" if xml else "application/json")
            self.end_headers()
            self.wfile.write(body)

        do_HEAD = do_POST = do_PUT = do_GET  # noqa: N815  http.server's own names

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Refuse)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


DENIED_XML = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
DENIED_JSON = b'{"__type":"AccessDeniedException","message":"not authorized"}'


class TestLegacyCsvInAFolder(BillingProviderConformance):
    plugin = "aws"
    about = "CUR (legacy), CSV in a folder"
    gaps = NO_CREDENTIALS

    @pytest.fixture(scope="class")
    @classmethod
    def case(cls, tmp_path_factory: pytest.TempPathFactory) -> ProviderCase:
        folder = write_legacy(world()[1], tmp_path_factory.mktemp("legacy"))
        mine = AwsSettings(bill=str(folder), price_list="off")
        short = replace(mine, bill=str(cut(folder, folder.parent / "cut-legacy")))
        return case_of(mine, short=short, files=folder, amount="lineItem/UnblendedCost")


class TestFocusInAFolder(BillingProviderConformance):
    plugin = "aws"
    about = "FOCUS in a folder"
    gaps = NO_CREDENTIALS

    @pytest.fixture(scope="class")
    @classmethod
    def case(cls, tmp_path_factory: pytest.TempPathFactory) -> ProviderCase:
        folder = write_focus(world()[1], tmp_path_factory.mktemp("focus"))
        mine = AwsSettings(bill=str(folder), price_list="off")
        short = replace(mine, bill=str(cut(folder, folder.parent / "cut-focus")))
        return case_of(mine, short=short, files=folder, amount="BilledCost")


class TestCur2InS3(BillingProviderConformance):
    plugin = "aws"
    about = "CUR 2.0, Parquet in S3"
    gaps = NO_COPY

    @pytest.fixture(scope="class")
    @classmethod
    def case(
        cls, tmp_path_factory: pytest.TempPathFactory, refusing: str
    ) -> Iterator[ProviderCase]:
        root = tmp_path_factory.mktemp("cur2")
        write_cur2(world()[1], root)
        with moto() as url:
            upload(url, root, "billing")
            upload(url, cut(root, root.parent / "cut-cur2"), "broken")
            cache = str(tmp_path_factory.mktemp("cache"))
            mine = AwsSettings(
                bill="s3://billing/exports/", endpoint_url=url, cache=cache, price_list="off"
            )
            short = replace(mine, bill="s3://broken/exports/", cache="")
            yield case_of(mine, url=refusing, short=short, files=root)


class TestCur2InAthena(BillingProviderConformance):
    plugin = "aws"
    about = "CUR 2.0, queried in Athena"
    gaps = NO_FILES | {
        "test_a_bill_cut_off_in_the_middle_is_an_error": never(
            "Athena reads the files: a damaged one fails the query there"
        )
    }

    @pytest.fixture(scope="class")
    @classmethod
    def case(
        cls, tmp_path_factory: pytest.TempPathFactory, refusing: str
    ) -> Iterator[ProviderCase]:
        root = tmp_path_factory.mktemp("athena")
        write_cur2(world()[1], root)
        with athena({"cur2": parquet_of(root)}) as (url, _):
            mine = AwsSettings(bill="athena://billing/cur2", endpoint_url=url, price_list="off")
            yield case_of(mine, url=refusing)


def upload(url: str, root: Path, bucket: str) -> None:
    """Everything below a folder, under the prefix `exports/`."""
    s3 = boto3.client(
        "s3",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )
    s3.create_bucket(Bucket=bucket)
    for path in sorted(root.rglob("*")):
        if path.is_file():
            key = f"exports/{path.relative_to(root).as_posix()}"
            s3.put_object(Bucket=bucket, Key=key, Body=path.read_bytes())
