"""From the command line: a change or a limit is posted once, and a webhook is in no output."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from burn.history.store import History
from tests.servers.slack import FakeSlack

CODE = "from burn.cli.app import main; main()"


def burn(folder: Path, slack: FakeSlack, *args: str) -> subprocess.CompletedProcess[str]:
    import os

    env = {**os.environ, "BURN_SINK__SLACK__WEBHOOK": slack.webhook}
    return subprocess.run(
        [sys.executable, "-c", CODE, *args],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_from_cron_a_limit_is_told_once(
    slack: FakeSlack, history: History, both: object, tmp_path: Path
) -> None:
    config = f"""
    [history]
    path = "{history.place.path}"
    [sink.slack]
    when = "change"
    percent = 1
    [check.budgets.all]
    amount = 1
    """
    (tmp_path / "burn.toml").write_text(config, encoding="utf-8")
    show = ("show", "latest", "--format", "slack")
    for _ in range(2):
        done = burn(tmp_path, slack, *show)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    (message,) = slack.messages
    assert "Budget all has reached 80 %" in message["text"]
    checked = burn(tmp_path, slack, "check", "--format", "slack")
    assert checked.returncode == 6
    assert len(slack.messages) == 2, "burn check tells for itself"
    slack.broken = True
    (tmp_path / "burn.toml").write_text(config.replace("change", "always"), encoding="utf-8")
    failed = burn(tmp_path, slack, *show)
    assert failed.returncode == 4
    shown = burn(tmp_path, slack, "config", "show", "--set", "run.format=slack")
    for output in (failed, shown, checked):
        assert "s3cr3t" not in output.stdout + output.stderr
        assert "Traceback" not in output.stderr
