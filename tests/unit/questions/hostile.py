"""Answers with hostile names and amounts of any size, for properties."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

HOSTILE = [
    "<!channel>", "<!here|x>", "<@U0123ABCD>", "<#C0123|general>", "@here", "@channel", "&lt;", "&",
    "<https://evil.example|click>", "*bold*", "`code`", "```", "a" * 160, "<" * 160, "&" * 160,
    "(idle)", "\u202egnol", "\x1b[31m", "é" * 160, "😀" * 100,
]  # fmt: skip
names = st.one_of(st.sampled_from(HOSTILE), st.text(min_size=1, max_size=160))
sentences = st.one_of(names, st.text(max_size=500), st.sampled_from(["<&>" * 160]))
millionths = st.integers(-(10**15), 10**15)


def figure(value: int, basis: str = "effective") -> dict[str, str]:
    amount = str(Decimal(value).scaleb(-6))
    return {"amount": amount, "currency": "USD", "basis": basis, "window": "w", "cite": "run/x/" + "<" * 90}  # fmt: skip


@st.composite
def abouts(draw: Any) -> dict[str, str]:
    return {
        "run": "0123456789ab.abcdef",
        "cluster": draw(names),
        "provider": draw(names),
        "window": draw(st.sampled_from(["2026-10-01..2026-11-01", "2026-10-01T03..2026-10-02"])),
        "currency": "USD",
        "basis": "effective",
        "state": draw(st.sampled_from(["final", "provisional from 2026-10-20"])),
        "kept": "2026-11-02T10:00:00Z",
    }


@st.composite
def listed(draw: Any, most: int = 40) -> dict[str, Any]:
    """Rows with names, and what is omitted; both add up to the total."""
    found = draw(st.lists(st.tuples(names, millionths, millionths), max_size=most))
    left = draw(st.integers(0, 10**6))
    rest, rest_listed = (draw(millionths) if left else 0 for _ in range(2))
    rows = [
        {
            "name": name, "title": draw(names) if at < 3 else name, "group": "rate",
            "figure": figure(value), "listed": figure(at_list, "list"), "evidence": name,
        }
        for at, (name, value, at_list) in enumerate(found)
    ]  # fmt: skip
    return {
        "about": draw(abouts()),
        "by": draw(st.sampled_from(["namespace", "owner", "<!here>"])),
        "landings": [{"name": n, "title": n, "figure": figure(draw(millionths))} for n in ("report", "billed")],
        "rows": rows,
        "omitted": {"rows": left, "amount": figure(rest), "next": None},
        "total": figure(sum(value for _, value, _ in found) + rest, draw(st.sampled_from(["billed", "effective"]))),
        "listed": draw(st.sampled_from([None, figure(sum(v for _, _, v in found) + rest_listed)])),
        "notes": draw(st.lists(sentences, max_size=8)),
        "omitted_notes": 0,
        "what": draw(st.sampled_from(["driver", "resource", "namespace"])),
        "name": draw(names), "title": draw(names), "why": draw(sentences), "action": draw(sentences),
        "sentence": draw(sentences), "detail": draw(sentences), "findings": 1,
    }  # fmt: skip
