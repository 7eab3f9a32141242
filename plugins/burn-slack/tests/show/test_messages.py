"""Whatever an answer holds, Slack takes its message, it pings nobody, and its figures are the answer's."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from burn.api import Alert, News
from burn.questions.desk import Desk
from burn_slack.show import ledger, limits, others, over_time
from burn_slack.show.digest import digest, whole
from burn_slack.show.message import Button, Line, Message
from burn_slack.show.table import Row, Table
from tests.servers.slack import PING, refuses, texts
from tests.unit.questions.hostile import HOSTILE, figure, listed, millionths, names, sentences


def alert(name: str) -> Alert:
    at = datetime(2026, 10, 1, tzinfo=UTC)
    return Alert(
        kind="anomaly",
        check=name,
        period=at,
        threshold=0,
        limit=1e9,
        amount=-1e9,
        unit="USD",
        final=False,
        because=name * 9,
    )


lines = st.lists(st.builds(Line, sentences, st.one_of(st.just(""), names)), max_size=40)
rows = st.lists(st.builds(Row, names, st.tuples(millionths, millionths)), max_size=120)


def bare(payload: dict[str, Any]) -> list[str]:
    """Text that Slack reads markup in: all but cells."""
    found = [one for one in texts(payload["blocks"]) if one.get("type") != "raw_text"]
    return [payload["text"], *(one["text"] for one in found)]


def is_fit(message: Message) -> None:
    for tables in (True, False):
        payload = message.payload(tables=tables)
        assert refuses(payload) == ""
        assert len(payload["text"]) > 0
        assert sum(len(one["text"]) for one in texts(payload["blocks"])) <= 12_000
        for text in bare(payload):
            assert not PING.search(text)
            assert not re.search(r"[<>]|&(?!amp;|lt;|gt;)", text), "an escape is whole or not there"
        for one in texts(payload["blocks"]):
            assert one.get("type") != "mrkdwn" or one["verbatim"], (
                "else `@here` may become a mention"
            )


def table_of(payload: dict[str, Any]) -> list[list[str]]:
    (block,) = (one for one in payload["blocks"] if one["type"] == "table")
    return [[cell["text"] for cell in row] for row in block["rows"]]


def cents(text: str) -> int:
    return round(Decimal(text.replace(",", "")) * 100)


@settings(max_examples=40)
@given(names, sentences, lines, rows, st.lists(sentences, max_size=9), st.integers(0, 40))
def test_any_message_is_one_that_slack_takes(
    title: str, summary: str, told: list[Line], found: list[Row], small: list[str], buttons: int
) -> None:
    table = Table(("<!here>", "a", "b"), tuple(found), (True, False), 3, (1, 2), Row("=", (1, 2)))
    is_fit(
        Message(
            summary=summary or "x",
            title=title,
            lines=tuple(told),
            table=table if found else None,
            buttons=tuple(Button(title, "ask", {"of": title * 20}) for _ in range(buttons)),
            context=tuple(small),
        )
    )


@settings(max_examples=40)
@given(rows, millionths, st.integers(0, 99))
def test_rows_that_are_shown_and_the_rest_add_up(found: list[Row], rest: int, left: int) -> None:
    total = sum(row.cents[1] or 0 for row in found) + rest
    table = Table(
        ("n", "a", "b"), tuple(found), (False, True), left + 1, (0, rest), Row("=", (0, total))
    )
    for shown in (table.lines(), table.lines(rows=12), table.lines(characters=200)):
        assert sum(cents(line[2]) for line in shown[1:-1]) == total == cents(shown[-1][2])
        more = re.fullmatch(r"([\d,]+) more", shown[-2][0])
        assert more
        assert int(more[1].replace(",", "")) + len(shown) - 3 == len(found) + left + 1


@settings(max_examples=40)
@given(listed())
def test_messages_of_answers_are_fit(answer: dict[str, Any]) -> None:
    news = News(due=True, change=answer["why"], reached=(alert(answer["name"]),) * 3)
    for message in (
        ledger.summary(answer, answer, {}),
        ledger.why(answer, {"limit": 25}),
        ledger.explained(answer, {"of": answer["name"]}),
        others.allocation(answer, {"where": {"namespace": answer["name"]}}),
        whole(answer, answer, answer, news),
    ):
        is_fit(message)


@settings(max_examples=40)
@given(listed(most=20))
def test_the_ledgers_cells_are_the_answers_amounts(answer: dict[str, Any]) -> None:
    shown = table_of(ledger.summary(answer, answer, {}).payload())
    total = Decimal(answer["total"]["amount"])
    assert abs(cents(shown[-1][1]) - total * 100) <= Decimal("0.5")
    assert sum(cents(line[1]) for line in shown[1:-1]) == cents(shown[-1][1])
    for row, line in zip(answer["rows"][: len(shown) - 3], shown[1:], strict=False):
        if not line[0].endswith(" more"):
            assert abs(cents(line[1]) - Decimal(row["figure"]["amount"]) * 100) < 1


@pytest.mark.parametrize("name", HOSTILE)
def test_a_cut_text_has_no_part_of_an_escape(name: str) -> None:
    for most in range(2, 60):
        text = limits.fitted(name * 9, most)
        assert len(text) <= most
        assert not re.search(r"&(?!amp;|lt;|gt;)|[<>]", text)


def test_questions_that_a_desk_answers_are_shown(desk: Desk) -> None:
    """Real answers, so that the made-up ones above have their shape."""
    run = desk.ask("reports")["rows"]
    before, after = (one["about"]["run"] for one in reversed(run))
    groups = desk.ask("ledger", {"by": "group"})
    for message in (
        ledger.summary(desk.ask("summary"), groups, {}),
        ledger.why(desk.ask("ledger"), {}),
        ledger.explained(desk.ask("explain", {"of": "spot"}), {}),
        ledger.explained(desk.ask("explain", {"of": "shop"}), {}),
        others.allocation(desk.ask("allocation"), {}),
        others.diff(desk.ask("diff", {"before": before, "after": after}), {}),
        others.forecast(desk.ask("forecast"), {}),
        others.plan(desk.ask("findings"), {}),
        others.budgets(desk.ask("budgets"), {}),
        over_time.trend(desk.ask("trend"), {}),
        over_time.missing(desk.ask("missing"), {}),
        digest(desk, News(due=True)),
    ):
        is_fit(message)
        assert message.payload()["blocks"][1]["text"]["text"]


def test_a_change_names_the_causes_that_moved_most() -> None:
    def part(cause: str, millionths: int) -> dict[str, Any]:
        return {"cause": cause, "figure": figure(millionths)}

    about = {"run": "r", "cluster": "c", "provider": "p", "window": "2026-10-01..2026-11-01"}
    about |= {"state": "final", "kept": "2026-11-02T10:00:00Z"}
    causes = [part("new", 20_000_000), part("calendar", -53_000_000), part("usage", 400_000_000)]
    row = {"name": "n", "title": "n", "figure": figure(367_000_000), "causes": causes}
    row |= {"before": figure(0), "after": figure(367_000_000)}
    answer = {
        "before": about, "after": about, "by": "driver", "rows": [row], "total": figure(367_000_000),
        "omitted": {"rows": 0}, "notes": [],
    }  # fmt: skip
    shown = table_of(others.diff(answer, {}).payload())
    assert shown[1] == ["n", "0.00", "367.00", "+367.00", "usage $400.00, calendar -$53.00"]
