"""What AWS refuses becomes an error with a next step, exit code 4, and no secret in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from burn.api import AccessError, UsageError
from burn_aws.bill.source import BillSource
from burn_aws.client.s3 import S3Files
from burn_aws.client.session import AwsSession
from burn_aws.settings import AwsSettings
from tests.servers.aws import Answer, Call, answering, query_error, s3_error

SECRET = "wJalrXUtnFEMI-very-secret"
LISTING = (
    "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>p/a.csv</Key>"
    "<Size>1</Size><ETag>&quot;e&quot;</ETag></Contents></ListBucketResult>"
)


@pytest.mark.parametrize(
    ("code", "status", "message", "hint"),
    [
        ("ExpiredToken", 400, "expired", "log in again"),
        ("InvalidAccessKeyId", 403, "does not accept", "get-caller-identity"),
        ("SignatureDoesNotMatch", 403, "does not accept", "get-caller-identity"),
        ("AccessDenied", 403, "not allowed: s3:ListBucket", "grant the IAM action s3:ListBucket"),
        ("NoSuchBucket", 404, "does not exist", "provider.aws.bill"),
        ("PermanentRedirect", 301, "another region", "provider.aws.region"),
    ],
)
def test_s3_refusals(
    code: str,
    status: int,
    message: str,
    hint: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    with answering(lambda call: s3_error(code, "for the test", status)) as (url, _):
        mine = AwsSettings(bill="s3://bucket/p/", endpoint_url=url)
        with pytest.raises(AccessError, match=message) as caught:
            S3Files(mine.bill, AwsSession(mine), tmp_path).entries()
    assert caught.value.exit_code == 4
    assert hint in str(caught.value.hint)
    assert SECRET not in f"{caught.value.message}{caught.value.hint}"


def test_throttling_is_waited_out(tmp_path: Path) -> None:
    answers: Iterator[Answer] = iter(
        [s3_error("SlowDown", "reduce your rate", 503), Answer(200, LISTING)]
    )
    with answering(lambda call: next(answers)) as (url, calls):
        mine = AwsSettings(bill="s3://bucket/p/", endpoint_url=url)
        found = S3Files(mine.bill, AwsSession(mine), tmp_path).entries()
    assert [entry.path for entry in found] == ["a.csv"]
    assert len(calls) == 2


def test_endless_throttling_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with answering(lambda call: s3_error("SlowDown", "reduce your rate", 503)) as (url, calls):
        mine = AwsSettings(bill="s3://bucket/p/", endpoint_url=url)
        with pytest.raises(AccessError, match="throttling"):
            S3Files(mine.bill, AwsSession(mine), tmp_path).entries()
    assert len(calls) == 1


def test_a_download_cut_short_is_refused(tmp_path: Path) -> None:
    def respond(call: Call) -> Answer:
        return Answer(200, LISTING if "list-type" in call.operation else "")

    with answering(respond) as (url, _):
        mine = AwsSettings(bill="s3://bucket/p/", endpoint_url=url)
        store = S3Files(mine.bill, AwsSession(mine), tmp_path)
        with pytest.raises(Exception, match="0 of 1 bytes"):
            store.fetch(store.entries())
    assert not [path for path in tmp_path.rglob("*.csv") if path.is_file()]


def test_no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name)
    mine = AwsSettings(bill="s3://bucket/p/", endpoint_url="http://127.0.0.1:9")
    with pytest.raises(AccessError, match="no AWS credentials"):
        BillSource(mine, AwsSession(mine)).stores()[0].entries()


def test_no_region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    mine = AwsSettings(bill="athena://db/table")
    with pytest.raises(AccessError, match="no AWS region") as caught:
        BillSource(mine, AwsSession(mine)).open(None)
    assert "provider.aws.region" in str(caught.value.hint)


def test_no_such_profile() -> None:
    with pytest.raises(UsageError, match="profile `nobody`"):
        AwsSession(AwsSettings(profile="nobody")).caller()


def test_nobody_answers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with answering(lambda call: Answer(200, "")) as (url, _):
        pass  # the server is gone, its port is free
    mine = AwsSettings(bill="s3://bucket/p/", endpoint_url=url)
    with pytest.raises(AccessError, match="could not be reached"):
        S3Files(mine.bill, AwsSession(mine), tmp_path).entries()


def test_an_expired_token_at_sts() -> None:
    expired = query_error("ExpiredToken", "The security token included in the request is expired")
    expiry = pytest.raises(AccessError, match="credentials have expired")
    with answering(lambda call: expired) as (url, _), expiry:
        AwsSession(AwsSettings(endpoint_url=url)).caller()
