"""The commands a user types, against a real Prometheus and a real bill, in their own processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.lab_run import truth, written
from tests.e2e.test_truth_prometheus import world_of
from tests.lab.openmetrics import write_openmetrics
from tests.servers import prometheus

pytestmark = pytest.mark.prometheus


def burn(folder: Path, *words: str, expect: int = 0) -> subprocess.CompletedProcess[str]:
    home = {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "NO_COLOR": "1"}
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("BURN_", "AWS_"))}
    done = subprocess.run(
        [sys.executable, "-m", "burn", *words],
        cwd=folder,
        env=kept | home,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == expect, done.stderr
    return done


def test_run_collect_and_run_again(tmp_path: Path) -> None:
    world = world_of(3, scrape=60)
    charged, bill = written(world, tmp_path)
    text = write_openmetrics(world, tmp_path / "world.om", phase=0)
    window = f"{world.at(3600):%Y-%m-%dT%H:00}..{world.at(29 * 3600):%Y-%m-%dT%H:00}"
    aws = ["--provider", "aws", "--cluster", world.cluster, "--window", window]
    aws += ["--set", f"provider.aws.bill={bill}", "--set", "provider.aws.price_list=off"]
    with prometheus.serve(prometheus.backfill(text, tmp_path / "tsdb")) as url:
        live = ["--set", f"source.prometheus.url={url}"]
        sinks = '[{"format": "table"}, {"format": "json", "output": "live.json"}]'
        assert (
            "= BILLED" in burn(tmp_path, "run", *aws, *live, "--set", f"run.sinks={sinks}").stdout
        )
        # Nothing scrapes this server any more: doctor says so, and what it can reach.
        seen = burn(tmp_path, "doctor", "--provider", "aws", *aws[6:], *live, expect=4).stdout
        assert "ok    provider aws: bill" in seen
        burn(
            tmp_path,
            "collect",
            "--out",
            "kept",
            "--window",
            window,
            "--cluster",
            world.cluster,
            *live,
        )
    kept = ["--source", "snapshot", "--set", f"source.snapshot.path={tmp_path / 'kept'}"]
    burn(tmp_path, "run", *aws, *kept, "--format", "json", "--output", "kept.json")
    first, second = (read(tmp_path / name) for name in ("live.json", "kept.json"))
    assert first["ledger"] == second["ledger"]
    assert first["allocation"] == second["allocation"]
    expected = sum(amount for _, amount in truth(charged, (1, 29)).items())
    assert first["totals"]["billed"] == pytest.approx(float(expected), abs=0.01)
    gone = burn(tmp_path, "run", *aws, *live, expect=4)
    assert gone.stderr.startswith("error: ")
    assert "hint: " in gone.stderr


def read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text())
    return found
