"""The other side of `burn.work.pool`: `python -m burn.work.worker`, started by nobody else."""

from __future__ import annotations

import os
import pickle
import sys
import traceback
from queue import SimpleQueue
from threading import Thread
from typing import IO

from burn.api import BurnError


def main() -> None:
    """Take what to do, then items; answer each with (True, result) or (False, what was raised)."""
    # What a plugin prints is talk, and no answer.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    messages: SimpleQueue[bytes] = SimpleQueue()
    Thread(target=_listen, args=(sys.stdin.buffer, messages), daemon=True).start()
    sys.path[:] = pickle.loads(messages.get())  # noqa: S301  from the process that started this one
    sent = messages.get()
    work = None
    while True:
        item = messages.get()
        try:
            work = work or pickle.loads(sent)  # noqa: S301
            answer = pickle.dumps((True, work(pickle.loads(item))), pickle.HIGHEST_PROTOCOL)  # noqa: S301
        except Exception as error:
            answer = _failure(error)
        answers.write(answer)
        answers.flush()


def _failure(error: Exception) -> bytes:
    error.add_note("".join(traceback.format_exception(error)))  # for --debug
    try:
        answer = pickle.dumps((False, error))
        pickle.loads(answer)  # noqa: S301  some can be sent, but not read
    except Exception:  # a stranger's class: any
        lines = str(error).strip().splitlines()[:1]
        answer = pickle.dumps((False, BurnError(": ".join([type(error).__name__, *lines]))))
    return answer


def _listen(stream: IO[bytes], messages: SimpleQueue[bytes]) -> None:
    """Ends the process when nobody is there to answer to, in the middle of its work."""
    while size := stream.read(8):
        messages.put(stream.read(int.from_bytes(size, "little")))
    os._exit(0)


if __name__ == "__main__":
    main()
