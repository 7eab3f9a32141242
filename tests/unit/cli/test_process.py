"""What only a process of its own shows: pipes, signals, the console script, a terminal."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import NoReturn

import pytest
from typer.testing import CliRunner

from burn.api import ExitCode
from burn.cli.app import app
from tests.unit.cli.conftest import BURN, DAYS, TOY
from tests.unit.plugin.dists import Site

Start = Callable[..., "subprocess.Popen[str]"]
LIMIT = 60  # seconds until a hung process is a failed test, however slow the machine


def test_a_reader_that_leaves_is_no_error(process: Start) -> None:
    with process("run", *TOY, *DAYS, "--format", "lines", "--quiet") as burn:
        assert burn.stdout is not None
        assert burn.stderr is not None
        assert burn.stdout.readline() == "toy report\n"
        burn.stdout.close()
        errors = burn.stderr.read()
    assert burn.returncode == 141, "128 + SIGPIPE, as for every other program in a pipe"
    assert errors == "a stray print of a plugin\n"


def test_ctrl_c_ends_cleanly(process: Start) -> None:
    with process("run", *TOY, *DAYS, "--set", "provider.toy.fault=hang") as burn:
        assert burn.stderr is not None
        seen = ""
        while "hanging" not in seen:
            seen += burn.stderr.readline()
        burn.send_signal(signal.SIGINT)
        stdout, stderr = burn.communicate(timeout=LIMIT)
    assert burn.returncode == 130
    assert stdout == ""
    assert "Traceback" not in stderr


def test_a_defect_of_burn_is_short_and_its_traceback_is_kept_for_debug(process: Start) -> None:
    env = {"COLUMNS": "100", "PYTHONPATH": ""}
    crash = (
        "import burn.plugin.registry as r\n"
        "def broken(*a): raise ZeroDivisionError('core')\n"
        "r.find = broken\n"
        "from burn.cli.app import app\n"
        "import sys; app(sys.argv[1:])"
    )
    command = [sys.executable, "-c", crash, "plugins"]
    run = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, **env}
    )
    assert run.returncode == 1
    assert run.stderr == (
        "error: unexpected ZeroDivisionError: core\n"
        "  hint: this is a defect in burn: run again with --debug for the traceback, and report it\n"
    )
    for args, more in (([*command, "--debug"], {}), (command, {"BURN_DEBUG": "1"})):
        run = subprocess.run(
            args, capture_output=True, text=True, check=False, env={**os.environ, **env, **more}
        )
        assert run.returncode == 1
        assert "Traceback (most recent call last)" in run.stderr
        assert run.stderr.rstrip().endswith("this is a defect in burn: report it")


def test_debug_shows_a_plugins_traceback_without_its_secrets(process: Start) -> None:
    secret = ("--set", "provider.toy.token=hunter2secret")
    fault = ("--set", "provider.toy.fault=denied")
    with process("run", *TOY, *DAYS, *fault, *secret, "--debug") as burn:
        _, stderr = burn.communicate(timeout=LIMIT)
    assert burn.returncode == 4
    assert "Traceback" in stderr
    assert "burn.api.errors.AccessError: 401 with token <redacted>" in stderr
    assert "hunter2secret" not in stderr


def test_a_terminal_gets_one_line_a_stage_and_stdout_stays_data(toyland: Site) -> None:
    main, terminal = pty.openpty()
    with subprocess.Popen(
        [*BURN, "run", *TOY, *DAYS, "--format", "lines"],
        env={**os.environ, "PYTHONPATH": str(toyland.folder), "TERM": "xterm"},
        stdout=subprocess.PIPE,
        stderr=terminal,
        text=True,
    ) as burn:
        os.close(terminal)
        assert burn.stdout is not None
        first = burn.stdout.readline()
        shown = read_all(main)
        assert set(burn.stdout.read().splitlines()) == {first.strip()} == {"toy report"}
    assert burn.returncode == 0
    text = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown.decode())
    for stage in ("collect", "price", "bill", "reconcile", "allocate"):
        lines = [
            line for line in re.split(r"[\r\n]+", text) if re.match(rf"{stage} .* s\s*$", line)
        ]
        assert lines, f"no line for {stage} in {text!r}"
    assert re.search(r"collect\s+2 days, 1 nodes?, 3 assets\s+\d+\.\d s", text)


def read_all(terminal: int) -> bytes:
    """Everything the other side writes until it closes."""
    shown = b""
    with os.fdopen(terminal, "rb", buffering=0) as stream:
        while True:
            try:
                piece = stream.read(4096)
            except OSError:  # Linux's way to say that the other side is closed
                return shown
            if not piece:
                return shown
            shown += piece


def test_a_user_without_a_home_or_a_place_for_temporary_files(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As in a pod whose user is a number and whose root is read-only."""

    def none(*_: object) -> NoReturn:
        raise FileNotFoundError(2, "No usable temporary directory found in ['/tmp']")

    monkeypatch.setenv("HOME", "")  # so that it is put back
    monkeypatch.delenv("HOME")
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setattr("pwd.getpwuid", {}.__getitem__)
    monkeypatch.setattr("tempfile.gettempdir", none)
    assert CliRunner().invoke(app, ["config", "show"]).exit_code == 0
    run = CliRunner().invoke(app, ["run", "--provider", "aws", "--sample", "--quiet"])
    assert run.exit_code == ExitCode.ACCESS
    assert "No usable temporary directory found in ['/tmp']" in run.stderr
    assert "TMPDIR" in run.stderr


def test_the_console_script_is_the_same_program() -> None:
    from importlib.metadata import entry_points

    from burn.cli.app import main

    (script,) = entry_points(group="console_scripts", name="burn")
    assert script.load() is main
