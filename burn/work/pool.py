"""Work on several processes: what comes back, and in which order, is as on one.

Each worker is a fresh interpreter that talks over its standard input and output, so that it shares
nothing with this process: no threads, no locks, no `__main__`. It is in a process group of its own,
so that Ctrl-C ends this process, and this process its workers; when their input closes, whatever
the cause, they end at once.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from queue import SimpleQueue
from types import TracebackType
from typing import Any, TypeVar

from burn.api import AccessError

T = TypeVar("T")
R = TypeVar("R")


def each(work: Callable[[T], R], items: Sequence[T], jobs: int) -> Generator[R, None, None]:
    """The results of all items, in order.

    Args:
        work: what to do with an item. What cannot be sent to another process is done in this one.
        items: as many as there are.
        jobs: processes; with 1 there is no other process.

    Raises:
        AccessError: a worker was ended from outside.
        Exception: what `work` raised, of the first item for which it did.
    """
    sent = _pickled(work) if min(jobs, len(items)) > 1 else None
    if sent is None:
        yield from map(work, items)
        return
    count = min(jobs, len(items))
    idle: SimpleQueue[Worker] = SimpleQueue()

    def done(item: T) -> R:
        worker = idle.get()
        try:
            result: R = worker.ask(item)
            return result
        finally:
            idle.put(worker)

    with ExitStack() as stack:
        threads = ThreadPoolExecutor(count)
        # After the workers have ended, for whose answers the threads wait.
        stack.callback(threads.shutdown, cancel_futures=True)
        for _ in range(count):
            idle.put(stack.enter_context(Worker(sent)))
        for future in [threads.submit(done, item) for item in items]:
            yield future.result()


class Worker:
    """One process.

    Args:
        work: pickled; what it is going to do with each item.
    """

    def __init__(self, work: bytes) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "burn.work.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            process_group=0,
        )
        assert self._process.stdin is not None  # noqa: S101  as asked for
        assert self._process.stdout is not None  # noqa: S101
        self._stdin, self._stdout = self._process.stdin, self._process.stdout
        self._send(pickle.dumps(sys.path))
        self._send(work)

    def __enter__(self) -> Worker:
        return self

    def ask(self, item: object) -> Any:
        """The result of one item, or what was raised."""
        try:
            self._send(pickle.dumps(item, pickle.HIGHEST_PROTOCOL))
            good, result = pickle.load(self._stdout)  # noqa: S301  our own process
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            raise AccessError(
                f"a process that allocated some days ended: {self._end()}",
                hint="it may have run out of memory; fewer need less: --set run.jobs=1",
            ) from error
        if good:
            return result
        raise result

    def _send(self, message: bytes) -> None:
        with suppress(BrokenPipeError):  # the answer, which does not come, tells
            self._stdin.write(len(message).to_bytes(8, "little") + message)
            self._stdin.flush()

    def _end(self) -> str:
        with suppress(subprocess.TimeoutExpired):
            code = self._process.wait(5)
            return f"signal {-code}" if code < 0 else f"exit code {code}"
        return "it does not answer"

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()  # it has nothing to put in order
        self._process.wait()
        for stream in (self._stdin, self._stdout):
            with suppress(OSError):
                stream.close()


def _pickled(work: object) -> bytes | None:
    """None for what holds something of this process: a stranger's connection, a closure."""
    try:
        return pickle.dumps(work, pickle.HIGHEST_PROTOCOL)
    except Exception:  # a stranger's code: any
        return None
