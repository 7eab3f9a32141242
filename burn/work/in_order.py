"""Work that waits for a server, several items at once, with the results in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from itertools import islice
from threading import Thread
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def in_order(work: Callable[[T], R], items: Iterable[T], at_once: int) -> Iterator[R]:
    """The result of each item, in order; no more than `at_once` are in work or waiting to be taken.

    With one at a time it is done in the caller's thread. The first error, in order, is raised; what
    was begun beside it is left: its threads do not keep the process alive.
    """
    if at_once == 1:
        yield from map(work, items)
        return
    rest = iter(items)
    begun = deque(_begin(work, item) for item in islice(rest, at_once))
    while begun:
        result = begun.popleft().result()
        begun.extend(_begin(work, item) for item in islice(rest, 1))
        yield result
        del result  # a day of a large cluster is not held while the next one is waited for


def _begin(work: Callable[[T], R], item: T) -> Future[R]:
    future: Future[R] = Future()

    def do() -> None:
        try:
            future.set_result(work(item))
        except BaseException as error:
            future.set_exception(error)

    Thread(target=do, daemon=True).start()
    return future
