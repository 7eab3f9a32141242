"""A disk that is full, an output that is closed, a file that is a link: called what they are."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from burn.builtin.sinks.target import write_text
from tests.unit.cli.conftest import BURN, DAYS, TOY, alone, toyland
from tests.unit.plugin.dists import Site

__all__ = ["alone", "toyland"]  # fixtures
RUN = ("run", *TOY, *DAYS)


def shell(
    toyland: Site, arguments: tuple[str, ...], redirect: str
) -> subprocess.CompletedProcess[str]:
    """Burn with redirections that only a shell makes."""
    quoted = " ".join(f"'{word}'" for word in (*BURN, *arguments))
    return subprocess.run(
        ["bash", "-c", f"{quoted} {redirect}"],
        env={**os.environ, "PYTHONPATH": str(toyland.folder)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("arguments", [RUN, (*RUN, "--format", "json"), ("explain",)])
@pytest.mark.parametrize(
    ("redirect", "says"),
    [
        (">/dev/full", "standard output cannot be written: No space left on device"),
        (">&-", "standard output is closed"),
    ],
)
def test_standard_output_that_takes_nothing(
    toyland: Site, arguments: tuple[str, ...], redirect: str, says: str
) -> None:
    run = shell(toyland, arguments, redirect)
    assert (run.returncode, run.stdout) == (4, "")
    assert f"error: {says}\n" in run.stderr
    assert "author" not in run.stderr


def test_nobody_listens_to_standard_error(toyland: Site) -> None:
    assert shell(toyland, (*RUN, "--format", "json"), "2>&-").returncode == 0
    assert shell(toyland, ("run", "--provider", "none"), "2>&-").returncode == 3


def test_no_room_for_a_collected_day(toyland: Site, tmp_path: Path) -> None:
    out = tmp_path / "days"
    run = subprocess.run(
        [*BURN, "collect", *TOY[2:], *DAYS, "--out", str(out)],
        env={**os.environ, "PYTHONPATH": str(toyland.folder)},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 4
    assert f"error: {out}/cluster=/day=2026-10-01 cannot be written: " in run.stderr
    assert "defect" not in run.stderr
    assert [path for path in out.rglob("*") if path.name.startswith((".", "day="))] == []


def test_out_is_a_file(toyland: Site, tmp_path: Path) -> None:
    place = tmp_path / "a-file"
    place.write_text("mine")
    run = shell(toyland, ("collect", *TOY[2:], *DAYS, "--out", str(place)), "")
    assert run.returncode == 2
    assert f"error: --out {place} is a file\n" in run.stderr
    assert place.read_text() == "mine"


def test_a_written_file_keeps_its_mode_and_a_link_stays_one(tmp_path: Path) -> None:
    secret, link = tmp_path / "secret", tmp_path / "link"
    secret.write_text("old")
    secret.chmod(0o600)
    link.symlink_to(secret)
    write_text("new", str(link))
    assert link.is_symlink()
    assert secret.read_text() == "new"
    assert secret.stat().st_mode & 0o777 == 0o600


def test_what_a_library_prints_past_python_is_no_data(toyland: Site) -> None:
    code = "import os\nos.write(1, b'raw')\n"
    run = subprocess.run(
        [
            sys.executable,
            "-c",
            "import os\n"
            "from burn.cli import console\n"
            "with console.work(quiet=True):\n"
            f"    exec({code!r})\n"
            "console.data('data')\n",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.stdout, run.stderr) == ("data\n", "raw")
