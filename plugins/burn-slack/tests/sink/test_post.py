"""Digests go to a Slack on loopback, which refuses what Slack refuses."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from burn.api import (
    AccessError,
    Alert,
    AlertRequest,
    News,
    Report,
    TellSettings,
    UsageError,
    WriteRequest,
)
from burn.questions import opened
from burn.questions.desk import Desk
from burn.text.secrets import scrub
from burn_slack.settings import DigestSettings
from burn_slack.sink import SlackSink
from tests.servers.slack import TOKEN, FakeSlack, texts


def alert(name: str, told: datetime | None = None) -> Alert:
    return Alert(
        kind="budget",
        check=name,
        period=datetime(2026, 10, 1, tzinfo=UTC),
        threshold=80.0,
        limit=80.0,
        amount=90.0,
        unit="USD",
        final=True,
        told=told,
    )


def write(desk: Desk, report: Report, news: News | None = None, **settings: Any) -> list[str]:
    """The receivers whose news was asked for."""
    asked: list[str] = []

    def tell(receiver: str, _: TellSettings) -> News:
        asked.append(receiver)
        return news or News(due=True)

    request = WriteRequest(
        report=report,
        desk=lambda _: desk,
        news=tell,
    )
    SlackSink(DigestSettings(**settings)).write(request)
    return asked


def test_a_webhook_gets_the_digest(slack: FakeSlack, desk: Desk, report: Report) -> None:
    write(desk, report, webhook=slack.webhook)
    (message,) = slack.messages
    sentence = desk.ask("summary")["sentence"]
    assert message["text"] == f"shop-prod · 2026-10: {sentence}"
    (table,) = (block for block in message["blocks"] if block["type"] == "table")
    amounts = [row[-1]["text"].replace(",", "") for row in table["rows"][1:]]
    cents = [round(float(amount) * 100) for amount in amounts]
    assert sum(cents[:-1]) == cents[-1] == round(report.totals.billed * 100)


def test_a_channel_gets_it_with_files_in_the_thread(
    slack: FakeSlack, desk: Desk, report: Report
) -> None:
    settings = {"bot_token": TOKEN, "channel": "C0SHOP", "api": slack.api}
    desk = opened(desk.shelf.history, write=lambda _, name: f"the {name}")
    write(desk, report, attach=("ledger.csv", "report.html"), **settings)
    message, files = slack.messages
    assert (message["channel"], message["parse"]) == ("C0SHOP", "none")
    assert files["thread_ts"] == "171.0001"
    assert slack.uploads == {"ledger.csv": b"the ledger.csv", "report.html": b"the report.html"}


def test_slack_is_waited_for_and_then_told_of(slack: FakeSlack, desk: Desk, report: Report) -> None:
    slack.busy = 2
    write(desk, report, webhook=slack.webhook)
    assert (len(slack.calls), len(slack.messages)) == (3, 1)
    slack.busy, slack.retry_after = 9, "3600"
    with pytest.raises(AccessError, match="ratelimited") as caught:
        write(desk, report, webhook=slack.webhook)
    assert "in a minute" in (caught.value.hint or "")
    assert len(slack.calls) == 4, "an hour is not waited for"


def test_a_slack_without_tables_gets_columns(slack: FakeSlack, desk: Desk, report: Report) -> None:
    slack.tables = False
    write(desk, report, webhook=slack.webhook)
    (message,) = slack.messages
    assert slack.refused == ["invalid_blocks"]
    columns = next(one["text"] for one in texts(message["blocks"]) if "```" in one["text"])
    last = columns.strip("`").splitlines()[-1]
    assert last.split()[-1].replace(",", "") == f"{report.totals.billed:.2f}"


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"webhook": "/services/T000/B000/removed"}, "make another"),
        ({"bot_token": "xoxb-wrong", "channel": "C0SHOP"}, "copy it anew"),
        ({"bot_token": TOKEN, "channel": "C0NONE"}, "give the channel's id"),
    ],
)
def test_a_refusal_says_what_to_do_and_no_secret(
    slack: FakeSlack, desk: Desk, report: Report, settings: dict[str, str], says: str
) -> None:
    if "webhook" in settings:
        settings = {"webhook": slack.url + settings["webhook"]}
    with pytest.raises(AccessError) as caught:
        write(desk, report, api=slack.api, **settings)
    told = f"{caught.value.message} {caught.value.hint} {caught.value.__cause__}"
    assert says in told
    for secret in ("services", "removed ", "xoxb-wrong"):
        assert secret not in told.replace("was removed:", "")


def test_what_answers_instead_of_slack_is_not_quoted(
    slack: FakeSlack, desk: Desk, report: Report, capfd: pytest.CaptureFixture[str]
) -> None:
    slack.broken = True
    channel = {"bot_token": TOKEN, "channel": "C0SHOP", "api": slack.api}
    for where in ({"webhook": slack.webhook}, channel):
        with pytest.raises(AccessError, match="HTTP 503") as caught:
            write(desk, report, **where)
        assert "upstream" not in caught.value.message
    gone = "http://127.0.0.1:9/services/T000/B000/s3cr3tw3bh00k"
    with pytest.raises(AccessError, match="ConnectionRefusedError") as caught:
        write(desk, report, webhook=gone)
    assert "s3cr3t" not in f"{caught.value.message}{caught.value.hint}{capfd.readouterr()}"
    assert scrub("POST /services/T000/B000/s3cr3tw3bh00k") == "POST /<redacted>"


def test_nothing_is_posted_without_news_and_what_was_sent_is_noted_after(
    slack: FakeSlack, desk: Desk, report: Report
) -> None:
    noted: list[int] = []
    news = News(due=False, sent=lambda: noted.append(len(slack.messages)))
    assert write(desk, report, news, webhook=slack.webhook) == [f"slack:{slack.webhook}"]
    assert (slack.messages, noted) == ([], [])
    reached = (alert("<!channel>"),)
    news = News(due=True, change="It moved.", reached=reached, sent=news.sent)
    write(desk, report, news, webhook=slack.webhook)
    assert noted == [1]
    body = [one["text"] for one in texts(slack.messages[0]["blocks"])]
    assert any("It moved." in text and "&lt;!channel&gt;" in text for text in body)
    assert "&lt;!channel&gt;" in slack.messages[0]["text"]


def test_burn_check_posts_what_is_new_and_nothing_else(slack: FakeSlack) -> None:
    sink = SlackSink(DigestSettings(webhook=slack.webhook))
    told = alert("old", told=datetime(2026, 10, 2, tzinfo=UTC))
    sink.alert(AlertRequest(cluster="shop", provider="aws", alerts=(told,)))
    assert slack.calls == []
    sink.alert(AlertRequest(cluster="shop", provider="aws", alerts=(told, alert("fresh"))))
    (message,) = slack.messages
    assert message["text"].startswith("shop: Budget fresh has reached 80 % ($80.00)")
    assert not any("old" in one["text"] for one in texts(message["blocks"]))


def test_a_failure_is_not_noted_as_sent(slack: FakeSlack, desk: Desk, report: Report) -> None:
    noted: list[int] = []
    slack.broken = True
    with pytest.raises(AccessError):
        write(desk, report, News(due=True, sent=lambda: noted.append(1)), webhook=slack.webhook)
    assert noted == []


@pytest.mark.parametrize(
    "settings",
    [
        {"webhook": "https://x.example/1", "channel": "C1", "bot_token": "x"},
        {"channel": "C1"},
        {"webhook": "https://x.example/1", "attach": ("csv",)},
        {"webhook": "http://hooks.example.com/1"},
        {"percent": -1.0},
    ],
)
def test_settings_that_cannot_work_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        SlackSink(DigestSettings(**settings))
