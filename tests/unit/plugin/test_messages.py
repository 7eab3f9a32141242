from __future__ import annotations

from pathlib import Path

import pytest

from burn.plugin import messages


@pytest.mark.parametrize(
    ("receipt", "text", "install", "upgrade"),
    [
        (
            "uv-receipt.toml",
            "[tool]",
            "uv tool install burn-core --with burn-x",
            "uv tool upgrade burn-core",
        ),
        (
            "pipx_metadata.json",
            "{}",
            "pipx inject burn-core burn-x",
            "pipx upgrade --include-injected burn-core",
        ),
        (
            "pyvenv.cfg",
            "home = /x\nuv = 0.9.1\n",
            "uv pip install burn-x",
            "uv pip install -U burn-x",
        ),
        ("pyvenv.cfg", "home = /usr/bin/uv = 1\n", "pip install burn-x", "pip install -U burn-x"),
        ("unrelated", "", "pip install burn-x", "pip install -U burn-x"),
    ],
)
def test_the_command_fits_how_burn_was_installed(
    tmp_path: Path, receipt: str, text: str, install: str, upgrade: str
) -> None:
    (tmp_path / receipt).write_text(text)
    assert messages.install("burn-x", str(tmp_path)) == install
    assert messages.upgrade("burn-x", str(tmp_path)) == upgrade


def test_a_suggestion_is_made_only_when_it_is_close() -> None:
    assert (
        messages.did_you_mean("PROMETEUS", ["prometheus", "snapshot"])
        == "did you mean `prometheus`?"
    )
    assert messages.did_you_mean("zzz", ["prometheus", "snapshot"]) == ""
    assert messages.unknown("source", "x", [])[1] == "installed: none"
