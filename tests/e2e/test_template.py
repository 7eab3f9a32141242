"""templates/burn-plugin renders a plugin of each kind that is ready, passes the kit and does its work."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

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
    data = [f"--data={key}={value}" for key, value in {"kind": kind, **answers}.items()]
    subprocess.run(
        [sys.executable, "-m", "copier", "copy", "--defaults", "--quiet", *data, TEMPLATE, to],
        check=True,
        cwd=to.parent,
    )
    return to


def installed(plugin: Path) -> dict[str, str]:
    """The environment in which the plugin is installed, as `pip install -e` would leave it."""
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
    keep = {k: v for k, v in os.environ.items() if not k.startswith("BURN_")}
    plain = {"NO_COLOR": "1", "COLUMNS": "100", "HOME": str(plugin)}
    return keep | plain | {"PYTHONPATH": str(plugin)}


def run(env: dict[str, str], folder: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, *words], cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module", params=KINDS)
def plugin(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path, dict[str, str]]:
    kind = str(request.param)
    path = render(kind, tmp_path_factory.mktemp(kind) / f"burn-{KINDS[kind]}")
    return kind, path, installed(path)


def test_its_own_tests_pass(plugin: tuple[str, Path, dict[str, str]]) -> None:
    _, path, env = plugin
    output = run(env, path, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests")
    assert "passed" in output
    assert " failed" not in output


def test_burn_lists_it_as_ready(plugin: tuple[str, Path, dict[str, str]]) -> None:
    kind, path, env = plugin
    listed = json.loads(run(env, path, "-m", "burn", "plugins", "--format", "json"))
    (mine,) = [row for row in listed if row["name"] == KINDS[kind]]
    assert mine["state"] == "ready"


def test_it_is_typed_and_tidy(plugin: tuple[str, Path, dict[str, str]]) -> None:
    """What the template hands out passes the checks that burn's own code passes."""
    _, path, env = plugin
    (package,) = [p.parent for p in path.glob("*/py.typed")]
    # A contract's argument may be of no use to a small plugin (ARG002); column names are constants.
    rules = ["--config", "pyproject.toml", "--ignore", "ARG002,S608"]
    run(env, ROOT, "-m", "ruff", "check", "--no-cache", *rules, str(package))
    run(
        env,
        ROOT,
        "-m",
        "ruff",
        "format",
        "--no-cache",
        "--check",
        "--config",
        "pyproject.toml",
        str(package),
    )
    cache = f"--cache-dir={path / '.mypy'}"
    run(env, path, "-m", "mypy", "--strict", "--ignore-missing-imports", cache, package.name)


def test_a_run_uses_all_of_them_together(tmp_path: Path) -> None:
    """Hours from a CSV file, a FOCUS bill, shared by headcount, written as a table of tabs."""
    paths = []
    for kind, name in KINDS.items():
        path = render(kind, tmp_path / f"burn-{name}")
        env = installed(path)
        paths.append(path)
    env["PYTHONPATH"] = os.pathsep.join(map(str, paths))
    (tmp_path / "hours.csv").write_text(
        "day,node,hours,cores,gib,pod,namespace\n"
        "2026-10-01,cloud://z/n-1,24,4,16,web-1,shop\n"
        "2026-10-02,cloud://z/n-1,24,4,16,web-1,shop\n"
    )
    settings = {
        "run.window": "2026-10-01..2026-10-03",
        "run.policies": "share-max,by-headcount",
        "source.hours-csv.path": "hours.csv",
        "provider.focus-csv.bill": str(paths[1] / "tests/focus.csv"),
        "policy.by-headcount.people": "shop=1",
        "findings.rules": "large-namespace",
        "run.price_sources": "flat-rate",
        "price_source.flat-rate.hourly": "0.5",
        "run.enrichers": "team-list",
        "enricher.team-list.url": (tmp_path / "teams.json").as_uri(),
    }
    (tmp_path / "teams.json").write_text('{"shop": "store"}')
    words = [word for pair in settings.items() for word in ("--set", "=".join(pair))]
    choice = ["--provider", "focus-csv", "--source", "hours-csv", "--format", "tsv"]
    output = run(env, tmp_path, "-m", "burn", "run", "--quiet", *choice, *words)
    # By hand, for two days: the node's 4.32 is `shop`'s own.
    assert output == "namespace\tUSD (effective)\nshop\t8.64\ntotal\t8.64\n"
    choice = ["--provider", "focus-csv", "--source", "hours-csv", "--format", "json", "--no-keep"]
    found = json.loads(run(env, tmp_path, "-m", "burn", "run", "--quiet", *choice, *words))
    # By hand: 48 hours of the node at 0.50, in the report alone; all of it is team store's.
    assert found["totals"]["report"] == 24.0
    assert {row["dimensions"]["team"] for row in found["allocation"] if row["namespace"]} == {
        "store"
    }


@pytest.mark.parametrize("name", ["By-Headcount", "by--headcount", "9lives", "by_headcount"])
def test_a_name_that_burn_would_refuse_is_refused_here(name: str, tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        render("policy", tmp_path / "out", name=name)
