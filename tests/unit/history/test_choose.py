"""Which kept report speaks: for a name, for a window, for each day, and which may go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from burn.api import UsageError, Window
from burn.history.choose import Asked, by_day, choose
from burn.history.kept import Kept
from burn.history.prune import to_prune

OCTOBER = Window.month(2026, 10)
NOVEMBER = datetime(2026, 11, 1, tzinfo=UTC)


def kept(name: str, days: float = 0, **more: Any) -> Kept:
    """Kept that many days after October."""
    values: dict[str, Any] = {
        "name": name,
        "run_id": name.partition(".")[0],
        "kept_at": NOVEMBER + timedelta(days=days),
        "burn_version": "0.1.0",
        "cluster": "shop",
        "provider": "aws",
        "window": OCTOBER,
        "basis": "effective",
        "currency": "USD",
        "report": 1.0,
        "cluster_effective": 2.0,
        "billed": 3.0,
        "residual": 0.0,
        "provisional_from": None,
        "files": {},
    }
    return Kept(**(values | more))


OPEN = datetime(2026, 10, 20, 5, tzinfo=UTC)
LATE = kept("aaaa1111.03", 9, provisional_from=OPEN)
FINAL = kept("aaaa1111.02", 5)
EARLY = kept("bbbb2222.01", 1, provisional_from=OPEN)
WEEK = kept("cccc3333.00", 0.5, window=Window.parse("2026-09-28..2026-10-05", now=NOVEMBER))
ALL = [LATE, FINAL, EARLY, WEEK]


@pytest.mark.parametrize(
    ("text", "as_of", "wanted"),
    [
        ("latest", None, LATE),
        ("aaaa1111", None, LATE),
        ("aaaa1111.02", None, FINAL),
        ("bbbb", None, EARLY),
        ("2026-10", None, FINAL),
        ("2026-10", NOVEMBER + timedelta(days=3), EARLY),
        ("last-month", None, FINAL),
        ("2026-09-28..2026-10-05", None, WEEK),
    ],
)
def test_what_is_meant(text: str, as_of: datetime | None, wanted: Kept) -> None:
    assert choose(ALL, text, Asked(as_of=as_of), now=NOVEMBER) is wanted


@pytest.mark.parametrize(
    ("text", "asked", "told"),
    [
        ("eeee", Asked(), "called `eeee`"),
        ("2026-09", Asked(), "no report of 2026-09-01"),
        ("latest", Asked(cluster="other"), "of other"),
        ("latest", Asked(as_of=NOVEMBER), "by 2026-11-01"),
    ],
)
def test_what_is_not_there_is_said(text: str, asked: Asked, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        choose(ALL, text, asked, now=NOVEMBER)


def test_two_clusters_are_never_mixed_unasked() -> None:
    both = [kept("dddd", 10, cluster="other"), *ALL]
    with pytest.raises(UsageError, match="other on aws, shop on aws"):
        choose(both, "2026-10", Asked(), now=NOVEMBER)
    assert choose(both, "2026-10", Asked(cluster="shop"), now=NOVEMBER) is FINAL


def test_the_newest_final_report_speaks_for_a_day_else_the_newest() -> None:
    days = by_day([LATE, EARLY, WEEK])
    assert len(days) == 34
    at = {f"{day:%m-%d}": one for day, one in days.items()}
    assert at["09-28"] is WEEK
    assert at["10-04"] is LATE, "final on that day, and newer"
    assert at["10-19"] is LATE
    assert at["10-20"] is LATE, "provisional in both: the newer"
    assert by_day(ALL)[OPEN.replace(hour=0)] is FINAL


def test_a_part_of_a_day_is_no_day() -> None:
    part = kept("eeee", window=Window(OPEN, OPEN + timedelta(hours=30)))
    assert list(by_day([part])) == []


@pytest.mark.parametrize(
    ("keep", "going"),
    [(1, [EARLY]), (2, [EARLY]), (3, []), (timedelta(days=2), [EARLY]), (timedelta(days=8), [])],
)
def test_what_may_go(keep: int | timedelta, going: list[Kept]) -> None:
    assert to_prune(ALL, keep, NOVEMBER + timedelta(days=7)) == going
