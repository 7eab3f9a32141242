"""Reading without the garbage collector leaves it as it was."""

from __future__ import annotations

import gc

import pytest

from burn.builtin.metrics.kubernetes.collector import uncollected


@pytest.mark.parametrize("on", [True, False])
def test_it_is_as_before(on: bool) -> None:
    before = gc.isenabled()
    try:
        (gc.enable if on else gc.disable)()
        with uncollected():
            assert not gc.isenabled()
        assert gc.isenabled() is on
        with pytest.raises(ValueError, match="list"), uncollected():
            raise ValueError("no list")
        assert gc.isenabled() is on
    finally:
        (gc.enable if before else gc.disable)()
        gc.unfreeze()
