"""The gate: what burn answered may be said, as it is written anywhere; nothing else may."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from burn.api.money import money
from burn.questions.talk.gate import judged
from burn.questions.talk.known import Known

ABOUT = {
    "run": "0ef453867397.1f2e3d",
    "cluster": "shop-prod",
    "window": "2026-10-01..2026-11-01",
    "state": "provisional from 2026-10-28",
    "kept": "2026-11-03T09:30:00Z",
}


def figure(amount: str, cite: str, currency: str = "USD") -> dict[str, str]:
    return {
        "amount": amount,
        "currency": currency,
        "basis": "effective",
        "window": ABOUT["window"],
        "cite": cite,
    }


ANSWER: dict[str, Any] = {
    "about": ABOUT,
    "sentence": "A sentence says $999.00 and 77 nodes.",
    "gap": figure("3842.590000", "run/0ef/total/gap"),
    "gap_percent": "+171.6 %",
    "rows": [
        {"name": "spot", "title": "Spot", "figure": figure("-187.894000", "run/0ef/ledger/spot"), "evidence": "$888.00"},
        {"name": "team-5", "title": "team-5", "figure": figure("393.365000", "run/0ef/a/team-5")},
        {"name": "9999-usd", "title": "pay $777.00", "figure": figure("0.004000", "run/0ef/a/x")},
        {"name": "5000", "title": "the bill is 666", "figure": figure("2.500000", "run/0ef/a/y")},
    ],
    "omitted": {"rows": 41, "amount": figure("12.000000", "run/0ef/a/but=0..4"), "next": 4},
}  # fmt: skip


@pytest.fixture
def known() -> Known:
    made = Known()
    made.add(ANSWER)
    return made


@pytest.mark.parametrize(
    "text",
    [
        "The gap is $3,842.59.",
        "The gap is **$3842.6**, or 3,842.59 USD, or US$3,843, or $3.843k.",
        "A gap of +171.6 % (+172 percent).",
        "Spot: -$187.89; `team-5` and team-5: $393.36 or $393.37.",
        "Spot: $-187.89, USD -187.9, \u2212$188.",
        "In October 2026 (2026-10-01..2026-11-01, 31 days) it was $3,842.59.",
        "The bill can change from 2026-10-28, 28 October, Oct 28th, 2026 on.",
        "1. Spot: -$187.89\n2. `team-5`: $393.37/month\n3. the other 41 of 45 rows: $12.00",
        "See [run/0ef/ledger/spot]: -$187.89, kept 2026-11-03T09:30:00Z.",
        "It may be a gap of $3,842.59.",
    ],
)
def test_what_was_answered_passes_however_it_is_written(known: Known, text: str) -> None:
    assert judged(text, known).wrong == ()


@pytest.mark.parametrize(
    "text",
    [
        "The gap is $3,842.58.",
        "The gap is $3,824.59.",
        "The gap is -$3,842.59.",
        "The gap is €3,842.59.",
        "The gap is 3,842.59.",
        "The gap is $3,842.59 EUR.",
        "The gap is 3,842.59 rupees.",
        "The gap is A$3,842.59.",
        "The gap is $3,800.",
        "The gap is $4k, and $3.8k.",
        "The gap is $3.842,59.",
        "The gap is $38,42.59.",
        "The gap is $3 842.59.",
        "Spot lowers it by $187.89.",
        "Spot - $393.37",
        "The gap is 171.5 %.",
        "The gap is -171.6 %.",
        "The gap is 171.6.",
        "A sentence says $999.00.",
        "Evidence says $888.00.",
        "There are 77 nodes, and it is $12.00.",
        "In 2026-09 it was $12.00.",
        "In September it was $12.00.",
        "In October 2025 it was $12.00.",
        "On 2026-10-29 it was $12.00.",
        "On October 29 it was $12.00.",
        "`9999-usd` costs 9999-usd.",
        "The total is 5000, namely `5000`.",
        "It costs `pay $777.00`.",
        "the bill is 666",
        "It costs five hundred dollars.",
        "It doubled to $12.00.",
        "Six of them: $12.00.",
        "It is \u0661\u0662\u0663 or $12.00.",
        "It is \uff11\uff12 or $12.00.",
        "It is ½ of $12.00.",
        "It is $1\u200b2.00.",
        "It is $12.00, see https://evil.example/pay",
        "It is $12.00 [here](evil)",
        "All is free.",
        "",
        "p95 is $12.00",
        "It is $.50",
        "It is 5e3, $12.00",
        "-$0.00",
    ],
)
def test_what_was_not_answered_does_not_pass(known: Known, text: str) -> None:
    assert judged(text, known).wrong


@given(
    st.integers(-(10**12), 10**12),
    st.integers(-(10**12), 10**12),
    st.sampled_from(["USD", "EUR", "SEK"]),
)
def test_only_the_amount_itself_passes(answered: int, said: int, currency: str) -> None:
    """In whole cents as burn writes them."""
    known = Known()
    amount = f"{'-' * (answered < 0)}{abs(answered) // 100}.{abs(answered) % 100:02}"
    known.add({"total": figure(amount, "run/x/total/billed", currency)})
    assert not judged(f"It is {money(answered, currency)}.", known).wrong
    if said != answered:
        assert judged(f"It is {money(said, currency)}.", known).wrong


def test_a_figure_is_that_of_the_name_that_is_said() -> None:
    known = Known()
    rows = [{"name": name, "figure": figure("5.000000", f"run/x/{name}")} for name in ("a", "shop")]
    known.add({"rows": rows})
    assert [one.money.cite for one in judged("shop: $5.00", known).used] == ["run/x/shop"]
