"""templates/burn-plugin renders a plugin of each kind that is ready, passes the kit and does its work."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import copier
import pytest

ROOT = Path(__file__).parents[2]
TEMPLATE = ROOT / "templates/burn-plugin"
KINDS = {
    "policy": "by-headcount",
    "provider": "focus-csv",
    "source": "hours-csv",
    "sink": "tsv",
    "rule": "large-namespace",
    "enricher": "team-list",
    "price_source": "flat-rate",
}
pytestmark = pytest.mark.slow


def render(kind: str, to: Path, **answers: str) -> Path:
    """The plugin, rendered by copier as a person would with these answers."""
    data = {"kind": kind, **answers}
    copier.run_copy(str(TEMPLATE), to, data=data, defaults=True, quiet=True)
    return to


def install(plugin: Path) -> None:
    """What `pip install -e` would leave beside the plugin's package."""
    project = tomllib.loads((plugin / "pyproject.toml").read_text())["project"]
    info = plugin / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    info.mkdir()
    needs = "".join(f"Requires-Dist: {need}\n" for need in project["dependencies"])
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n{needs}"
    )
    points = project["entry-points"]["burn.v1"]
    (info / "entry_points.txt").write_text(
        "[burn.v1]\n" + "".join(f"{name} = {value}\n" for name, value in points.items())
    )


@pytest.fixture(scope="module")
def plugins(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Kind → the plugin of that kind, rendered and installed. Programs start once for all of them."""
    folder = tmp_path_factory.mktemp("plugins")
    found = {kind: render(kind, folder / f"burn-{name}") for kind, name in KINDS.items()}
    for path in found.values():
        install(path)
    return found


def run(plugins: dict[str, Path], folder: Path, *words: str) -> str:
    """A program's output, where the plugins are installed."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("BURN_")}
    env |= {"NO_COLOR": "1", "COLUMNS": "100", "HOME": str(folder)}
    env["PYTHONPATH"] = os.pathsep.join(map(str, plugins.values()))
    done = subprocess.run(
        [sys.executable, *words], cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_their_own_tests_pass(plugins: dict[str, Path]) -> None:
    projects = [path / "pyproject.toml" for path in plugins.values()]
    settings = [tomllib.loads(one.read_text())["tool"]["pytest"] for one in projects]
    assert all(one == settings[0] for one in settings), "one pytest can run them all"
    tests = [str(path / "tests") for path in plugins.values()]
    folder = projects[0].parents[1]
    options = ["-rA", "-p", "no:cacheprovider", "-c", str(projects[0]), "--rootdir", str(folder)]
    output = run(plugins, folder, "-m", "pytest", *options, *tests)
    for path in plugins.values():
        assert f"PASSED {path.name}/tests/" in output
    assert " failed" not in output


def test_burn_lists_them_as_ready(plugins: dict[str, Path], tmp_path: Path) -> None:
    listed = json.loads(run(plugins, tmp_path, "-m", "burn", "plugins", "--format", "json"))
    mine = [row for row in listed if row["distribution"] in {one.name for one in plugins.values()}]
    assert {row["name"]: row["state"] for row in mine} == dict.fromkeys(KINDS.values(), "ready")
    assert len(mine) == len(KINDS)


def test_they_are_typed_and_tidy(plugins: dict[str, Path], tmp_path: Path) -> None:
    """What the template hands out passes the checks that burn's own code passes."""
    packages = [str(one.parent) for path in plugins.values() for one in path.glob("*/py.typed")]
    assert len(packages) == len(KINDS)
    options = ["--no-cache", "--config", "pyproject.toml"]
    # A contract's argument may be of no use to a small plugin (ARG002); column names are constants.
    run(plugins, ROOT, "-m", "ruff", "check", *options, "--ignore", "ARG002,S608", *packages)
    run(plugins, ROOT, "-m", "ruff", "format", "--check", *options, *packages)
    strict = ["--strict", "--ignore-missing-imports", f"--cache-dir={tmp_path / '.mypy'}"]
    run(plugins, tmp_path, "-m", "mypy", *strict, *packages)


def test_a_run_uses_all_of_them_together(plugins: dict[str, Path], tmp_path: Path) -> None:
    """Hours from a CSV file, a FOCUS bill, shared by headcount, written as a table of tabs."""
    (tmp_path / "hours.csv").write_text(
        "day,node,hours,cores,gib,pod,namespace\n"
        "2026-10-01,cloud://z/n-1,24,4,16,web-1,shop\n"
        "2026-10-02,cloud://z/n-1,24,4,16,web-1,shop\n"
    )
    settings = {
        "run.window": "2026-10-01..2026-10-03",
        "run.policies": "share-max,by-headcount",
        "source.hours-csv.path": "hours.csv",
        "provider.focus-csv.bill": str(plugins["provider"] / "tests/focus.csv"),
        "policy.by-headcount.people": "shop=1",
        "findings.rules": "large-namespace",
        "run.price_sources": "flat-rate",
        "price_source.flat-rate.hourly": "0.5",
        "run.enrichers": "team-list",
        "enricher.team-list.url": (tmp_path / "teams.json").as_uri(),
    }
    (tmp_path / "teams.json").write_text('{"shop": "store"}')
    sinks = [{"format": "tsv"}, {"format": "json", "output": "report.json"}]
    settings |= {"run.sinks": json.dumps(sinks)}
    words = [word for pair in settings.items() for word in ("--set", "=".join(pair))]
    choice = ["--provider", "focus-csv", "--source", "hours-csv"]
    output = run(plugins, tmp_path, "-m", "burn", "run", "--quiet", *choice, *words)
    # By hand, for two days: the node's 4.32 is `shop`'s own.
    assert output == "namespace\tUSD (effective)\nshop\t8.64\ntotal\t8.64\n"
    found = json.loads((tmp_path / "report.json").read_text())
    # By hand: 48 hours of the node at 0.50, in the report alone; all of it is team store's.
    assert found["totals"]["report"] == 24.0
    assert {row["dimensions"]["team"] for row in found["allocation"] if row["namespace"]} == {
        "store"
    }


@pytest.mark.parametrize("name", ["By-Headcount", "by--headcount", "9lives", "by_headcount"])
def test_a_name_that_burn_would_refuse_is_refused_here(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="use lower case, digits"):
        render("policy", tmp_path / "out", name=name)
