"""Work ahead: results in order, never more than so many held, the first error in order."""

from __future__ import annotations

import threading

import pytest

from burn.work.in_order import in_order


@pytest.mark.parametrize("at_once", [1, 2, 5])
def test_never_more_than_so_many_are_begun(at_once: int) -> None:
    begun: list[int] = []
    both = threading.Barrier(min(at_once, 2))

    def work(number: int) -> int:
        begun.append(number)
        if number < 2:
            both.wait(timeout=30)  # passed only by as many as there should be at once
        return number * number

    taken = []
    for number, result in enumerate(in_order(work, range(6), at_once)):
        assert len(begun) <= number + 1 + at_once
        taken.append(result)
    assert taken == [0, 1, 4, 9, 16, 25]
    assert sorted(begun) == list(range(6))


@pytest.mark.parametrize("at_once", [1, 4])
def test_the_first_error_in_order_is_raised(at_once: int) -> None:
    def work(number: int) -> int:
        if number > 1:
            raise ValueError(f"number {number}")
        return number

    results = in_order(work, range(6), at_once)
    assert [next(results), next(results)] == [0, 1]
    with pytest.raises(ValueError, match="number 2"):
        next(results)
