"""A digest as JSON to an address that is a secret: shapes, templates, tries, and nothing that quotes it."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from burn.api import AccessError, News, Report, UsageError, WriteRequest
from burn.builtin.sinks.settings import WebhookSettings
from burn.builtin.sinks.webhook.digest import Digest
from burn.builtin.sinks.webhook.post import post
from burn.builtin.sinks.webhook.shapes import SHAPES, filled
from burn.builtin.sinks.webhook.sink import WebhookSink
from burn.history.store import History
from burn.questions import opened
from burn.questions.access import AccessSettings, Grant
from burn.questions.desk import Desk
from burn.text.secrets import scrub
from tests.unit.questions.conftest import CLUSTER, both, desk, history, october, report

__all__ = ["both", "desk", "history", "report"]
SECRET = "/hooks/abc/s3cr3t-t0ken?sig=sign4ture99"


@dataclass
class Receiver:
    """What it got, and how it answers: statuses in turn, then 200."""

    url: str = ""
    bodies: list[Any] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    retry_after: str = "0"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = made.statuses.pop(0) if made.statuses else 200
            if status == 200:
                made.bodies.append(json.loads(body))
            made.headers.append(dict(self.headers))
            self.send_response(status)
            self.send_header("Retry-After", made.retry_after)
            self.send_header("Location", f"{made.url}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{server.server_port}{SECRET}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()


def write(desk: Desk, report: Report, news: News | None = None, **settings: Any) -> None:
    request = WriteRequest(
        report=report, desk=lambda _: desk, news=lambda *_: news or News(due=True)
    )
    WebhookSink(WebhookSettings(**settings)).write(request)


def test_the_document_has_the_answers_figures(
    receiver: Receiver, desk: Desk, report: Report
) -> None:
    write(desk, report, url=receiver.url, headers={"Authorization": "Bearer x1"})
    (body,) = receiver.bodies
    summary = desk.ask("summary")
    assert body["text"].startswith(summary["sentence"])
    assert body["gap"] == summary["gap"]["amount"]
    assert Decimal(body["billed"]) - Decimal(body["report"]) == Decimal(body["gap"])
    assert receiver.headers[0]["Authorization"] == "Bearer x1"


def test_a_card_has_the_gap_of_its_own_two_figures() -> None:
    """By hand: 10.006 and 0.004 are shown as 10.01 and 0.00, and their sentence says 10.01."""
    digest = Digest(
        title="", text="", report="0.004", billed="10.006", gap="10.002", currency="EUR"
    )
    assert digest.facts == [
        ("Kubernetes report", "0.00 EUR"),
        ("Billed", "10.01 EUR"),
        ("Gap", "10.01 EUR"),
    ]


def test_who_sees_a_part_reads_that_its_bill_can_still_change(
    receiver: Receiver, history: History
) -> None:
    since = datetime(2026, 10, 20, tzinfo=UTC)
    made = october()
    made = replace(made, info=replace(made.info, provisional_from=since))
    history.keep(made)
    access = AccessSettings(grants={"shop": Grant(people=("ann",), namespaces=("shop",))})
    write(opened(history).of("ann", access), made, url=receiver.url, shape="google-chat")
    first, *_, last = receiver.bodies[0]["text"].splitlines()
    assert first.startswith(f"{CLUSTER}, ")
    assert last == "The bill is provisional from 2026-10-20 on."


def test_what_is_not_due_is_not_posted_and_what_is_posted_is_noted_after(
    receiver: Receiver, desk: Desk, report: Report
) -> None:
    noted: list[int] = []
    write(desk, report, News(due=False, sent=lambda: noted.append(0)), url=receiver.url)
    assert (receiver.bodies, noted) == ([], [])
    sent = News(due=True, change="It moved.", sent=lambda: noted.append(len(receiver.bodies)))
    write(desk, report, sent, url=receiver.url)
    assert noted == [1]
    assert receiver.bodies[0]["text"].startswith("It moved.\n")
    receiver.statuses = [400]
    with pytest.raises(AccessError, match="HTTP 400"):
        write(desk, report, sent, url=receiver.url)
    assert noted == [1]


def test_a_busy_receiver_is_tried_again_and_told_once(receiver: Receiver) -> None:
    waits: list[float] = []
    receiver.statuses, receiver.retry_after = [429, 503], "7"
    post(receiver.url, {"a": 1}, {}, 5, sleep=waits.append)
    assert (receiver.bodies, waits) == ([{"a": 1}], [7.0, 7.0])
    receiver.statuses, receiver.retry_after = [429], "3600"
    with pytest.raises(AccessError, match="429"):
        post(receiver.url, {}, {}, 5, sleep=waits.append)
    assert len(waits) == 2, "an hour is not waited for"


@pytest.mark.parametrize("status", [302, 400, 404, 500])
def test_a_refusal_quotes_nothing_and_is_not_repeated(receiver: Receiver, status: int) -> None:
    receiver.statuses = [status]
    with pytest.raises(AccessError, match=f"HTTP {status}") as caught:
        post(receiver.url, {}, {}, 5, sleep=pytest.fail)
    assert len(receiver.headers) == 1
    told = f"{caught.value.message} {caught.value.hint} {caught.value.__cause__!r}"
    assert "127.0.0.1" not in told
    assert "s3cr3t" not in told


def test_an_address_that_does_not_answer_is_not_quoted_in_any_encoding() -> None:
    url = f"http://127.0.0.1:9{SECRET}"
    with pytest.raises(AccessError, match="cannot be reached") as caught:
        post(url, {}, {}, 5, sleep=lambda _: None)
    assert "s3cr3t" not in str(caught.value)
    for form in (
        url,
        SECRET,
        "hooks/abc/s3cr3t-t0ken",
        "sign4ture99",
        url.encode().hex(),
        base64.b64encode(url.encode()).decode(),
        json.dumps({"u": url}),
    ):
        shown = scrub(f"failed at {form} !")
        assert "s3cr3t" not in shown
        assert "sign4ture99" not in shown
        assert "redacted" in shown


@pytest.mark.parametrize("wrong", ["no json", '{"a": "${nothing}"}', '{"a": '])
def test_a_template_that_cannot_work_is_refused_before_the_run(wrong: str) -> None:
    with pytest.raises(UsageError, match="template"):
        WebhookSink(WebhookSettings(template=wrong))


@given(st.text(), st.text())
def test_no_name_leaves_its_place_in_a_template(text: str, title: str) -> None:
    digest = Digest(title=title, text=text, gap="1.50")
    made = filled('{"a": ["x ${text}", {"b": "${title}|${gap}"}], "n": 1}', digest)
    assert json.loads(json.dumps(made)) == {"a": [f"x {text}", {"b": f"{title}|1.50"}], "n": 1}


@given(st.text(max_size=9_000), st.text(max_size=200))
def test_shapes_mention_nobody_and_are_not_too_long(text: str, title: str) -> None:
    digest = Digest(title=title, text=f"<users/all>{text}", billed="1234.565", currency="USD")
    chat = SHAPES["google-chat"](digest)
    assert "<" not in chat["text"]
    assert len(chat["text"]) <= 4_096
    teams = SHAPES["teams"](digest)
    (attachment,) = teams["attachments"]
    kinds = {block["type"] for block in attachment["content"]["body"]}
    assert kinds == {"RichTextBlock", "FactSet"}, "text that Markdown is not read in"
    assert attachment["content"]["body"][-1]["facts"] == [
        {"title": "Billed", "value": "1,234.56 USD"}
    ]
