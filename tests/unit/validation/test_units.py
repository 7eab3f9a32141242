"""A source that counts in another unit is told so, and odd machines that there are pass."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from burn.api import DataError, Window
from burn.testing.tiny import tiny_observation
from burn.validation.units import require_units

SEEN = tiny_observation(
    Window(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 2, tzinfo=UTC))
)


@pytest.mark.parametrize(
    ("column", "factor", "said"),
    [
        ("cpu_cores", 1000, "node/n-1 has 4,000 cores and 16 GiB, as no machine has"),
        ("memory_gib", 1024, "node/n-1 has 4 cores and 16,384 GiB"),
        ("memory_gib", 2**30, "GiB, as no machine has"),
        ("cpu_request", 1000, "pod job asked for 2,000 core-hours in an hour, where the largest node has 4"),
        ("memory_request", 2**30, "GiB-hours in an hour, where the largest node has 16: is `memory_request`"),
    ],
)  # fmt: skip
def test_another_unit_is_named(column: str, factor: float, said: str) -> None:
    frames = {"inventory": SEEN.inventory, "usage": SEEN.usage}
    name = "usage" if column.endswith("request") else "inventory"
    frames[name] = frames[name].assign(**{column: frames[name][column] * factor})  # type: ignore[assignment]
    with pytest.raises(DataError) as refused:
        require_units(frames["inventory"], frames["usage"], "acme 1.0")
    assert said in refused.value.message
    assert refused.value.message.startswith("acme 1.0 says that ")


@pytest.mark.parametrize(
    ("cores", "gib"), [(448.0, 24576.0), (0.25, 0.5), (1920.0, 32768.0), (0.0, 0.0)]
)
def test_machines_that_there_are_pass(cores: float, gib: float) -> None:
    nodes = SEEN.inventory.assign(cpu_cores=cores, memory_gib=gib)
    require_units(nodes, SEEN.usage.head(0), "acme 1.0")  # type: ignore[arg-type]
