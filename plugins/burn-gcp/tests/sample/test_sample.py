"""The embedded sample: what it tells, from the command line, without an account."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from burn_gcp.hooks import burn_billing_providers


def test_it_tells_its_story() -> None:
    command = [sys.executable, "-m", "burn", "run", "--provider", "gcp", "--sample"]
    done = subprocess.run(
        [*command, "--format", "json"], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    rows = report["ledger"]
    drivers = {row["driver"] for row in rows}
    wanted = {"spot", "commitment", "sustained_use", "free_tier", "negotiated", "unused_commitment"}
    assert wanted | {"unseen", "control_plane", "node_disk", "nat", "credit", "tax"} <= drivers
    assert sum(row["amount"] for row in rows) == pytest.approx(
        report["totals"]["billed"], abs=0.005
    )


def test_it_is_small() -> None:
    (spec,) = burn_billing_providers()
    assert spec.sample is not None
    sizes = [path.stat().st_size for path in spec.sample().rglob("*") if path.is_file()]
    assert sum(sizes) < 600_000
