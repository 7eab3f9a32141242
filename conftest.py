"""What all tests share: the rule for tests that need a real Prometheus, property tests, a data folder.

Commands that tests start keep their bytecode: where the environment says otherwise, as that of many images
does, each of them would compile burn anew.

What was collected stays until the end, so the garbage collector never looks at it again. (xdist's
controller collects nothing and makes next to no garbage.)

Property tests have no deadline (machines differ) and draw the same examples everywhere.
"""

from __future__ import annotations

import gc
import os
import shutil
import tempfile

import pytest
from hypothesis import settings

gc.disable()
settings.register_profile("burn", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("burn")

MISSING = "no `prometheus` and `promtool` on the PATH: run `make test`, or install Prometheus"


def pytest_configure(config: pytest.Config) -> None:
    """Runs keep their reports in the user's data folder: in tests, not in yours."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    folder = tempfile.mkdtemp(prefix="burn-tests-")
    os.environ["XDG_DATA_HOME"] = folder
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


def pytest_collection_finish() -> None:
    """From here on, garbage is collected: of what tests make, as seldom as the command does."""
    gc.freeze()
    gc.set_threshold(20_000, 20)
    gc.enable()


@pytest.hookimpl(
    tryfirst=True
)  # before any skipif: where Prometheus was promised, nothing is skipped
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs Prometheus where there is none; fail it where one was promised."""
    if item.get_closest_marker("prometheus") is None:
        return
    if shutil.which("prometheus") and shutil.which("promtool"):
        return
    if os.environ.get("BURN_REQUIRE_PROMETHEUS") == "1":
        pytest.fail(MISSING, pytrace=False)
    pytest.skip(MISSING)
