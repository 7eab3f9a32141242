"""What people ask most, understood by rules: which question of the registry is meant, and of what.

Nothing is guessed: a text that no rule fits is refused with what can be asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from burn.api import AccessError, UsageError
from burn.api.drivers import DRIVERS
from burn.history.owners import groups, named
from burn.questions.paging import text

if TYPE_CHECKING:
    from burn.history.kept import Kept
    from burn.questions.desk import Desk

CAN = (
    "why the bill differs, what changed, who pays (or what a namespace or driver is), what to do,"
    " what comes next month, over time, budgets, invoices, what is missing"
)
_WINDOW = re.compile(r"\b\d{4}-\d{2}(?:-\d{2})?(?:\.\.\d{4}-\d{2}-\d{2})?\b")
_BY = re.compile(r"\b(?:by|per|each|every|which|what)\s+([a-z][a-z_-]*)")
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Meant:
    """A question of the registry, with its parameters."""

    question: str
    params: dict[str, Any]


def meant(desk: Desk, asked: str, run: str = "latest", cluster: str = "") -> tuple[Meant, ...]:
    """What a text asks for.

    Args:
        desk: whose reports it is about.
        asked: a sentence of a person.
        run: the report, where the text names no window.
        cluster: where several are kept.

    Raises:
        UsageError: no rule fits.
    """
    if len(asked) > _LONGEST:
        raise UsageError(f"the question has {len(asked):,} characters", hint="ask a short one")
    words = asked.lower()
    windows = _WINDOW.findall(words)
    about = {"run": windows[0] if windows else run, "cluster": cluster}
    thing = _thing(desk, words, about)
    for pattern, make in _RULES:
        if re.search(pattern, words) and (found := make(desk, words, about, windows, thing)):
            return found
    if thing:
        return (Meant("explain", {"of": thing, **about}),)
    raise UsageError(f"no rule fits `{text(asked, 80)}`", hint=f"it answers {CAN}")


Params = dict[str, str]
Rule = Callable[["Desk", str, Params, "list[str]", str], "tuple[Meant, ...] | None"]


def _changed(
    desk: Desk, words: str, about: Params, windows: list[str], _: str
) -> tuple[Meant, ...]:
    if len(windows) > 1:
        before, after = windows[:2]
    else:
        after = about["run"]
        before = _before(desk, desk.seen(after, about["cluster"]).kept).name
    by = _dimension(words) or "driver"
    if by == "driver" and not desk.seen(after, about["cluster"]).whole:
        by = "namespace"
    params = {"before": before, "after": after, "by": by, "cluster": about["cluster"]}
    return (Meant("diff", params),)


def _before(desk: Desk, kept: Kept) -> Kept:
    """The newest report of the window before: that ends where this one begins, else an earlier one."""
    mine = [
        one
        for one in desk.mine(kept.cluster or "", kept.provider)
        if one.window.start < kept.window.start and one.window.end <= kept.window.end
    ]
    if not mine:
        raise UsageError(
            "no earlier report is kept to compare with", hint="`burn history` lists them"
        )
    return max(
        mine, key=lambda one: (one.window.end == kept.window.start, one.window.end, one.kept_at)
    )


def _gap(_: Desk, __: str, about: Params, ___: list[str], thing: str) -> tuple[Meant, ...] | None:
    if thing:
        return (Meant("explain", {"of": thing, **about}),)
    return (
        Meant("summary", about),
        Meant("ledger", {**about, "largest": True, "limit": 10}),
        Meant("missing", about),
    )


def _who(_: Desk, words: str, about: Params, __: list[str], thing: str) -> tuple[Meant, ...]:
    if thing and not _dimension(words):
        return (Meant("explain", {"of": thing, **about}),)
    return (Meant("allocation", {**about, "by": _dimension(words) or "namespace", "limit": 12}),)


def _one(question: str, *, of_run: bool = True, **more: Any) -> Rule:
    def made(_: Desk, __: str, about: Params, ___: list[str], ____: str) -> tuple[Meant, ...]:
        params = about if of_run else {"cluster": about["cluster"]}
        return (Meant(question, {**params, **more}),)

    return made


_RULES: tuple[tuple[str, Rule], ...] = (
    (
        r"\b(chang\w*|differen\w* (?:to|from) last|increas\w*|went up|rose|grew|compar\w*|than last|since)\b",
        _changed,
    ),
    (
        r"\b(save|saving\w*|reduc\w*|lower|cut|optimi\w*|recommend\w*|wast\w*|what (?:to|can|should|shall))\b",
        _one("findings", limit=5),
    ),
    (
        r"\b(forecast\w*|predict\w*|next month|will .*cost|end of (?:the )?month|expect\w*)\b",
        _one("forecast", of_run=False),
    ),
    (r"\b(budget\w*|over limit|alert\w*|fired)\b", _one("budgets", of_run=False)),
    (r"\binvoic\w*", _one("invoice")),
    (r"\b(missing|provisional|final|complete\w*|trust|reliab\w*|coverage)\b", _one("missing")),
    (
        r"\b(trend\w*|over time|history of|per month|each month|monthly|daily|weekly)\b",
        _one("trend", of_run=False),
    ),
    (
        r"\b(who|whose|team\w*|namespaces|workloads|owners?|owns|pays?|carr\w+|charge\w*|most expensive|biggest|largest|costs? most)\b",
        _who,
    ),
    (r"\b(why|gap|differ\w*|match\w*|mismatch|higher|bill|explain|summar\w*)\b", _gap),
    (r"\b(cost\w*|spend\w*|spent|much)\b", _gap),
)
"""In this order: `why did the bill change` is about the change."""


def _dimension(words: str) -> str:
    """A dimension of cost that the text names."""
    for found in re.findall(r"\b(namespace|workload|owner|resource|cluster)s?\b", words):
        return str(found)
    named_by = [word for word in _BY.findall(words) if word in ("team", "cost-centre", "product")]
    return named_by[0] if named_by and groups(named_by[0]) else ""


def _thing(desk: Desk, words: str, about: Params) -> str:
    """A driver or a namespace that the text names; empty: none."""
    said = set(re.findall(r"[\w./-]+", words))
    for name, driver in DRIVERS.items():
        title = driver.title.lower()
        if name not in _COMMON and ({name, title} & said or (" " in title and title in words)):
            return name
    try:
        seen = desk.seen(about["run"], about["cluster"], by=("namespace",))
    except AccessError:
        return ""
    names = map(str, named(seen.cells(seen.kept.basis), "namespace").unique())
    return next((name for name in names if name.lower() in said), "")


_COMMON = {"report", "outside", "other", "support", "tax", "credit", "unknown"} & set(DRIVERS)
"""Drivers whose names are words of any question: they are asked for with `burn explain`."""
