"""On a real terminal (a pty): colour, NO_COLOR, width; and no binary."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys

SCRIPT = """
import sys
from burn.api import BurnError, WriteRequest
from tests.unit.builtin.sinks.outputs import BY_NAME
from tests.unit.view.sample import sample
spec = BY_NAME[sys.argv[1]]
try:
    settings = {"detail": True} if sys.argv[2:] else {}
    spec.make(spec.settings(**settings)).write(WriteRequest(report=sample(), target=None))
except BurnError as error:
    print(type(error).__name__, error.message, error.hint)
"""


def on_terminal(sink: str, *detail: str, **env: str) -> str:
    """What a terminal of 100 columns receives."""
    ours, theirs = pty.openpty()
    base = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "COLUMNS": "100"}
    utf8 = {"PYTHONIOENCODING": "utf-8"}
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, sink, *detail], stdout=theirs, env=base | utf8 | env
    )
    os.close(theirs)
    received = b""
    try:
        while part := os.read(ours, 65536):
            received += part
    except OSError:  # Linux: the other end is closed
        pass
    os.close(ours)
    assert process.wait() == 0
    return received.decode()


def test_colour_on_a_terminal_and_none_with_no_color():
    assert "\x1b[1;36m" in on_terminal("table", "detail")
    plain = on_terminal("table", "detail", NO_COLOR="1")
    assert "\x1b[1;36m" not in plain
    assert "\x1b[36m" not in plain
    assert "LEDGER" in plain


def test_a_dumb_terminal_gets_plain_text():
    assert "\x1b" not in on_terminal("table", "detail", TERM="dumb")


def test_the_terminals_width_is_used():
    lines = re.sub(r"\x1b\[[\d;]*m", "", on_terminal("table", "detail")).splitlines()
    assert 90 < max(map(len, lines)) <= 100


def test_an_ascii_terminal_gets_question_marks_not_a_traceback():
    for detail, title in (("detail",), "LEDGER"), ((), "= CLUSTER, effective"):
        text = on_terminal("table", *detail, PYTHONIOENCODING="ascii", NO_COLOR="1", TERM="dumb")
        assert title in text
        assert text.isascii()


def test_parquet_is_refused_with_the_way_out():
    text = on_terminal("parquet")
    assert "UsageError format `parquet` is binary" in text
    assert "--output" in text
