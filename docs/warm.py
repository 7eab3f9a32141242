"""Starts `burn` from a process that has imported it: a third of what a page's command costs is imports.

What a command does, reads and prints is its own: it runs in a fork, with the folder, the environment
and the streams of who typed it. `python -m docs.warm SOCKET` is the process that forks.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from burn.cli import app

_IMPORTED = ("pandas", "pyarrow.parquet", "duckdb", "burn.run.pipeline", "burn_aws.provider")
_ASK = """#!{python} -IS
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as asked:
    asked.connect({address!r})
    words = json.dumps([sys.argv, os.getcwd(), dict(os.environ)]).encode()
    socket.send_fds(asked, [len(words).to_bytes(4, "big")], [0, 1, 2])
    asked.sendall(words)
    code = asked.recv(4) or b"70"
    asked.recv(1)
    sys.exit(int(code))
"""


@contextlib.contextmanager
def burn() -> Iterator[Path]:
    """A folder for the front of a PATH, with a `burn` that starts at once."""
    with tempfile.TemporaryDirectory() as folder:
        address = f"{folder}/s"
        command = Path(folder, "bin/burn")
        command.parent.mkdir()
        command.write_text(_ASK.format(python=sys.executable, address=address), encoding="utf-8")
        command.chmod(0o755)
        root = Path(__file__).parent.parent
        words = [sys.executable, "-m", "docs.warm", address]
        with subprocess.Popen(words, cwd=root) as forks:  # noqa: S603
            while not Path(address).exists() and forks.poll() is None:
                time.sleep(0.01)
            try:
                yield command.parent
            finally:
                forks.terminate()


def _serve(address: str) -> int:
    """Fork for each that asks, until terminated. Returns a command's exit code, in its own process."""
    for name in _IMPORTED:
        importlib.import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(address)
        listening.listen()
        while True:
            asked, _ = listening.accept()
            if os.fork() == 0:
                return _run(asked)
            asked.close()


def _run(asked: socket.socket) -> int:
    """Run the command that was typed. Who asked has its code, and waits for this process to end."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    size, streams, _, _ = socket.recv_fds(asked, 4, 3)
    with asked.makefile("rb") as words:
        sys.argv, folder, environment = json.loads(words.read(int.from_bytes(size, "big")))
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    code = 0
    try:
        app.main()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    asked.sendall(str(code).encode())
    os.dup(asked.fileno())  # closed by this process's end, after what is done at its exit
    return code


if __name__ == "__main__":
    sys.exit(_serve(sys.argv[1]))
