"""`burn --help` and its neighbours import nothing heavy, whatever they cost on this machine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from burn.history.place import Place
from burn.history.store import History
from tests.unit.history.reports import rich

HEAVY = (
    *("pandas", "numpy", "pyarrow", "duckdb", "httpx", "rich", "pydantic", "boto3", "botocore"),
    *("sqlglot", "tenacity", "requests", "yaml", "slack_sdk", "slack_bolt"),
    *("pydantic_ai", "anthropic"),
)
CODE = """
import sys
from burn.cli.app import app
try:
    app(sys.argv[1:])
except SystemExit as end:
    code = end.code
loaded = {name.partition('.')[0] for name, module in sys.modules.items() if module}
print(*sorted(loaded & set(%r)), 'burn.api' in sys.modules, file=sys.stderr)
sys.exit(code)
"""


def loaded(cwd: Path, *args: str) -> tuple[int, list[str]]:
    """Exit code, and the last line of stderr: heavy modules, then whether burn.api was needed."""
    env = {**os.environ, "HOME": str(cwd), "XDG_CONFIG_HOME": "", "_TYPER_COMPLETE": ""}
    run = subprocess.run(
        [sys.executable, "-c", CODE % (HEAVY,), *args],
        cwd=cwd,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    return run.returncode, run.stderr.splitlines()[-1].split()


@pytest.mark.parametrize(
    "args", [["--help"], ["--version"], ["run", "--help"], ["config", "show", "--help"]]
)
def test_help_imports_neither_sdks_nor_burns_own_core(tmp_path: Path, args: list[str]) -> None:
    assert loaded(tmp_path, *args) == (0, ["False"])


def test_a_usage_error_is_as_light(tmp_path: Path) -> None:
    assert loaded(tmp_path, "run", "--no-such-flag") == (2, ["False"])


def test_listing_plugins_imports_no_sdk_and_no_pandas(tmp_path: Path) -> None:
    code, modules = loaded(tmp_path, "plugins", "--format", "json")
    assert code == 0
    assert set(modules) <= {"pydantic", "True"}, "settings are typed by pydantic, the rest is lazy"


def test_a_schema_as_json_needs_no_pandas(tmp_path: Path) -> None:
    code, modules = loaded(tmp_path, "schema", "bill", "--format", "json")
    assert code == 0
    assert set(modules) <= {"pydantic", "True"}, "typer coerces typed arguments with pydantic"


@pytest.mark.parametrize(
    ("args", "allowed"),
    [
        (["history"], {"pydantic", "rich", "True"}),
        (
            ["explain", "report", "--run", "latest"],
            {"numpy", "pyarrow", "pydantic", "rich", "True"},
        ),
    ],
)
def test_what_reads_little_of_what_is_kept_needs_no_pandas(
    tmp_path: Path, args: list[str], allowed: set[str]
) -> None:
    History(Place(str(tmp_path / "kept"))).keep(rich())
    code, modules = loaded(tmp_path, *args, "--set", f"history.path={tmp_path}/kept")
    assert code == 0
    assert set(modules) <= allowed
